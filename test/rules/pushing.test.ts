import { expect } from 'vitest'
import { end, say, sayAs } from '../gateway/conversing.ts'
import { look } from './support/looking.ts'
import { converse, heldOf, makeRecord, pushTo, settled, type Tagging, tagTo, usualTable } from './support/pushing.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins } = openRules()

const bodiesOf = async (it: RuleCrm, conversation: Parameters<typeof heldOf>[2]) =>
  (await heldOf(it, usualTable[it.provider], conversation)).map(({ body, regarding }) => ({
    regarding,
    words: [...body.matchAll(new RegExp(`${conversation.mark} (\\w+)`, 'g'))].map(([, word]) => word),
  }))

for (const channel of ['SMS', 'CHAT'] as const) {
  twins(
    { DYNAMICS: 'D-PSH-01', SALESFORCE: 'S-PSH-01' },
    `a record made from ${channel} has its activity without a tag call`,
    async (it) => {
      const conversation = await converse(it, channel)
      const record = await makeRecord(it, 'CONTACT', { conversationId: conversation.id })
      await settled(it, conversation)
      expect(await bodiesOf(it, conversation)).toEqual([{ regarding: record.remoteId, words: ['first'] }])
    },
  )
}

twins(
  { DYNAMICS: 'D-PSH-01', SALESFORCE: 'S-PSH-01' },
  'a record made while a chat runs has it when the chat has ended (A-39)',
  async (it) => {
    const chat = await converse(it, 'CHAT', { runs: true })
    await makeRecord(it, 'CONTACT', { conversationId: chat.id })
    await say(it.running, chat, 'second')
    expect(await bodiesOf(it, chat)).toEqual([])
    await end(it.running, chat)
    await settled(it, chat, 2)
    expect((await bodiesOf(it, chat)).map(({ words }) => words)).toEqual([['first', 'second']])
  },
)

interface Hit {
  alreadyTagged: boolean
  actions: string[]
  record: { id: string }
}

/** As an agent goes about it: the panel, and a search with what its form holds. */
async function findByHand(it: RuleCrm, conversationId: string): Promise<Hit[]> {
  const agent = await it.agent([conversationId])
  const { panel } = await it.running.execute(
    'query ($id: ID) { panel(conversationId: $id) { integrations { integration { id } searchForm { fullName } } } }',
    { id: conversationId },
    agent,
  )
  const own = (entry: { integration: { id: string } }) => entry.integration.id === it.org.id
  const { searchForm } = panel.integrations.find(own)
  const { searchRecords } = await it.running.execute(
    `query ($input: SearchRecordsInput!) { searchRecords(input: $input) {
      ... on SearchRecordsSuccess { integrations { entityTypes { hits { alreadyTagged actions record { id } } } } }
      ... on Error { message }
    } }`,
    { input: { conversationId, integrationIds: [it.org.id], fullName: searchForm.fullName } },
    agent,
  )
  return searchRecords.integrations[0].entityTypes.flatMap((type: { hits: Hit[] }) => type.hits)
}

/** One click on a hit. */
async function click(it: RuleCrm, conversationId: string, hit: Hit | undefined): Promise<Tagging> {
  const { tagConversation } = await it.running.execute(
    `mutation ($id: ID!, $recordIds: [ID!]!) { tagConversation(conversationId: $id, recordIds: $recordIds) {
      __typename
      ... on TagConversationSuccess { outcomes { tag { id } error { code message } } }
      ... on Error { message }
    } }`,
    { id: conversationId, recordIds: [hit?.record.id] },
    await it.agent([conversationId]),
  )
  return tagConversation
}

/** A conversation whose visitor's name is that of one record. */
async function knownVisitor(it: RuleCrm) {
  const record = await makeRecord(it, 'CONTACT')
  const { running } = it
  const { hits } = await look(it, { fullName: await nameOf(it, record.id) }, await running.key('AGENT'))
  expect(hits).toHaveLength(1)
  const conversation = await converse(it, 'SMS')
  const { updateVisitor } = await running.execute(
    `mutation ($id: ID!, $visitor: VisitorInput!) {
      updateVisitor(conversationId: $id, visitor: $visitor) { __typename }
    }`,
    { id: conversation.id, visitor: { fullName: await nameOf(it, record.id) } },
  )
  expect(updateVisitor.__typename).toBe('ConversationSuccess')
  return { record, conversation }
}

