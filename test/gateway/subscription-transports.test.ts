/** Subscriptions as the clients of each protocol see them, and what two processes on one database have of one another. */
import { createClient as createSseClient } from 'graphql-sse'
import { createClient as createSocketClient } from 'graphql-ws'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import WebSocket, { type ClientOptions } from 'ws'
import { disconnect } from './connecting.ts'
import { end, say, startConversation, tag } from './conversing.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { orgsOf, searchRecords } from './searching.ts'
import { type SecondGateway, startSecondGateway } from './second-gateway.ts'

let gateway: RunningGateway
let second: SecondGateway
let ada: string

beforeAll(async () => {
  gateway = await startGateway()
  second = await startSecondGateway(gateway)
  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', kinds: ['CONTACT'] })
  ada = hits.find(({ record }) => record.integration.provider === 'DYNAMICS')?.record.id ?? ''
})
afterAll(async () => {
  await second.stop()
  await gateway.stop()
})

/** What a client brings to say who it is. */
type Headers = Partial<Record<'authorization' | 'cookie', string>>

interface Result {
  data?: Record<string, unknown> | null
  errors?: readonly { message: string; extensions?: Record<string, unknown> }[]
}

interface Client {
  iterate(request: { query: string; variables?: Record<string, unknown> }): AsyncIterableIterator<Result>
  dispose(): unknown
}

/** None tries again by itself: a test sees the first failure. */
const transports: Record<string, (url: string, headers: Headers) => Client> = {
  'SSE, distinct': (url, headers) =>
    createSseClient({ url: `${url}/graphql`, headers: { ...headers }, retryAttempts: 0 }) as Client,
  'SSE, single': (url, headers) =>
    createSseClient({
      singleConnection: true,
      url: `${url}/graphql/stream`,
      headers: { ...headers },
      retryAttempts: 0,
    }) as Client,
  WebSocket: (url, { authorization, cookie }) =>
    createSocketClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: class extends WebSocket {
        constructor(address: string, protocols: string, options: ClientOptions) {
          super(address, protocols, { ...options, headers: cookie === undefined ? {} : { cookie } })
        }
      },
      ...(authorization !== undefined && { connectionParams: { authorization } }),
      retryAttempts: 0,
    }) as Client,
}
const names = Object.keys(transports)

const opened: Client[] = []
afterEach(async () => {
  for (const client of opened.splice(0)) await client.dispose()
})

function open(name: string, url: string, headers: Headers): Client {
  const client = transports[name]?.(url, headers)
  if (!client) throw new Error(`There is no ${name}`)
  opened.push(client)
  return client
}

const bearer = (key: string): Headers => ({ authorization: `Bearer ${key}` })
const admin = () => bearer(gateway.demo.key)

const CONVERSATION = `subscription ($ids: [ID!]!, $after: ID) {
  conversationEvents(conversationIds: $ids, after: $after) { __typename id ... on MessageAppended { message { text } } }
}`
const INTEGRATION = `subscription ($after: ID) { integrationEvents(after: $after) { __typename integration { id } } }`
const PUSH = `subscription ($after: ID) { pushEvents(after: $after) { __typename push { status } } }`

/** The first results of a subscription; fewer where it ends before. */
async function take(results: AsyncIterableIterator<Result>, count: number): Promise<Result[]> {
  const taken: Result[] = []
  while (taken.length < count) {
    const { value, done } = await results.next()
    if (done) break
    taken.push(value)
  }
  if (taken.length === count) await results.return?.()
  return taken
}

interface Heard {
  __typename: string
  id: string
  message?: { text: string }
}
const heard = (results: Result[]) => results.map(({ data }) => data?.conversationEvents as Heard)

/** The newest event of all: a subscription behind it hears what comes from now on, whenever it begins. */
const now = async () => String((await gateway.database.event.findFirst({ orderBy: { id: 'desc' } }))?.id ?? 0)

