import { expect, test } from 'vitest'
import { end, say } from '../gateway/conversing.ts'
import { change, faultsOf } from '../gateway/setting-up.ts'
import {
  type ActivityTable,
  type Channel,
  converse,
  heldOf,
  makeRecord,
  pushTo,
  settled,
  tagTo,
  writesOf,
} from './support/pushing.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins, crm } = openRules()

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

// ------------------------------------------------------------------------------------------------ closing

const tasks = { chatsSaveTo: 'TASK', activityTypeName: 'Task' }
const closing = { ...tasks, allowActivityClosing: true }
const OPEN = 0
const COMPLETED = 1

const statesOf = async (it: RuleCrm, table: ActivityTable, conversation: Parameters<typeof heldOf>[2]) =>
  (await heldOf(it, table, conversation)).map(({ state }) => state)

for (const channel of ['CHAT', 'SMS'] satisfies Channel[]) {
  dynamics('D-CLO-01', `a tagged ${channel} makes its task and then completes it`, async (it) => {
    await it.settings(closing)
    const record = await makeRecord(it)
    const conversation = await converse(it, channel)
    await it.control.clearCalls()
    const push = await pushTo(it, conversation, record)
    expect(push).toMatchObject({ status: 'DELIVERED', activities: [{ closed: true }] })
    expect(await statesOf(it, 'task', conversation)).toEqual([COMPLETED])
    const [made, completed, ...others] = (await it.control.calls()).filter(({ method }) => method === 'PATCH')
    expect(others).toEqual([])
    expect([made?.status, completed?.status]).toEqual([201, 200])
    expect(made?.path).toMatch(/tasks\(/)
    expect(completed?.path).toBe(made?.path)
  })
}

dynamics('D-CLO-02', 'the activity of a record that was just made is completed too', async (it) => {
  await it.settings(closing)
  const thread = await converse(it, 'SMS')
  await makeRecord(it, 'CONTACT', { conversationId: thread.id })
  await settled(it, thread)
  expect(await statesOf(it, 'task', thread)).toEqual([COMPLETED])
})

dynamics('D-CLO-03', 'a text message behind a completed activity gets a new one, which stays open', async (it) => {
  await it.settings(closing)
  const thread = await converse(it, 'SMS')
  await pushTo(it, thread, await makeRecord(it))
  await say(it.running, thread, 'second')
  await settled(it, thread, 2)
  const held = await heldOf(it, 'task', thread)
  expect(held.map(({ state }) => state).sort()).toEqual([OPEN, COMPLETED])
  const open = held.find(({ state }) => state === OPEN)
  expect(open?.body).toContain('second')
  expect(open?.body).not.toContain('first')
})

dynamics('D-CLO-04', 'all later text messages go into that open activity', async (it) => {
  await it.settings(closing)
  const thread = await converse(it, 'SMS')
  await pushTo(it, thread, await makeRecord(it))
  for (const [index, text] of ['second', 'third', 'fourth', 'fifth'].entries()) {
    await say(it.running, thread, text)
    await settled(it, thread, index + 2)
  }
  const held = await heldOf(it, 'task', thread)
  expect(held.map(({ state }) => state).sort()).toEqual([OPEN, COMPLETED])
  const open = held.find(({ state }) => state === OPEN)
  expect([...(open?.body ?? '').matchAll(/mark-\w+ (\w+)/g)].map(([, text]) => text)).toEqual([
    'second',
    'third',
    'fourth',
    'fifth',
  ])
})

dynamics('D-CLO-05', 'two chats with one record are two activities, both completed', async (it) => {
  await it.settings(closing)
  const record = await makeRecord(it)
  const chats = [await converse(it, 'CHAT'), await converse(it, 'CHAT')]
  for (const chat of chats) await pushTo(it, chat, record)
  for (const chat of chats) expect(await statesOf(it, 'task', chat)).toEqual([COMPLETED])
})

dynamics('D-CLO-05', 'what comes after a completed chat is completed too, in an activity of its own', async (it) => {
  await it.settings(closing)
  const chat = await converse(it, 'CHAT')
  await pushTo(it, chat, await makeRecord(it))
  await say(it.running, chat, 'late')
  await settled(it, chat, 2)
  await expect.poll(() => statesOf(it, 'task', chat)).toEqual([COMPLETED, COMPLETED])
})

dynamics('D-CLO-06', 'closing with Notes is saved, and a warning names Task', async (it) => {
  const saved = await save(it, { allowActivityClosing: true })
  expect(saved).toMatchObject({ __typename: 'SettingsSuccess', warnings: [expect.stringContaining('Task')] })
})

dynamics(
  'D-CLO-07',
  'closing with Notes: the note is written, and the push is partial with the very sentence',
  async (it) => {
    await it.settings({ allowActivityClosing: true })
    const thread = await converse(it, 'SMS')
    const record = await makeRecord(it)
    await it.control.clearCalls()
    const push = await pushTo(it, thread, record)
    expect(push).toMatchObject({
      status: 'PARTIAL',
      error: {
        code: 'CRM_NOT_CLOSABLE',
        message: "the 'setstatedynamicentity' method does not support entities of type 'annotation'.",
      },
      activities: [{ closed: false }],
      warnings: [{ code: 'NOT_CLOSABLE', settingId: expect.any(String) }],
    })
    expect(await heldOf(it, 'annotation', thread)).toHaveLength(1)
    expect((await writesOf(it)).filter((write) => !write.includes('annotations'))).toEqual([])
    expect(await writesOf(it)).toHaveLength(1)
    await say(it.running, thread, 'second')
    const [after] = await settled(it, thread, 2)
    expect(after).toMatchObject({ status: 'PARTIAL', error: { code: 'CRM_NOT_CLOSABLE' } })
    const [note, ...others] = await heldOf(it, 'annotation', thread)
    expect(others).toEqual([])
    expect(note?.body).toContain('second')
  },
)

for (const channel of ['CHAT', 'SMS'] satisfies Channel[]) {
  dynamics('D-CLO-08', `closing off: the task of a ${channel} stays open, and no state is asked for`, async (it) => {
    await it.settings(tasks)
    const conversation = await converse(it, channel)
    const record = await makeRecord(it)
    await it.control.clearCalls()
    await pushTo(it, conversation, record)
    expect(await statesOf(it, 'task', conversation)).toEqual([OPEN])
    expect(await writesOf(it)).toHaveLength(1)
  })
}

test('I-01: a custom activity is closed through the completed state that its own metadata has', async () => {
  const it = crm('DYNAMICS')
  await it.settings({
    chatsSaveTo: 'CUSTOM_ACTIVITY',
    activityTypeName: 'new_chatsession',
    allowActivityClosing: true,
  })
  const chat = await converse(it, 'CHAT')
  expect(await pushTo(it, chat, await makeRecord(it))).toMatchObject({ status: 'DELIVERED' })
  expect(await statesOf(it, 'new_chatsession', chat)).toEqual([COMPLETED])
})

test('I-10: a thread keeps its activity and its type when the setting changes; closing is read when a message comes', async () => {
  const it = crm('DYNAMICS')
  await it.settings({ chatsSaveTo: 'NOTES' })
  const thread = await converse(it, 'SMS')
  const record = await makeRecord(it)
  await pushTo(it, thread, record)
  await it.settings(closing)
  await say(it.running, thread, 'second')
  const [push, ...others] = await settled(it, thread, 2)
  expect(others).toEqual([])
  expect(push).toMatchObject({ status: 'DELIVERED', activityType: 'NOTE' })
  expect(await tablesOf(it, thread)).toEqual({ annotation: 1, task: 0, new_chatsession: 0 })

  const chat = await converse(it, 'CHAT', { runs: true })
  await it.settings(tasks)
  await tagTo(it, chat, [record], { afterEnd: true })
  await it.settings(closing)
  await end(it.running, chat)
  await settled(it, chat)
  expect(await statesOf(it, 'task', chat)).toEqual([COMPLETED])
})
