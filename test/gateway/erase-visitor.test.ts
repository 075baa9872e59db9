import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, expect, it } from 'vitest'
import { activitiesOf, type Conversation, delivered, say, startConversation, tag } from './conversing.ts'
import { bytesKept } from './kept-bytes.ts'
import { ask, type RunningGateway, startGateway } from './running-gateway.ts'
import { searchRecords } from './searching.ts'

let gateway: RunningGateway
let service: string
/** A contact of each CRM. */
let recordIds: string[]

beforeAll(async () => {
  gateway = await startGateway({ worker: true })
  service = await gateway.key('SERVICE')
  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'], first: 1 })
  recordIds = hits.map(({ record }) => record.id)
})
afterAll(() => gateway.stop())

const mutation = `mutation ($input: EraseVisitorInput!) {
  eraseVisitor(input: $input) {
    __typename
    ... on EraseVisitorSuccess { conversations activities { part remoteId url closed } }
    ... on ValidationError { fields { path } }
  }
}`

const erase = async (input: object, bearer = service) => {
  const { eraseVisitor } = await gateway.execute(mutation, { input }, bearer)
  return eraseVisitor
}

/** A thread that both CRMs hold. */
async function pushedThread(visitor: object): Promise<Conversation> {
  const thread = await startConversation(gateway, 'SMS', visitor)
  await tag(gateway, thread, recordIds)
  await delivered(gateway, thread, 1)
  return thread
}

const kept = () => bytesKept(gateway)

it('a visitor is forgotten by phone number, and the receipt names what stands in both CRMs', async () => {
  const visitor = { phone: '+44 20 7946 0958', fullName: 'Vera' }
  const thread = await pushedThread(visitor)
  const untouched = await pushedThread({ phone: '+44 20 7946 0959' })

  const receipt = await erase({ phone: '+44 (0)20 7946-0958' })
  expect(receipt).toMatchObject({ __typename: 'EraseVisitorSuccess', conversations: 1 })
  expect(receipt.activities).toHaveLength(2)
  const notes = await gateway.crm.dynamics.records('annotation')
  const tasks = await gateway.crm.salesforce.records('Task')
  const held = new Map([...notes, ...tasks].map((row) => [String(row['annotationid'] ?? row['Id']), row]))
  for (const { part, remoteId, url, closed } of receipt.activities) {
    const row = held.get(remoteId)
    expect(String(row?.['notetext'] ?? row?.['Description'])).toContain(thread.mark)
    expect([part, closed]).toEqual([1, false])
    expect(url).toContain(remoteId)
  }
  expect(await activitiesOf(gateway, 'DYNAMICS', thread)).toHaveLength(1)

  const { gone, there, node } = await gateway.execute(
    `query ($gone: String!, $there: String!, $id: ID!) {
      gone: conversation(externalId: $gone) { id }
      there: conversation(externalId: $there) { id }
      node(id: $id) { id }
    }`,
    { gone: thread.mark, there: untouched.mark, id: thread.id },
  )
  expect([gone, there.id, node]).toEqual([null, untouched.id, null])
  expect(await erase({ phone: visitor.phone })).toMatchObject({
    conversations: 0,
    activities: [],
  })
})