describe.each(names)('%s', (name) => {
  it('has several subscriptions of one client side by side, each with its own events', async () => {
    const thread = await startConversation(gateway, 'SMS')
    const { DYNAMICS } = await orgsOf(gateway)
    const client = open(name, gateway.url, admin())
    const after = await now()
    const conversation = take(client.iterate({ query: CONVERSATION, variables: { ids: [thread.id], after } }), 1)
    const pushes = take(client.iterate({ query: PUSH, variables: { after } }), 1)
    const integrations = take(client.iterate({ query: INTEGRATION, variables: { after } }), 1)
    await say(gateway, thread, 'second')
    await tag(gateway, thread, [ada])
    await gateway.execute('mutation ($id: ID!) { checkIntegration(id: $id) { __typename } }', { id: DYNAMICS.id })
    expect(heard(await conversation)).toMatchObject([{ message: { text: `${thread.mark} second` } }])
    expect(await pushes).toEqual([{ data: { pushEvents: { __typename: 'PushEvent', push: { status: 'QUEUED' } } } }])
    expect(await integrations).toEqual([
      { data: { integrationEvents: { __typename: 'IntegrationStatusChanged', integration: { id: DYNAMICS.id } } } },
    ])
  })

  it('hears on one instance what happened on the other, and goes on there where it stopped here', async () => {
    const chat = await startConversation(gateway, 'CHAT')
    const variables = { ids: [chat.id], after: '0' }
    const there = take(open(name, second.url, admin()).iterate({ query: CONVERSATION, variables }), 3)
    await say(gateway, chat, 'second')
    await end(gateway, chat)
    const all = heard(await there)
    expect(all.map(({ __typename }) => __typename)).toEqual(['MessageAppended', 'MessageAppended', 'ConversationEnded'])
    const again = { ids: [chat.id], after: all[0]?.id }
    const rest = await take(open(name, gateway.url, admin()).iterate({ query: CONVERSATION, variables: again }), 2)
    expect(heard(rest)).toEqual(all.slice(1))
  })

  it('tells why an operation cannot run', async () => {
    const client = open(name, gateway.url, bearer(await gateway.key('AGENT')))
    // An operation that never ran ends a WebSocket's iterator with its errors; server-sent events bring them as a result.
    const codes = async (query: string) => {
      const fail = (errors: Result['errors']) => errors?.map(({ extensions }) => extensions?.code)
      return take(client.iterate({ query }), 1).then(([result]) => fail(result?.errors), fail)
    }
    expect(await codes('subscription { nonsense }')).toEqual(['GRAPHQL_VALIDATION_FAILED'])
    expect(await codes('subscription {')).toEqual(['GRAPHQL_PARSE_FAILED'])
    expect(await codes('subscription { integrationEvents { id } }')).toEqual(['FORBIDDEN'])
    expect(await codes('subscription { conversationEvents(conversationIds: ["x"]) { id } }')).toEqual(['NOT_FOUND'])
    expect(await codes('subscription { pushEvents(after: "999999999") { id } }')).toEqual(['CURSOR_EXPIRED'])
  })

  it.each([{}, bearer('bck_nobody_knows_this_key')])('lets nobody in with %o', async (headers) => {
    const refused = await take(open(name, gateway.url, headers).iterate({ query: PUSH }), 1).catch(
      (error: unknown) => error,
    )
    expect(refused).toMatchObject(name === 'WebSocket' ? { code: 4403 } : { response: { status: 401 } })
  })

  it('ends, when its server closes, as by an accident: a client that tries again comes back', async () => {
    const third = await startSecondGateway(gateway)
    const chat = await startConversation(gateway, 'CHAT')
    const results = open(name, third.url, admin()).iterate({
      query: CONVERSATION,
      variables: { ids: [chat.id], after: '0' },
    })
    expect((await results.next()).done).toBe(false)
    const next = results.next().then(
      ({ done }) => `done: ${done}`,
      () => 'broken off',
    )
    await third.stop()
    expect(await next).toBe('broken off')
  })
})

it.each(['SSE, single', 'WebSocket'])('%s runs queries and mutations too', async (name) => {
  const client = open(name, gateway.url, admin())
  const input = { externalId: `over ${name}`, channel: 'CHAT', visitor: {} }
  const query = `mutation ($input: StartConversationInput!) {
    startConversation(input: $input) { ... on ConversationSuccess { conversation { externalId } } }
  }`
  expect(await take(client.iterate({ query, variables: { input } }), 2)).toEqual([
    { data: { startConversation: { conversation: { externalId: input.externalId } } } },
  ])
  expect(await take(client.iterate({ query: '{ viewer { kind } }' }), 2)).toEqual([
    { data: { viewer: { kind: 'API_KEY' } } },
  ])
})

