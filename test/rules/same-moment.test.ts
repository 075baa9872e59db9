import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Conversation, sayAs } from '../gateway/conversing.ts'
import { ask } from '../gateway/running-gateway.ts'
import { type SecondGateway, startSecondGateway } from '../gateway/second-gateway.ts'
import { converse, heldOf, makeRecord, pushTo, settled, tagTo, usualTable } from './support/pushing.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { running, crm } = openRules()

let second: SecondGateway
let key: string
beforeAll(async () => {
  second = await startSecondGateway(running())
  key = await running().key('SERVICE')
})
afterAll(() => second.stop())

/** The same API in another process: it shares the database with the first, and nothing else. */
const there = {
  async execute(query: string, variables: Record<string, unknown> = {}) {
    const { data, errors } = await ask(second.url, key, query, variables)
    expect(errors).toBeUndefined()
    return data
  },
}

const words = (count: number) => Array.from({ length: count }, () => `w${randomUUID().slice(0, 8)}`)

/** Each word is a message of its own; all of them are sent at once, by turns to either instance. */
async function sayAtOnce(it: RuleCrm, conversation: Conversation, texts: readonly string[]): Promise<void> {
  const authors = ['VISITOR', 'AGENT'] as const
  await Promise.all(
    texts.map((text, index) =>
      sayAs(index % 2 === 0 ? it.running : there, authors[index % 3 === 0 ? 0 : 1], conversation, text),
    ),
  )
}

/** The words of a conversation's messages, in the order that the API gives them. */
async function wordsHere(it: RuleCrm, { id, mark }: Conversation): Promise<string[]> {
  const { conversation } = await it.running.execute(
    'query ($id: ID!) { conversation(id: $id) { messages(first: 100) { edges { node { text } } } } }',
    { id },
  )
  return conversation.messages.edges.map(({ node }: { node: { text: string } }) => node.text.replace(`${mark} `, ''))
}

/** The words in each activity of a conversation, the shortest activity first. */
async function wordsInCrm(it: RuleCrm, conversation: Conversation): Promise<string[][]> {
  const held = await heldOf(it, usualTable[it.provider], conversation)
  return held
    .map(({ body }) => [...body.matchAll(/mark-\w+ (\w+)/g)].map(([, word]) => word ?? ''))
    .sort((one, other) => one.length - other.length)
}

for (const provider of ['DYNAMICS', 'SALESFORCE'] as const) {
  const name = provider === 'DYNAMICS' ? 'Dynamics' : 'Salesforce'

  test(`I-12 ${name}: of messages that come at one moment through two instances none is lost, on either of two records`, async () => {
    const it = crm(provider)
    await it.settings({})
    const thread = await converse(it, 'SMS')
    await tagTo(it, thread, [await makeRecord(it), await makeRecord(it, 'CONTACT')])
    const said = words(10)
    await sayAtOnce(it, thread, said)
    await settled(it, thread, 11)
    const all = await wordsHere(it, thread)
    expect([...all].sort()).toEqual(['first', ...said].sort())
    expect(await wordsInCrm(it, thread)).toEqual([all, all])
  })

  test(`I-12 ${name}: messages that come while the conversation is being tagged are in its activity`, async () => {
    const it = crm(provider)
    await it.settings({})
    const thread = await converse(it, 'SMS')
    const record = await makeRecord(it)
    const said = words(6)
    await Promise.all([sayAtOnce(it, thread, said), tagTo(it, thread, [record]), tagTo(it, thread, [record])])
    expect(await settled(it, thread, 7)).toHaveLength(1)
    expect(await wordsInCrm(it, thread)).toEqual([await wordsHere(it, thread)])
  })
}

test('I-12: with Allow New Creation each of several at one moment makes one activity, with all that came before it', async () => {
  const it = crm('DYNAMICS')
  await it.settings({ allowNewCreation: true })
  const thread = await converse(it, 'SMS')
  await pushTo(it, thread, await makeRecord(it))
  await sayAtOnce(it, thread, words(5))
  expect((await settled(it, thread, 6)).map(({ status }) => status)).toEqual(Array(6).fill('DELIVERED'))
  const held = await wordsInCrm(it, thread)
  expect(held.map((each) => each.length)).toEqual([1, 2, 3, 4, 5, 6])
  for (const [index, each] of held.slice(1).entries()) expect(each).toEqual(expect.arrayContaining(held[index] ?? []))
})
