/** F28: PostgreSQL ends under a running gateway, as by a power cut, and comes back. */
import { setTimeout as wait } from 'node:timers/promises'
import { createClient as createSocketClient } from 'graphql-ws'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import WebSocket from 'ws'
import {
  startThrowawayPostgresql,
  type ThrowawayPostgresql,
} from '../../packages/server/src/database/throwaway-postgresql.ts'
import { activitiesOf, type Conversation, delivered, startConversation, tag } from '../gateway/conversing.ts'
import { ask, type RunningGateway, startGateway } from '../gateway/running-gateway.ts'
import { orgsOf, searchRecords } from '../gateway/searching.ts'
import { holderOf, post, type SignedIn, signIn } from '../gateway/signing-in.ts'
import { openCrm } from '../rules/support/rules.ts'

const account = { email: 'owner@example.com', password: 'a long password' }

let postgresql: ThrowawayPostgresql
let gateway: RunningGateway
let thread: Conversation
let admin: string
let unused: string
let unseen: string
let owner: SignedIn
beforeAll(async () => {
  postgresql = await startThrowawayPostgresql()
  gateway = await startGateway({ people: 10, worker: true, databaseUrl: postgresql.url('postgres') })
  thread = await startConversation(gateway, 'CHAT')
  admin = await gateway.key('ADMIN')
  unused = await gateway.key('SERVICE')
  unseen = await gateway.key('SERVICE')
  await gateway.gateway.entrance.ensureFirstOwner(account)
  owner = await signIn(gateway, account)
})
afterAll(async () => {
  await gateway.stop()
  await postgresql.stop()
})

const APPEND = `mutation ($id: ID!, $messages: [MessageInput!]!) {
  appendMessages(conversationId: $id, messages: $messages) { ... on ConversationSuccess { conversation { id } } }
}`

/** Three messages in one call. */
const append = (call: number) =>
  ask(gateway.url, admin, APPEND, {
    id: thread.id,
    messages: [0, 1, 2].map((part) => ({
      ...{ externalId: `${call}-${part}`, author: 'VISITOR', text: 'hello', sentAt: '2026-11-25T12:00:00Z' },
    })),
  })

const kept = () => gateway.database.message.count()
const ME = '{ viewer { kind } }'
const ready = async () => (await fetch(`${gateway.url}/ready`)).status

/** Ends PostgreSQL when what has begun needs messages, which it is kept from until then. */
async function loseInTheMiddle(begin: () => void | Promise<void>) {
  const waiting = () => gateway.database.$queryRaw`SELECT 1 FROM pg_locks WHERE NOT granted`
  const holding = gateway.database.$transaction(
    async (database) => {
      await database.$executeRaw`LOCK TABLE "Message" IN ACCESS EXCLUSIVE MODE`
      await begin()
      await expect.poll(waiting).not.toEqual([])
      await postgresql.kill()
    },
    { timeout: 60_000 },
  )
  await expect(holding).rejects.toThrow('cannot be reached')
}

test('F28: whoever asks while PostgreSQL is away is told to try again, and then the same gateway answers', async () => {
  const before = await kept()
  let writing: ReturnType<typeof append>[] = []
  await loseInTheMiddle(() => {
    writing = [1, 2, 3, 4].map(append)
  })
  const answers = await Promise.all(writing)
  for (const { errors } of answers) expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['TRY_AGAIN'])

  const asked = await Promise.all([append(5), append(6), ask(gateway.url, unused, ME)])
  for (const { errors } of asked) expect(errors?.map(({ extensions }) => extensions.code)).toEqual(['TRY_AGAIN'])
  await expect(holderOf(gateway, owner.cookie).execute(ME)).rejects.toThrow('"TRY_AGAIN"')
  const refused = await post(gateway, '/sign-in/email', account)
  expect([refused.status, refused.headers.get('retry-after')]).toEqual([503, '1'])
  const said = [JSON.stringify([answers, asked]), await refused.text()].join('\n')
  expect(said).toContain('The database cannot be reached or used at the moment.')
  expect(said).not.toMatch(/INTERNAL|Prisma|PGSQL|ENOENT|bc-pg|node_modules|terminated/)
  expect(await ready()).toBe(503)
  expect((await fetch(`${gateway.url}/health`)).status).toBe(200)

  await postgresql.start()
  await expect.poll(ready).toBe(200)
  expect(await kept()).toBe(before)
  for (const call of [1, 2, 3, 4, 5, 6]) expect((await append(call)).errors).toBeUndefined()
  expect(await kept()).toBe(before + 18)
  await signIn(gateway, account)
  const failed = gateway.lines.filter((line) => line.includes('A request failed'))
  expect(failed).toEqual([])
})

const TRY_AGAIN_LATER = 1013

