import { expect, test } from 'vitest'
import { end, say } from '../gateway/conversing.ts'
import { change } from '../gateway/setting-up.ts'
import { writes } from './support/forms.ts'
import {
  type ActivityTable,
  type Channel,
  converse,
  heldOf,
  makeRecord,
  pushTo,
  settled,
  tagTo,
} from './support/pushing.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins, crm } = openRules()

const dynamics = (row: string, outcome: string, run: (crm: RuleCrm) => Promise<void>) =>
  twins({ DYNAMICS: row }, outcome, run)

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
  const saved = await change(it.running, 'updateDynamicsSettings', {
    integrationId: it.org.id,
    expectedVersion: await it.version(),
    allowActivityClosing: true,
  })
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
    expect((await writes(it)).filter((write) => !write.includes('annotations'))).toEqual([])
    expect(await writes(it)).toHaveLength(1)
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
    expect(await writes(it)).toHaveLength(1)
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
  expect(await heldOf(it, 'annotation', thread)).toHaveLength(1)
  expect(await heldOf(it, 'task', thread)).toEqual([])

  const chat = await converse(it, 'CHAT', { runs: true })
  await it.settings(tasks)
  await tagTo(it, chat, [record], { afterEnd: true })
  await it.settings(closing)
  await end(it.running, chat)
  await settled(it, chat)
  expect(await statesOf(it, 'task', chat)).toEqual([COMPLETED])
})
