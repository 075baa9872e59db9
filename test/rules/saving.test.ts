import { expect } from 'vitest'
import { change, faultsOf } from '../gateway/setting-up.ts'
import { converse, heldOf, makeRecord, pushTo } from './support/pushing.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins } = openRules()

const dynamics = (row: string, outcome: string, run: (crm: RuleCrm) => Promise<void>) =>
  twins({ DYNAMICS: row }, outcome, run)

const targets = [
  { chatsSaveTo: 'NOTES', activityTypeName: null, table: 'annotation', activityType: 'NOTE' },
  { chatsSaveTo: 'TASK', activityTypeName: 'Task', table: 'task', activityType: 'TASK' },
  {
    chatsSaveTo: 'CUSTOM_ACTIVITY',
    activityTypeName: 'new_chatsession',
    table: 'new_chatsession',
    activityType: 'new_chatsession',
  },
] as const

/** Everything that the CRM holds of a conversation, by table. */
async function tablesOf(it: RuleCrm, conversation: Parameters<typeof heldOf>[2]): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  for (const { table } of targets) counts[table] = (await heldOf(it, table, conversation)).length
  return counts
}

// ------------------------------------------------------------------------------------------------ where it is saved

for (const { table, activityType, ...settings } of targets) {
  for (const channel of ['CHAT', 'SMS'] as const) {
    const outcome = `${settings.chatsSaveTo}: ${channel} goes to ${table} alone, about the tagged record`
    dynamics('D-SAV-01', outcome, async (it) => {
      await it.settings(settings)
      const record = await makeRecord(it)
      const conversation = await converse(it, channel)
      expect(await pushTo(it, conversation, record)).toMatchObject({ status: 'DELIVERED', activityType })
      expect(await heldOf(it, table, conversation)).toMatchObject([{ regarding: record.remoteId }])
      expect(await tablesOf(it, conversation)).toEqual({ annotation: 0, task: 0, new_chatsession: 0, [table]: 1 })
    })
  }
}

dynamics('D-SAV-02', 'new settings save to notes', async (it) => {
  expect(await it.document()).toMatchObject({ chatsSaveTo: 'NOTES' })
  const conversation = await converse(it, 'SMS')
  const push = await pushTo(it, conversation, await makeRecord(it))
  expect(push).toMatchObject({
    activityType: 'NOTE',
    why: expect.arrayContaining([{ rule: 'D-SAV-03', text: 'Chats Save To is Notes.', settingId: expect.any(String) }]),
  })
  expect(await tablesOf(it, conversation)).toEqual({ annotation: 1, task: 0, new_chatsession: 0 })
})

dynamics('D-SAV-03', 'with Notes, chats and text messages both are annotations', async (it) => {
  await it.settings({ chatsSaveTo: 'NOTES' })
  const record = await makeRecord(it)
  for (const channel of ['CHAT', 'SMS'] as const) {
    const conversation = await converse(it, channel)
    await pushTo(it, conversation, record)
    expect(await tablesOf(it, conversation)).toEqual({ annotation: 1, task: 0, new_chatsession: 0 })
  }
})

dynamics('D-SAV-04', 'with Task, a task about the record holds the transcript', async (it) => {
  await it.settings({ chatsSaveTo: 'TASK', activityTypeName: 'Task' })
  const record = await makeRecord(it, 'CONTACT')
  const conversation = await converse(it, 'CHAT')
  await pushTo(it, conversation, record)
  const [task] = await heldOf(it, 'task', conversation)
  expect(task?.regarding).toBe(record.remoteId)
  expect(task?.body).toContain(`${conversation.mark} first`)
})

/** Changes the settings as an admin does. */
const save = async (it: RuleCrm, settings: object) =>
  change(it.running, 'updateDynamicsSettings', {
    integrationId: it.org.id,
    expectedVersion: await it.version(),
    ...settings,
  })

dynamics('D-SAV-05', 'with Task, the activity type name is required; "task" in any case is the one', async (it) => {
  expect(faultsOf(await save(it, { chatsSaveTo: 'TASK' }))).toEqual(['input.activityTypeName'])
  expect(await save(it, { chatsSaveTo: 'TASK', activityTypeName: 'tASK' })).toMatchObject({
    __typename: 'SettingsSuccess',
  })
  const conversation = await converse(it, 'SMS')
  await pushTo(it, conversation, await makeRecord(it))
  expect(await heldOf(it, 'task', conversation)).toHaveLength(1)
})

dynamics('D-SAV-06', 'with Task, any other activity type name is refused at the field', async (it) => {
  for (const activityTypeName of ['Tusk', '', 'new_chatsession']) {
    expect(faultsOf(await save(it, { chatsSaveTo: 'TASK', activityTypeName }))).toEqual(['input.activityTypeName'])
  }
  expect(await it.document()).toMatchObject({ chatsSaveTo: 'NOTES' })
})

dynamics('D-SAV-07', 'a custom activity needs its name; with it that entity is made', async (it) => {
  expect(faultsOf(await save(it, { chatsSaveTo: 'CUSTOM_ACTIVITY' }))).toEqual(['input.activityTypeName'])
  expect(await save(it, { chatsSaveTo: 'CUSTOM_ACTIVITY', activityTypeName: 'new_chatsession' })).toMatchObject({
    __typename: 'SettingsSuccess',
  })
  const record = await makeRecord(it)
  const conversation = await converse(it, 'CHAT')
  await pushTo(it, conversation, record)
  expect(await heldOf(it, 'new_chatsession', conversation)).toMatchObject([{ regarding: record.remoteId }])
})

dynamics('D-SAV-08', 'an activity type that is there already is offered by the org, accepted and used', async (it) => {
  const { integration } = await it.running.execute(
    'query ($id: ID!) { integration(id: $id) { metadata { entityTypes(isActivity: true) { name } } } }',
    { id: it.org.id },
  )
  expect(integration.metadata.entityTypes).toContainEqual({ name: 'phonecall' })
  await it.settings({ chatsSaveTo: 'CUSTOM_ACTIVITY', activityTypeName: 'phonecall' })
  const record = await makeRecord(it)
  const conversation = await converse(it, 'SMS')
  await pushTo(it, conversation, record)
  expect(await heldOf(it, 'phonecall', conversation)).toMatchObject([{ regarding: record.remoteId }])
})

dynamics(
  'D-SAV-09',
  'an entity that is no activity, and one that is not there, are refused with the reason',
  async (it) => {
    for (const [activityTypeName, reason] of [
      ['account', /activity/i],
      ['new_nothing', /new_nothing/],
    ] as const) {
      const refused = await save(it, { chatsSaveTo: 'CUSTOM_ACTIVITY', activityTypeName })
      expect(faultsOf(refused)).toEqual(['input.activityTypeName'])
      expect(refused.fields?.[0]?.message).toMatch(reason)
    }
  },
)

dynamics('D-SAV-11', 'with Notes the activity type name is ignored', async (it) => {
  await it.settings({ chatsSaveTo: 'NOTES', activityTypeName: 'new_chatsession' })
  const conversation = await converse(it, 'SMS')
  expect(await pushTo(it, conversation, await makeRecord(it))).toMatchObject({ activityType: 'NOTE' })
  expect(await tablesOf(it, conversation)).toEqual({ annotation: 1, task: 0, new_chatsession: 0 })
})