/** A client of the WebSocket that comes back, as such clients do; what it hears of the conversation goes to `heard`. */
function listenOverSocket(key: string, after: string) {
  const heard: unknown[] = []
  const closed: unknown[] = []
  const client = createSocketClient({
    url: `${gateway.url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization: `Bearer ${key}` },
    retryAttempts: 1_000,
    retryWait: () => wait(50),
    on: { closed: (event) => closed.push(Reflect.get(Object(event), 'code')) },
  })
  onTestFinished(() => client.dispose())
  const done = { error: (error: unknown) => heard.push(error), complete: () => heard.push('completed') }
  client.subscribe(
    { query: EVENTS, variables: { ids: [thread.id], after } },
    { next: (result) => heard.push(result), ...done },
  )
  return { client, heard, closed }
}

const EVENTS = `subscription ($ids: [ID!]!, $after: ID) {
  conversationEvents(conversationIds: $ids, after: $after) { id ... on MessageAppended { message { text } } }
}`

test('F28: a WebSocket stays open while PostgreSQL is away, and no event is lost to those who listen', async () => {
  const { database, lines } = gateway
  const before = lines.length
  const message = await database.message.findFirstOrThrow({ orderBy: { arrival: 'asc' } })
  const newest = async () => (await database.event.findFirstOrThrow({ orderBy: { id: 'desc' } })).id
  const after = String(await newest())
  const { client, heard } = listenOverSocket(admin, after)
  const text = `${thread.mark} first`
  const told = (id: number) => ({ data: { conversationEvents: { id: String(id), message: { text } } } })
  const { workspaceId, conversationId, id: messageId } = message
  const addEvent = () =>
    database.event.create({ data: { workspaceId, kind: 'MESSAGE_APPENDED', conversationId, messageId } })
  const first = await addEvent()
  await expect.poll(() => heard).toEqual([told(first.id)])

  let second = 0
  await loseInTheMiddle(async () => {
    second = (await addEvent()).id
  })
  const asked = await client.iterate({ query: '{ conversations(first: 1) { edges { node { id } } } }' }).next()
  expect(asked.value?.errors).toMatchObject([{ extensions: { code: 'TRY_AGAIN' } }])
  const late = listenOverSocket(unseen, after)
  await expect.poll(() => late.closed).toContain(TRY_AGAIN_LATER)
  expect(heard).toHaveLength(1)

  await postgresql.start()
  await expect.poll(ready).toBe(200)
  const third = await addEvent()
  const all = [first.id, second, third.id].map(told)
  await expect.poll(() => heard).toEqual(all)
  await expect.poll(() => late.heard).toEqual(all)
  const failed = lines.slice(before).filter((line) => line.includes('"level":"error"'))
  expect(failed).toEqual([])
})

test('F28: a push whose CRM answers while PostgreSQL is away is no fault of ours, and its activity is there once', async () => {
  const conversation = await startConversation(gateway, 'SMS')
  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'] })
  const ada = hits.find(({ record }) => record.integration.provider === 'DYNAMICS')
  await gateway.crm.dynamics.setLatency({ ms: 1_500 })
  await tag(gateway, conversation, [ada?.record.id ?? ''])
  const writing = async () =>
    (await gateway.crm.dynamics.calls()).filter(({ method, status }) => method !== 'GET' && status === 0)
  await expect.poll(writing).not.toEqual([])
  await postgresql.kill()
  const noted = () => gateway.lines.filter((line) => line.includes('What became of a push was not noted'))
  await expect.poll(noted).toHaveLength(1)

  await gateway.crm.dynamics.setLatency({ ms: 0 })
  await postgresql.start()
  await expect.poll(ready).toBe(200)
  // Its lease ends.
  gateway.skip(10 * 60_000)
  await delivered(gateway, conversation, 1)
  expect(await activitiesOf(gateway, 'DYNAMICS', conversation)).toHaveLength(1)
  const faults = gateway.lines.filter((line) => /"level":"error".*"pushId"/.test(line))
  expect(faults).toEqual([])
})

test('F28: a look-up whose CRM answers while PostgreSQL is away is no fault of ours, and is made again', async () => {
  const { dynamics } = gateway.crm
  const crm = await openCrm(gateway, (await orgsOf(gateway)).DYNAMICS, dynamics)
  await crm.settings({ fetchCrmData: true })
  await dynamics.clearCalls()
  await dynamics.setLatency({ ms: 1_500 })
  const { id } = await startConversation(gateway, 'SMS')
  await expect.poll(async () => (await dynamics.calls()).filter(({ status }) => status === 0)).not.toEqual([])
  await postgresql.kill()
  const noted = () => gateway.lines.filter((line) => line.includes('A visitor could not be looked up'))
  await expect.poll(noted).toHaveLength(1)

  await dynamics.setLatency({ ms: 0 })
  await postgresql.start()
  await expect.poll(ready).toBe(200)
  // Its lease ends.
  gateway.skip(10 * 60_000)
  const query = 'query ($id: ID!) { conversation(id: $id) { visitor { firstName } } }'
  const nameOf = async () => (await gateway.execute(query, { id })).conversation.visitor.firstName
  await expect.poll(nameOf).toBe('Ada')
  const faults = gateway.lines.filter((line) => /"level":"error".*"conversationId"/.test(line))
  expect(faults).toEqual([])
})
