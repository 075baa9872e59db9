import { afterAll, beforeAll, describe, expect, it } from 'vitest'
import { type Conversation, delivered, end, say, startConversation, tag } from './conversing.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { type Provider, searchRecords } from './searching.ts'
import { take } from './watching.ts'

let gateway: RunningGateway
const adas: Partial<Record<Provider, string>> = {}

beforeAll(async () => {
  gateway = await startGateway({ worker: true })
  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'] })
  for (const { record } of hits) adas[record.integration.provider] = record.id
})
afterAll(() => gateway.stop())

interface Event {
  __typename: string
  id: string
  conversation: { id: string; status: string; visitor: { phone: string | null } }
  message?: { id: string; text: string }
  push?: { id: string; status: string; deliveredMessages: number }
  tag?: { id: string }
}

const WATCH = `subscription ($ids: [ID!]!, $after: ID) {
  conversationEvents(conversationIds: $ids, after: $after) {
    __typename id at
    conversation { id status visitor { phone } }
    ... on MessageAppended { message { id text } }
    ... on PushUpdated { push { id status deliveredMessages } }
    ... on RecordTagged { tag { id } }
    ... on RecordUntagged { tag { id } }
  }
}`

const watch = (
  conversations: readonly Pick<Conversation, 'id'>[],
  after: string | null,
  enough: (events: Event[]) => boolean,
  bearer = gateway.demo.key,
) => take<Event>(gateway, WATCH, { ids: conversations.map(({ id }) => id), after }, enough, bearer)

const count = (number: number) => (events: Event[]) => events.length >= number
const never = () => false
const kindsOf = (events: Event[]) => events.map(({ __typename }) => __typename)

async function updateVisitor({ id }: Conversation, visitor: object): Promise<void> {
  await gateway.execute(
    'mutation ($id: ID!, $visitor: VisitorInput!) { updateVisitor(conversationId: $id, visitor: $visitor) { __typename } }',
    { id, visitor },
  )
}

async function agentToken(conversations: readonly Conversation[]): Promise<string> {
  const { issueAgentToken } = await gateway.execute(
    `mutation ($ids: [ID!]) {
      issueAgentToken(agentId: "a", agentName: "A", conversationIds: $ids) { ... on IssueAgentTokenSuccess { token } }
    }`,
    { ids: conversations.map(({ id }) => id) },
  )
  return issueAgentToken.token
}

describe('what is heard of a conversation', () => {
  it('each message, in the order of arrival, with its text', async () => {
    const chat = await startConversation(gateway, 'CHAT')
    await say(gateway, chat, 'second', 'third')
    const events = await watch([chat], '0', count(3))
    expect(kindsOf(events)).toEqual(['MessageAppended', 'MessageAppended', 'MessageAppended'])
    expect(events.map(({ message }) => message?.text)).toEqual(
      ['first', 'second', 'third'].map((text) => `${chat.mark} ${text}`),
    )
  })

  it('a message that comes once more is heard of once', async () => {
    const chat = await startConversation(gateway, 'CHAT')
    const message = { externalId: 'again', author: 'VISITOR', text: 'again', sentAt: '2026-01-31T14:05:00Z' }
    const append = `mutation ($id: ID!, $messages: [MessageInput!]!) { appendMessages(conversationId: $id, messages: $messages) { __typename } }`
    for (let times = 0; times < 3; times++) await gateway.execute(append, { id: chat.id, messages: [message, message] })
    await end(gateway, chat)
    const events = await watch([chat], '0', count(3))
    expect(kindsOf(events)).toEqual(['MessageAppended', 'MessageAppended', 'ConversationEnded'])
  })

  it('a visitor that becomes better known, by an update or by beginning again, and not where nothing is new', async () => {
    const chat = await startConversation(gateway, 'CHAT', { firstName: 'Ada' })
    await updateVisitor(chat, { phone: '+49 151' })
    await updateVisitor(chat, { phone: '+49 151' })
    const again = `mutation ($input: StartConversationInput!) { startConversation(input: $input) { __typename } }`
    const input = { externalId: chat.mark, channel: 'CHAT', visitor: { firstName: 'Other', email: 'ada@example.com' } }
    await gateway.execute(again, { input })
    await gateway.execute(again, { input })
    await end(gateway, chat)
    const events = await watch([chat], '0', count(4))
    expect(kindsOf(events)).toEqual(['MessageAppended', 'VisitorUpdated', 'VisitorUpdated', 'ConversationEnded'])
    expect(events[1]?.conversation).toMatchObject({ id: chat.id, visitor: { phone: '+49 151' } })
  })

  it('its end, once', async () => {
    const chat = await startConversation(gateway, 'CHAT')
    await end(gateway, chat)
    await end(gateway, chat)
    await say(gateway, chat, 'late')
    const events = await watch([chat], '0', count(3))
    expect(kindsOf(events)).toEqual(['MessageAppended', 'ConversationEnded', 'MessageAppended'])
    expect(events[1]?.conversation.status).toBe('ENDED')
  })

  it('its pushes, until the CRM holds the text', async () => {
    const thread = await startConversation(gateway, 'SMS')
    const heard = watch([thread], '0', (events) => events.some(({ push }) => push?.status === 'DELIVERED'))
    await tag(gateway, thread, [adas.DYNAMICS ?? ''])
    const pushes = (await heard).flatMap(({ push }) => push ?? [])
    expect(new Set(pushes.map(({ id }) => id)).size).toBe(1)
    expect(pushes.at(-1)).toMatchObject({ status: 'DELIVERED', deliveredMessages: 1 })
  })

  it('the record that it is attached to, and that it is taken off again', async () => {
    const chat = await startConversation(gateway, 'CHAT')
    const { outcomes } = await tag(gateway, chat, [adas.SALESFORCE ?? ''], { afterEnd: true })
    const tagId = outcomes?.[0]?.tag?.id
    await gateway.execute('mutation ($id: ID!) { untagConversation(tagId: $id) { __typename } }', { id: tagId })
    const events = await watch([chat], '0', (seen) => seen.some(({ __typename }) => __typename === 'RecordUntagged'))
    const ofTags = events.filter((event) => event.tag)
    expect(ofTags.map(({ __typename, tag: it }) => [__typename, it?.id])).toEqual([
      ['RecordTagged', tagId],
      ['RecordUntagged', tagId],
    ])
  })

  it('while it happens, of all the conversations that were named and of no other', async () => {
    const [one, two, other] = await Promise.all([
      startConversation(gateway, 'CHAT'),
      startConversation(gateway, 'CHAT'),
      startConversation(gateway, 'CHAT'),
    ])
    const [last] = await watch([one, two], '0', count(2)).then((events) => events.slice(-1))
    const live = watch([one, two], last?.id ?? null, count(2))
    await say(gateway, other, 'not for this one')
    await say(gateway, two, 'a')
    await say(gateway, one, 'b')
    const texts = (await live).map(({ message }) => message?.text)
    expect(texts).toEqual([`${two.mark} a`, `${one.mark} b`])
  })
})

