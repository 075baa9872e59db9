import { expect, test } from 'vitest'
import { end, say, sayAs } from '../gateway/conversing.ts'
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

const wordsOf = (body = '') => [...body.matchAll(/mark-\w+ (\w+)/g)].map(([, word]) => word)

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

for (const channel of ['CHAT', 'SMS'] satisfies Channel[]) {
  dynamics('D-CLO-02', `the activity of a record that was just made from ${channel} is completed too`, async (it) => {
    await it.settings(closing)
    const conversation = await converse(it, channel)
    const record = await makeRecord(it, 'CONTACT', { conversationId: conversation.id })
    await settled(it, conversation)
    expect(await heldOf(it, 'task', conversation)).toMatchObject([{ state: COMPLETED, regarding: record.remoteId }])
  })
}

for (const author of ['AGENT', 'VISITOR'] as const) {
  dynamics(
    'D-CLO-03',
    `what the ${author} writes behind a completed activity gets a new one that stays open`,
    async (it) => {
      await it.settings(closing)
      const thread = await converse(it, 'SMS')
      await pushTo(it, thread, await makeRecord(it))
      await sayAs(it.running, author, thread, 'second')
      await settled(it, thread, 2)
      const held = await heldOf(it, 'task', thread)
      expect(held.map(({ state }) => state).sort()).toEqual([OPEN, COMPLETED])
      const open = held.find(({ state }) => state === OPEN)
      expect(wordsOf(open?.body)).toEqual(['second'])
    },
  )
}

dynamics(
  'D-CLO-03',
  'with Allow New Creation each later message has an open activity of its own (A-12)',
  async (it) => {
    await it.settings({ ...closing, allowNewCreation: true })
    const thread = await converse(it, 'SMS')
    await pushTo(it, thread, await makeRecord(it))
    await say(it.running, thread, 'second')
    await sayAs(it.running, 'AGENT', thread, 'third')
    await settled(it, thread, 3)
    const held = (await heldOf(it, 'task', thread)).map(({ body, state }) => ({ words: wordsOf(body), state }))
    expect(held.sort((one, other) => one.words.length - other.words.length)).toEqual([
      { words: ['first'], state: COMPLETED },
      { words: ['first', 'second'], state: OPEN },
      { words: ['first', 'second', 'third'], state: OPEN },
    ])
  },
)

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
  expect(wordsOf(open?.body)).toEqual(['second', 'third', 'fourth', 'fifth'])
})

dynamics('D-CLO-05', 'two chats with one record are two activities, both completed', async (it) => {
  await it.settings(closing)
  const record = await makeRecord(it)
  const chats = [await converse(it, 'CHAT'), await converse(it, 'CHAT')]
  for (const chat of chats) await pushTo(it, chat, record)
  for (const chat of chats) {
    expect(await heldOf(it, 'task', chat)).toMatchObject([{ state: COMPLETED, regarding: record.remoteId }])
  }
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

test('I-10: Allow New Creation is read when a message comes, whatever it was when the thread was tagged', async () => {
  const it = crm('DYNAMICS')
  await it.settings(tasks)
  const thread = await converse(it, 'SMS')
  await pushTo(it, thread, await makeRecord(it))
  const wordsInTasks = async () => (await heldOf(it, 'task', thread)).map(({ body }) => wordsOf(body).join(' ')).sort()
  await say(it.running, thread, 'second')
  await settled(it, thread, 2)
  expect(await wordsInTasks()).toEqual(['first second'])
  await it.settings({ ...tasks, allowNewCreation: true })
  await say(it.running, thread, 'third')
  await settled(it, thread, 3)
  expect(await wordsInTasks()).toEqual(['first second', 'first second third'])
  await it.settings(tasks)
  await say(it.running, thread, 'fourth')
  await settled(it, thread, 4)
  expect(await wordsInTasks()).toEqual(['first second', 'first second third fourth'])
})