it('T33: what was erased is nowhere on the disk any more, not even sealed', async () => {
  const thread = await pushedThread({ externalId: randomUUID() })
  const other = await pushedThread({ externalId: randomUUID() })
  const conversationId = {
    in: [thread, other].map(({ id }) => Buffer.from(id, 'base64').toString().split(':')[1] ?? ''),
  }
  const sealedOf = async () => {
    const [messages, pushes] = await Promise.all([
      gateway.database.message.findMany({ where: { conversationId } }),
      gateway.database.push.findMany({ where: { conversationId } }),
    ])
    const sealed = (id: string) => [
      ...messages.filter((row) => row.conversationId === id).map((row) => row.contentSealed ?? ''),
      ...pushes.filter((row) => row.conversationId === id).map((row) => row.planSealed ?? ''),
    ]
    return conversationId.in.map(sealed)
  }
  const [erased = [], staying = []] = await sealedOf()
  expect([erased.length, staying.length]).toEqual([3, 3])
  const startsOf = (texts: string[]) => texts.map((text) => text.slice(0, 60))
  const before = await kept()
  for (const text of startsOf([...erased, ...staying])) expect(before.includes(text)).toBe(true)

  expect(await erase({ conversationIds: [thread.id] })).toMatchObject({ conversations: 1 })
  const after = await kept()
  for (const text of startsOf(erased)) expect(after.includes(text)).toBe(false)
  for (const text of startsOf(staying)) expect(after.includes(text)).toBe(true)
  expect(await gateway.database.event.count({ where: { conversationId: conversationId.in[0] ?? '' } })).toBe(0)
})

it('the receipt is read from what was removed: nothing is asked of rows that are gone', async () => {
  const thread = await pushedThread({ email: 'vera@people.example' })
  const calls = await gateway.databaseCalls(async () => {
    expect((await erase({ email: 'VERA@people.example' })).activities).toHaveLength(2)
  })
  expect(calls.filter((call) => call.startsWith('PushActivity.'))).toEqual([
    'PushActivity.findMany',
    'PushActivity.findMany',
  ])
  expect(await gateway.database.conversation.count({ where: { externalId: thread.mark } })).toBe(0)
})

it('a thread that goes on after its erasure is another one, and does not touch what was filed', async () => {
  const visitor = { externalId: randomUUID() }
  const thread = await pushedThread(visitor)
  await erase({ externalId: visitor.externalId })
  const messages = `mutation ($id: ID!, $messages: [MessageInput!]!) {
    appendMessages(conversationId: $id, messages: $messages) { __typename }
  }`
  const message = { externalId: 'late', author: 'VISITOR', text: 'late', sentAt: new Date().toISOString() }
  const { appendMessages } = await gateway.execute(messages, { id: thread.id, messages: [message] })
  expect(appendMessages.__typename).toBe('NotFoundError')
})

it('whoever is named by nothing, or by two things, is not looked for', async () => {
  const thread = await startConversation(gateway, 'CHAT', { phone: '+44 20 7946 0957' })
  const blank = { __typename: 'ValidationError', fields: [{ path: ['input', 'phone'] }] }
  expect(await erase({ phone: ' ' })).toEqual(blank)
  for (const input of [{}, { phone: '+44 20 7946 0957', email: 'a@b.example' }, { phone: null }]) {
    const { errors } = await ask(gateway.url, service, mutation, { input })
    expect(errors?.[0]?.extensions.code, JSON.stringify(input)).toBe('BAD_USER_INPUT')
  }
  expect(await gateway.database.conversation.count({ where: { externalId: thread.mark } })).toBe(1)
})

it('agents may not; backends of chat products and admins may', async () => {
  const input = { externalId: 'nobody' }
  const { errors } = await ask(gateway.url, await gateway.key('AGENT'), mutation, { input })
  expect(errors?.[0]?.extensions.code).toBe('FORBIDDEN')
  for (const scope of ['SERVICE', 'ADMIN'] as const) {
    expect(await erase(input, await gateway.key(scope))).toMatchObject({ conversations: 0 })
  }
})

it('another workspace cannot erase by the ids of ours', async () => {
  const thread = await startConversation(gateway, 'CHAT')
  await say(gateway, thread, 'still here')
  const stranger = await gateway.otherWorkspace('Stranger')
  for (const input of [{ conversationIds: [thread.id] }, { phone: '+1 512 555 0143' }]) {
    expect(await erase(input, stranger)).toMatchObject({ conversations: 0 })
  }
  expect(await gateway.database.conversation.count({ where: { externalId: thread.mark } })).toBe(1)
})