describe('going on where one stopped', () => {
  it('a client that is cut off after each event has every event once', async () => {
    const thread = await startConversation(gateway, 'SMS')
    const pieces: string[] = []
    const readOne = async () => {
      const [event] = await watch([thread], pieces.at(-1) ?? '0', count(1))
      pieces.push(event?.id ?? '')
    }
    await tag(gateway, thread, [adas.SALESFORCE ?? ''])
    for (const text of ['second', 'third']) {
      await readOne()
      await say(gateway, thread, text)
    }
    await delivered(gateway, thread, 3)
    const { id } = await gateway.database.conversation.findFirstOrThrow({ where: { externalId: thread.mark } })
    const kept = await gateway.database.event.findMany({ where: { conversationId: id }, orderBy: { id: 'asc' } })
    while (pieces.length < kept.length) await readOne()
    expect(pieces).toEqual(kept.map((event) => String(event.id)))
  })
})

describe('who may listen', () => {
  it('an agent that is bound to conversations hears of those, and of no other is it told that there is one', async () => {
    const [own, other] = [await startConversation(gateway, 'CHAT'), await startConversation(gateway, 'CHAT')]
    const token = await agentToken([own])
    expect(kindsOf(await watch([own], '0', count(1), token))).toEqual(['MessageAppended'])
    await expect(watch([own, other], null, never, token)).rejects.toThrow(/^NOT_FOUND/)
  })

  it("another workspace's conversations, unknown ones, and ids of something else are not found", async () => {
    const chat = await startConversation(gateway, 'CHAT')
    const stranger = await gateway.otherWorkspace('Listens')
    await expect(watch([chat], null, never, stranger)).rejects.toThrow(/^NOT_FOUND/)
    await expect(watch([{ id: 'x' }], null, never)).rejects.toThrow(/^NOT_FOUND/)
    await expect(watch([{ id: adas.DYNAMICS ?? '' }], null, never)).rejects.toThrow(/^NOT_FOUND/)
  })

  it('none, or more than 100 at once, are refused; the same one twice is one', async () => {
    const chat = await startConversation(gateway, 'CHAT')
    await expect(watch([], null, never)).rejects.toThrow(/^VALIDATION/)
    const many = Array.from({ length: 101 }, (_, index) => ({
      id: Buffer.from(`Conversation:${index}`).toString('base64'),
    }))
    await expect(watch(many, null, never)).rejects.toThrow(/^VALIDATION: Name 1 to 100/)
    expect(await watch([chat, chat], '0', count(1))).toHaveLength(1)
  })
})

// The last one: it removes the events of all conversations.
it('behind an event that is not kept any more it is told so, and so is one that never was', async () => {
  const chat = await startConversation(gateway, 'CHAT')
  await say(gateway, chat, 'second')
  const [first, second] = await watch([chat], '0', count(2))
  await gateway.database.event.deleteMany({ where: { id: { lte: Number(second?.id) - 1 } } })
  // With another one beside it: what is in memory for those who asked for the same is told all the same.
  const other = await startConversation(gateway, 'CHAT')
  await expect(watch([chat, other], '0', never)).rejects.toThrow(/CURSOR_EXPIRED: .*Read the state anew/)
  expect((await watch([chat], first?.id ?? '', count(1)))[0]?.id).toBe(second?.id)
  await expect(watch([chat], '999999999', never)).rejects.toThrow('CURSOR_EXPIRED')
  await expect(watch([chat], 'yesterday', never)).rejects.toThrow('BAD_USER_INPUT')
})