async function nameOf(it: RuleCrm, id: string): Promise<string> {
  const { node } = await it.running.execute('query ($id: ID!) { node(id: $id) { ... on CrmRecord { name } } }', { id })
  return node.name
}

twins(
  { DYNAMICS: 'D-PSH-02', SALESFORCE: 'S-PSH-02' },
  'by hand: the panel, its search, a hit and one click make an activity',
  async (it) => {
    const { record, conversation } = await knownVisitor(it)
    const [hit] = await findByHand(it, conversation.id)
    expect((await click(it, conversation.id, hit)).outcomes).toMatchObject([{ error: null }])
    await settled(it, conversation)
    expect(await bodiesOf(it, conversation)).toEqual([{ regarding: record.remoteId, words: ['first'] }])
  },
)

twins(
  { DYNAMICS: 'D-PSH-03', SALESFORCE: 'S-PSH-03' },
  'a hit has the TAG action, and tagging makes an activity on that record; tagged, it has it no more',
  async (it) => {
    const { record, conversation } = await knownVisitor(it)
    const [hit] = await findByHand(it, conversation.id)
    expect(hit).toMatchObject({ alreadyTagged: false, actions: ['OPEN', 'DETAIL', 'TAG'] })
    await click(it, conversation.id, hit)
    await settled(it, conversation)
    expect((await bodiesOf(it, conversation)).map(({ regarding }) => regarding)).toEqual([record.remoteId])
    const again = await findByHand(it, conversation.id)
    expect(again).toMatchObject([{ alreadyTagged: true, actions: ['OPEN', 'DETAIL'] }])
  },
)

twins(
  { DYNAMICS: 'D-PSH-04', SALESFORCE: 'S-PSH-04' },
  'a text message thread is pushed by one click: no form asks for anything, and ids alone are enough',
  async (it) => {
    const record = await makeRecord(it)
    const thread = await converse(it, 'SMS')
    const { tagForm } = await it.running.execute(
      `query ($ids: [ID!]!, $conversationId: ID) { tagForm(recordIds: $ids, conversationId: $conversationId) {
        ... on TagForm { sections { fields { name } } } ... on Error { message }
      } }`,
      { ids: [record.id], conversationId: thread.id },
      await it.agent([thread.id]),
    )
    expect(tagForm.sections.flatMap((section: { fields: object[] }) => section.fields)).toEqual([])
    await it.control.clearCalls()
    expect((await tagTo(it, thread, [record])).outcomes).toMatchObject([{ error: null }])
    await settled(it, thread)
    expect(await bodiesOf(it, thread)).toEqual([{ regarding: record.remoteId, words: ['first'] }])
  },
)

twins(
  { DYNAMICS: 'D-PSH-05', SALESFORCE: 'S-PSH-06' },
  'a running chat is refused and no CRM is asked, or waits for its end; ended, it is pushed whole',
  async (it) => {
    const record = await makeRecord(it)
    const chat = await converse(it, 'CHAT', { runs: true })
    await it.control.clearCalls()
    expect(await tagTo(it, chat, [record])).toMatchObject({ __typename: 'NotEndedError' })
    expect(await it.control.calls()).toEqual([])
    await say(it.running, chat, 'second')
    await end(it.running, chat)
    await tagTo(it, chat, [record])

    const waiting = await converse(it, 'CHAT', { runs: true })
    await tagTo(it, waiting, [record], { afterEnd: true })
    await say(it.running, waiting, 'second')
    // By the time that the first chat is there a worker has had its chance to push the second one half.
    await settled(it, chat, 2)
    expect(await bodiesOf(it, waiting)).toEqual([])
    await end(it.running, waiting)
    await settled(it, waiting, 2)
    for (const conversation of [chat, waiting]) {
      const whole = [{ regarding: record.remoteId, words: ['first', 'second'] }]
      expect(await bodiesOf(it, conversation)).toEqual(whole)
    }
  },
)

twins(
  { SALESFORCE: 'S-PSH-05' },
  'three later messages of visitor and agent go into the activity that is there, without a tag call',
  async (it) => {
    const thread = await converse(it, 'SMS')
    await pushTo(it, thread, await makeRecord(it))
    await sayAs(it.running, 'AGENT', thread, 'second')
    await sayAs(it.running, 'VISITOR', thread, 'third')
    await sayAs(it.running, 'AGENT', thread, 'fourth')
    expect(await settled(it, thread, 4)).toHaveLength(1)
    expect((await bodiesOf(it, thread)).map(({ words }) => words)).toEqual([['first', 'second', 'third', 'fourth']])
  },
)
