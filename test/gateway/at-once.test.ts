import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { activitiesOf, delivered, end, pushesOf, startConversation, tag } from './conversing.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { type Provider, searchRecords } from './searching.ts'

let gateway: RunningGateway
const adas: Partial<Record<Provider, string>> = {}

beforeAll(async () => {
  gateway = await startGateway({ worker: true })
  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'] })
  for (const { record } of hits) adas[record.integration.provider] = record.id
})
afterAll(() => gateway.stop())

const times = <T>(count: number, work: (index: number) => Promise<T>) =>
  Promise.all(Array.from({ length: count }, (_, index) => work(index)))
const both = () => Object.values(adas)

it('a conversation that is begun eight times at once is one', async () => {
  const input = { externalId: randomUUID(), channel: 'CHAT', visitor: { phone: '+1 512 555 0143' } }
  const ids = await times(8, async () => {
    const { startConversation: started } = await gateway.execute(
      `mutation ($input: StartConversationInput!) {
        startConversation(input: $input) { ... on ConversationSuccess { conversation { id } } ... on Error { message } }
      }`,
      { input },
    )
    return started.conversation?.id ?? started.message
  })
  expect(new Set(ids).size).toBe(1)
})

it('messages that arrive at once, each of them twice, are all there once, and in the order in which they were sent', async () => {
  const thread = await startConversation(gateway, 'SMS')
  const message = (index: number) => ({
    externalId: `${thread.mark} ${index}`,
    author: 'VISITOR',
    text: `number ${index}`,
    sentAt: new Date(Date.now() + index * 1_000).toISOString(),
  })
  await times(20, (index) =>
    gateway.execute(
      `mutation ($id: ID!, $messages: [MessageInput!]!) {
        appendMessages(conversationId: $id, messages: $messages) { __typename }
      }`,
      { id: thread.id, messages: [message(index % 10)] },
    ),
  )
  const { conversation } = await gateway.execute(
    'query ($id: ID!) { conversation(id: $id) { messages(first: 50) { edges { node { text } } } } }',
    { id: thread.id },
  )
  const texts: string[] = conversation.messages.edges.map((edge: { node: { text: string } }) => edge.node.text)
  expect(texts.slice(1)).toEqual(Array.from({ length: 10 }, (_, index) => `number ${index}`))

  await tag(gateway, thread, both())
  await delivered(gateway, thread, 11)
  for (const provider of ['DYNAMICS', 'SALESFORCE'] as const) {
    const [activity, ...others] = await activitiesOf(gateway, provider, thread)
    expect(others).toEqual([])
    expect([...(activity?.text ?? '').matchAll(/number (\d)/g)].map((match) => match[1]).join('')).toBe('0123456789')
  }
})

it('a record that is tagged six times at once has one tag, one push and one activity', async () => {
  const thread = await startConversation(gateway, 'SMS')
  const tagged = await times(6, () => tag(gateway, thread, both()))
  const tagIds = tagged.flatMap(({ outcomes = [] }) => outcomes.map((outcome) => outcome.tag?.id))
  expect(new Set(tagIds).size).toBe(2)
  const pushes = await delivered(gateway, thread, 1)
  expect(pushes).toHaveLength(2)
  for (const provider of ['DYNAMICS', 'SALESFORCE'] as const) {
    expect(await activitiesOf(gateway, provider, thread)).toHaveLength(1)
  }
})

it('a chat that ends while it is tagged, however the two meet, is pushed once', async () => {
  for (let round = 0; round < 5; round += 1) {
    const chat = await startConversation(gateway, 'CHAT')
    await Promise.all([tag(gateway, chat, both(), { afterEnd: true }), end(gateway, chat)])
    const pushes = await delivered(gateway, chat, 1)
    expect(pushes).toHaveLength(2)
    for (const provider of ['DYNAMICS', 'SALESFORCE'] as const) {
      expect(await activitiesOf(gateway, provider, chat)).toHaveLength(1)
    }
  }
})

it('messages that arrive while a thread is being delivered are never lost', async () => {
  const thread = await startConversation(gateway, 'SMS')
  await tag(gateway, thread, both())
  await times(25, async (index) => {
    await new Promise((resolve) => setTimeout(resolve, index * 8))
    await gateway.execute(
      `mutation ($id: ID!, $messages: [MessageInput!]!) {
        appendMessages(conversationId: $id, messages: $messages) { __typename }
      }`,
      {
        id: thread.id,
        messages: [
          {
            externalId: `${thread.mark} late ${index}`,
            author: 'AGENT',
            text: `late <${index}>`,
            sentAt: new Date(Date.now() + index * 1_000).toISOString(),
          },
        ],
      },
    )
  })
  await delivered(gateway, thread, 26)
  for (const provider of ['DYNAMICS', 'SALESFORCE'] as const) {
    const activities = await activitiesOf(gateway, provider, thread)
    expect(activities).toHaveLength(1)
    const found = [...(activities[0]?.text ?? '').matchAll(/late (?:<|&lt;)(\d+)/g)].map((match) => Number(match[1]))
    expect(found.sort((a, b) => a - b)).toEqual(Array.from({ length: 25 }, (_, index) => index))
  }
  expect(await pushesOf(gateway, thread)).toHaveLength(2)
})
