import { expect } from 'vitest'
import { type Conversation, end, say, sayAs } from '../gateway/conversing.ts'
import { converse, heldOf, makeRecord, pushTo, settled, tagTo } from './support/pushing.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins } = openRules()

const dynamics = (row: string, outcome: string, run: (crm: RuleCrm) => Promise<void>) =>
  twins({ DYNAMICS: row }, outcome, run)

const on = { allowNewCreation: true }
const off = { allowNewCreation: false }

/** The words of each note of a conversation, the shortest note first. */
async function notesOf(it: RuleCrm, conversation: Conversation): Promise<(string | undefined)[][]> {
  const notes = await heldOf(it, 'annotation', conversation)
  const words = notes.map(({ body }) => [...body.matchAll(new RegExp(`${conversation.mark} (\\w+)`, 'g'))])
  return words.map((found) => found.map(([, word]) => word)).sort((one, other) => one.length - other.length)
}

/** A thread of one message with its note. */
async function taggedThread(it: RuleCrm): Promise<Conversation> {
  const thread = await converse(it, 'SMS')
  await pushTo(it, thread, await makeRecord(it))
  return thread
}

dynamics(
  'D-NEW-01',
  'on: each of two more text messages makes an activity, whether they come one by one or together',
  async (it) => {
    await it.settings(on)
    const thread = await taggedThread(it)
    await say(it.running, thread, 'second')
    await say(it.running, thread, 'third')
    await expect.poll(() => notesOf(it, thread)).toHaveLength(3)
    const other = await taggedThread(it)
    await say(it.running, other, 'second', 'third')
    await expect.poll(() => notesOf(it, other)).toHaveLength(3)
    for (const conversation of [thread, other]) {
      expect((await settled(it, conversation, 3)).map(({ status }) => status)).toEqual(Array(3).fill('DELIVERED'))
      expect(await notesOf(it, conversation)).toHaveLength(3)
    }
  },
)

dynamics('D-NEW-02', "on: an agent's message makes an activity as the visitor's does", async (it) => {
  await it.settings(on)
  const thread = await taggedThread(it)
  await sayAs(it.running, 'AGENT', thread, 'second')
  await expect.poll(() => notesOf(it, thread)).toEqual([['first'], ['first', 'second']])
  await sayAs(it.running, 'VISITOR', thread, 'third')
  await expect.poll(() => notesOf(it, thread)).toHaveLength(3)
})

dynamics('D-NEW-03', 'on: each new activity holds the whole conversation so far, in order', async (it) => {
  await it.settings(on)
  const thread = await converse(it, 'SMS')
  await say(it.running, thread, 'second')
  await pushTo(it, thread, await makeRecord(it))
  await say(it.running, thread, 'third')
  await say(it.running, thread, 'fourth')
  await expect
    .poll(() => notesOf(it, thread))
    .toEqual([
      ['first', 'second'],
      ['first', 'second', 'third'],
      ['first', 'second', 'third', 'fourth'],
    ])
})

dynamics('D-NEW-04', 'off: a further message is appended to the same activity', async (it) => {
  await it.settings(off)
  const thread = await taggedThread(it)
  await say(it.running, thread, 'second')
  await settled(it, thread, 2)
  await say(it.running, thread, 'third')
  const pushes = await settled(it, thread, 3)
  expect(pushes).toHaveLength(1)
  expect(await notesOf(it, thread)).toEqual([['first', 'second', 'third']])
})

dynamics('D-NEW-05', 'off: messages of either side go into one activity, in order', async (it) => {
  await it.settings(off)
  const thread = await taggedThread(it)
  await sayAs(it.running, 'AGENT', thread, 'second')
  await sayAs(it.running, 'VISITOR', thread, 'third')
  await sayAs(it.running, 'AGENT', thread, 'fourth')
  await settled(it, thread, 4)
  expect(await notesOf(it, thread)).toEqual([['first', 'second', 'third', 'fourth']])
})

dynamics('D-NEW-06', 'whichever way it stands a chat is one activity, what comes after its end too', async (it) => {
  for (const settings of [on, off]) {
    await it.settings(settings)
    const chat = await converse(it, 'CHAT', { runs: true })
    await tagTo(it, chat, [await makeRecord(it)], { afterEnd: true })
    await say(it.running, chat, 'second', 'third')
    await end(it.running, chat)
    await settled(it, chat, 3)
    expect(await notesOf(it, chat)).toEqual([['first', 'second', 'third']])
    await say(it.running, chat, 'late')
    await settled(it, chat, 4)
    expect(await notesOf(it, chat)).toEqual([['first', 'second', 'third', 'late']])
  }
})
