import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { agentToken, untag } from './acting.ts'
import { activitiesOf, type Conversation, delivered, end, pushesOf, say, startConversation, tag } from './conversing.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { type Provider, providers, searchRecords } from './searching.ts'

let gateway: RunningGateway
const adas: Record<Provider, string> = { DYNAMICS: '', SALESFORCE: '' }

beforeAll(async () => {
  gateway = await startGateway({ worker: true, people: 5 })
  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'] })
  for (const { record } of hits) adas[record.integration.provider] = record.id
})
afterAll(() => gateway.stop())
afterEach(async () => {
  for (const provider of providers) await control(provider).clearFaults()
})

const control = (provider: Provider) => gateway.crm[provider === 'DYNAMICS' ? 'dynamics' : 'salesforce']

async function wordsIn(provider: Provider, conversation: Conversation): Promise<(string | undefined)[][]> {
  const pattern = new RegExp(`${conversation.mark} (\\w+)`, 'g')
  const activities = await activitiesOf(gateway, provider, conversation)
  return activities.map(({ text }) => [...text.matchAll(pattern)].map((match) => match[1]))
}

const statusesOf = async (conversation: Conversation) =>
  (await pushesOf(gateway, conversation)).map(({ status }) => status)

const reached = (conversation: Conversation, status: string) =>
  expect.poll(() => statusesOf(conversation), { interval: 5 }).toEqual([status])

async function tagOf(conversation: Conversation, provider: Provider, afterEnd = false): Promise<string> {
  const { outcomes } = await tag(gateway, conversation, [adas[provider]], { afterEnd })
  return outcomes?.[0]?.tag?.id ?? ''
}

describe.each(providers)('a record of %s that is taken off', (provider) => {
  it('gets no later messages, and keeps what was written', async () => {
    const thread = await startConversation(gateway, 'SMS')
    const tagId = await tagOf(thread, provider)
    await delivered(gateway, thread, 1)
    const answer = await untag(gateway, tagId)
    expect(answer).toEqual({
      __typename: 'UntagSuccess',
      conversation: { id: thread.id, tags: [{ id: tagId, removedAt: expect.any(String), removedBy: 'Test ADMIN' }] },
    })
    await control(provider).clearCalls()
    await say(gateway, thread, 'second')
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await control(provider).calls()).toEqual([])
    expect(await wordsIn(provider, thread)).toEqual([['first']])
    expect(await statusesOf(thread)).toEqual(['DELIVERED'])
    expect(await untag(gateway, tagId)).toEqual(answer)
  })

  it('can be tagged again, and the same activity goes on with what came meanwhile', async () => {
    const thread = await startConversation(gateway, 'SMS')
    const tagId = await tagOf(thread, provider)
    await delivered(gateway, thread, 1)
    await untag(gateway, tagId)
    await say(gateway, thread, 'second')
    const { hits } = await searchRecords(gateway, { conversationId: thread.id, phone: '+1 512 555 0143' })
    const hit = hits.find(({ record }) => record.id === adas[provider])
    expect(hit).toMatchObject({ alreadyTagged: false, actions: expect.arrayContaining(['TAG']) })
    expect(await tagOf(thread, provider)).toBe(tagId)
    await say(gateway, thread, 'third')
    await delivered(gateway, thread, 3)
    expect(await wordsIn(provider, thread)).toEqual([['first', 'second', 'third']])
  })

  it('before its chat has ended gets nothing at all', async () => {
    const chat = await startConversation(gateway, 'CHAT')
    await untag(gateway, await tagOf(chat, provider, true))
    await end(gateway, chat)
    expect(await statusesOf(chat)).toEqual(['DISCARDED'])
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await wordsIn(provider, chat)).toEqual([])
    await tagOf(chat, provider)
    await delivered(gateway, chat, 1)
    expect(await wordsIn(provider, chat)).toEqual([['first']])
  })

  it('while it is written to gets what was begun, and nothing that came since', async () => {
    const thread = await startConversation(gateway, 'SMS')
    await control(provider).setLatency({ ms: 400 })
    const tagId = await tagOf(thread, provider)
    await reached(thread, 'DELIVERING')
    await untag(gateway, tagId)
    await say(gateway, thread, 'second')
    await reached(thread, 'DELIVERED')
    await control(provider).setLatency({ ms: 0 })
    expect(await wordsIn(provider, thread)).toEqual([['first']])
  })

  it('while it is written to in vain is not tried again', async () => {
    const thread = await startConversation(gateway, 'SMS')
    const tagId = await tagOf(thread, provider)
    await delivered(gateway, thread, 1)
    await control(provider).setLatency({ ms: 1_500 })
    await control(provider).addFault({ path: '/(api|services)/data/', times: 99 }, { status: 503, body: 'Busy' })
    await say(gateway, thread, 'second')
    await reached(thread, 'DELIVERING')
    await untag(gateway, tagId)
    expect(await statusesOf(thread)).toEqual(['DELIVERING'])
    await reached(thread, 'DISCARDED')
    await control(provider).setLatency({ ms: 0 })
    expect(await wordsIn(provider, thread)).toEqual([['first']])
  })

  it('while its next try is waited for is not tried again', async () => {
    const thread = await startConversation(gateway, 'SMS')
    await control(provider).addFault({ body: thread.mark, times: 99 }, { status: 503, body: 'Busy' })
    const tagId = await tagOf(thread, provider)
    await reached(thread, 'RETRYING')
    await untag(gateway, tagId)
    expect(await statusesOf(thread)).toEqual(['DISCARDED'])
    await control(provider).clearFaults()
    gateway.skip(60_000)
    await new Promise((resolve) => setTimeout(resolve, 100))
    expect(await wordsIn(provider, thread)).toEqual([])
  })
})

it('an agent takes records off its own conversations only', async () => {
  const thread = await startConversation(gateway, 'SMS')
  const other = await startConversation(gateway, 'SMS')
  const tagId = await tagOf(thread, 'SALESFORCE')
  const refused = { __typename: 'NotFoundError', code: 'NOT_FOUND' }
  expect(await untag(gateway, tagId, await agentToken(gateway, [other.id]))).toMatchObject(refused)
  expect(await untag(gateway, tagId, await gateway.otherWorkspace('Elsewhere'))).toMatchObject(refused)
  for (const id of [thread.id, 'nonsense', Buffer.from(`Tag:${randomUUID()}`).toString('base64')]) {
    expect(await untag(gateway, id)).toMatchObject(refused)
  }
  expect(await untag(gateway, tagId, await agentToken(gateway, [thread.id]))).toMatchObject({
    conversation: { tags: [{ removedBy: 'agent-7' }] },
  })
})

it('the other record of the same conversation goes on', async () => {
  const thread = await startConversation(gateway, 'SMS')
  const tagId = await tagOf(thread, 'DYNAMICS')
  await tagOf(thread, 'SALESFORCE')
  await delivered(gateway, thread, 1)
  await untag(gateway, tagId)
  await say(gateway, thread, 'second')
  await expect.poll(() => wordsIn('SALESFORCE', thread)).toEqual([['first', 'second']])
  expect(await wordsIn('DYNAMICS', thread)).toEqual([['first']])
})