describe('T19: a subscription ends with the right of its caller, on every instance', () => {
  const owner = { email: 'owner@example.com', password: 'a long password' }

  async function signIn(): Promise<string> {
    const answer = await fetch(`${gateway.url}/auth/sign-in/email`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', origin: gateway.url },
      body: JSON.stringify(owner),
    })
    expect(answer.status).toBe(200)
    return answer.headers
      .getSetCookie()
      .map((cookie) => cookie.split(';')[0])
      .join('; ')
  }

  /** One subscription over each transport that has heard of something, and what each ends by. */
  async function listen(url: string, headers: Headers): Promise<() => Promise<unknown[]>> {
    const chat = await startConversation(gateway, 'CHAT')
    const ends = await Promise.all(
      names.map(async (name) => {
        const client = open(name, url, headers)
        const results = client.iterate({ query: CONVERSATION, variables: { ids: [chat.id], after: '0' } })
        expect((await results.next()).value?.errors).toBeUndefined()
        return { ended: take(results, Number.POSITIVE_INFINITY).catch((error: unknown) => error) }
      }),
    )
    return () => Promise.all(ends.map(({ ended }) => ended))
  }

  /** As it happened, with the one and the other protocol's word for it. */
  const told = [
    [{ errors: [expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED' } })] }],
    [{ errors: [expect.objectContaining({ extensions: { code: 'UNAUTHENTICATED' } })] }],
    expect.objectContaining({ code: 4403, reason: 'Access has ended' }),
  ]

  it('a key that is revoked, the tokens it had issued, and a session that is signed out', async () => {
    await gateway.gateway.entrance.ensureFirstOwner(owner)
    const { createApiKey } = await gateway.execute(
      `mutation { createApiKey(name: "Ends", scope: SERVICE) { ... on CreateApiKeySuccess { key apiKey { id } } } }`,
    )
    const { issueAgentToken } = await gateway.execute(
      `mutation { issueAgentToken(agentId: "a", agentName: "A") { ... on IssueAgentTokenSuccess { token } } }`,
      {},
      createApiKey.key,
    )
    const cookie = await signIn()
    const ends = await Promise.all([
      listen(gateway.url, bearer(createApiKey.key)),
      listen(second.url, bearer(createApiKey.key)),
      listen(second.url, bearer(issueAgentToken.token)),
      listen(second.url, { cookie }),
    ])
    const others = await listen(second.url, admin())
    await gateway.execute('mutation ($id: ID!) { revokeApiKey(id: $id) { __typename } }', {
      id: createApiKey.apiKey.id,
    })
    const headers = { 'content-type': 'application/json', origin: gateway.url, cookie }
    await fetch(`${gateway.url}/auth/sign-out`, { method: 'POST', headers, body: '{}' })
    for (const ended of ends) expect(await ended()).toEqual(told)
    expect(await Promise.race([others(), Promise.resolve('still open')])).toBe('still open')
  }, 20_000)

  it("a member that is removed, and an agent's token whose time is over", async () => {
    const cookie = await signIn()
    const { issueAgentToken } = await gateway.execute(
      `mutation { issueAgentToken(agentId: "a", agentName: "A", expiresInSeconds: 300) { ... on IssueAgentTokenSuccess { token } } }`,
    )
    const ends = await Promise.all([listen(second.url, { cookie }), listen(gateway.url, bearer(issueAgentToken.token))])
    await gateway.database.member.deleteMany()
    await gateway.database.event.create({ data: { workspaceId: gateway.workspaceId, kind: 'ACCESS_CHANGED' } })
    gateway.skip(300_000)
    for (const ended of ends) expect(await ended()).toEqual(told)
  }, 20_000)
})

it('a disconnected integration is heard of over every transport at once', async () => {
  const { DYNAMICS } = await orgsOf(gateway)
  const after = await now()
  const all = names.map((name) =>
    take(open(name, second.url, admin()).iterate({ query: INTEGRATION, variables: { after } }), 1),
  )
  await disconnect(gateway, DYNAMICS.id)
  for (const results of all) {
    expect(await results).toMatchObject([{ data: { integrationEvents: { integration: { id: DYNAMICS.id } } } }])
  }
})
