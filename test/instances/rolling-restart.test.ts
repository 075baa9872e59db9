/** Two servers behind a plain load balancer, on PostgreSQL and Redis, restarted one after the other while they are used. */
import { randomUUID } from 'node:crypto'
import { setTimeout as wait } from 'node:timers/promises'
import { createClient } from 'graphql-sse'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import {
  runSql,
  startThrowawayPostgresql,
  type ThrowawayPostgresql,
} from '../../packages/server/src/database/throwaway-postgresql.ts'
import { type Answer, ask } from '../gateway/running-gateway.ts'
import { type LoadBalancer, startLoadBalancer } from '../support/load-balancer.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { openInstallation, type ServerProcess } from '../support/server-process.ts'

const EVENTS = `subscription ($ids: [ID!]!, $after: ID) {
  conversationEvents(conversationIds: $ids, after: $after) { id ... on MessageAppended { message { text } } }
}`
const APPEND = `mutation ($id: ID!, $messages: [MessageInput!]!) {
  appendMessages(conversationId: $id, messages: $messages) { __typename }
}`
const START = `mutation ($input: StartConversationInput!) {
  startConversation(input: $input) { ... on ConversationSuccess { conversation { id } } }
}`
const READ = `query ($id: ID!, $after: String) {
  conversation(id: $id) { messages(first: 200, after: $after) { edges { node { text } } pageInfo { hasNextPage endCursor } } }
}`
/** How long the load waits after each answer, in milliseconds: it is to be steady, not heavy. */
const PACE_MS = 20

let postgresql: ThrowawayPostgresql
let redis: RedisServer
beforeAll(async () => {
  postgresql = await startThrowawayPostgresql()
  redis = await startRedis()
  await runSql(postgresql.url('postgres'), 'CREATE DATABASE backchannel')
})
afterAll(async () => {
  await redis.stop()
  await postgresql.stop()
})

test('a rolling restart under load fails no request, keeps every message once, and tells a subscriber of each once', async () => {
  const env = { DATABASE_URL: postgresql.url('backchannel'), REDIS_URL: redis.url, DRAIN_SECONDS: '3' }
  const installation = await openInstallation(env)
  const balancer = await startLoadBalancer()
  onTestFinished(() => balancer.close())
  // One after the other: the first makes the database.
  let running = [await installation.start(), await installation.start()]
  balancer.use(running.map(({ port }) => port))
  const { key } = running[0] ?? { key: '' }
  const client = clientOf(balancer, key)
  await expect.poll(client.isServed).toBe(true)

  const { startConversation } = await client.execute(START, {
    input: { externalId: randomUUID(), channel: 'CHAT', visitor: {} },
  })
  const { id } = startConversation.conversation
  const listening = listen(balancer, key, id)
  const load = startLoad(client, id)
  await expect.poll(() => load.appended.length).toBeGreaterThan(5)

  for (const old of running) {
    const given = balancer.given().get(old.port) ?? 0
    expect(given).toBeGreaterThan(0)
    const restarted = await restart(installation, old, (now) => {
      running = running.map((it) => (it === old ? now : it))
      balancer.use(running.map(({ port }) => port))
    })
    // It takes part before the next one goes.
    await expect.poll(() => balancer.given().get(restarted.port) ?? 0).toBeGreaterThan(5)
  }

  await load.stop()
  expect(load.failures).toEqual([])
  expect(load.answered()).toBeGreaterThan(load.appended.length)
  expect(await readAll(client, id)).toEqual(load.appended)
  await expect.poll(() => listening.texts).toEqual(load.appended)
  // It came back to another one each time that its own went.
  expect(listening.begun()).toBeGreaterThan(1)
  listening.stop()
}, 400_000)

/** Ends one and starts one in its place; the new one is not waited with until the old one is gone. */
async function restart(
  installation: Awaited<ReturnType<typeof openInstallation>>,
  old: ServerProcess,
  onStarted: (now: ServerProcess) => void,
): Promise<ServerProcess> {
  expect(await old.end()).toBe(0)
  const now = await installation.start()
  onStarted(now)
  return now
}

interface Client {
  /** @throws where the answer is not 200, or holds errors */
  execute(query: string, variables?: Record<string, unknown>): Promise<Answer['data']>
  isServed(): Promise<boolean>
}

function clientOf({ url }: LoadBalancer, key: string): Client {
  async function execute(query: string, variables: Record<string, unknown> = {}) {
    const answer = await ask(url, key, query, variables)
    if (answer.status !== 200 || answer.errors) throw new Error(JSON.stringify(answer))
    return answer.data
  }
  return {
    execute,
    isServed: () =>
      execute('{ __typename }').then(
        () => true,
        () => false,
      ),
  }
}

interface Page {
  edges: { node: { text: string } }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

async function readAll({ execute }: Client, id: string): Promise<string[]> {
  const texts: string[] = []
  for (let after: string | null = null; ; ) {
    const { edges, pageInfo }: Page = (await execute(READ, { id, after })).conversation.messages
    texts.push(...edges.map(({ node }) => node.text))
    if (!pageInfo.hasNextPage) return texts
    after = pageInfo.endCursor
  }
}

/** Reads without a break, and appends one message after the other; nothing is tried a second time. */
function startLoad({ execute }: Client, conversationId: string) {
  const failures: string[] = []
  const appended: string[] = []
  let answered = 0
  let isOver = false

  async function again(work: () => Promise<void>): Promise<void> {
    while (!isOver) {
      await work().then(
        () => (answered += 1),
        (error: unknown) => failures.push(String(error)),
      )
      await wait(PACE_MS)
    }
  }
  async function append(): Promise<void> {
    const text = `message ${appended.length}`
    const message = {
      externalId: randomUUID(),
      author: 'VISITOR',
      authorName: 'Ada',
      text,
      sentAt: new Date().toISOString(),
    }
    const { appendMessages } = await execute(APPEND, { id: conversationId, messages: [message] })
    if (appendMessages.__typename !== 'ConversationSuccess') throw new Error(JSON.stringify(appendMessages))
    appended.push(text)
  }
  const read = async () => void (await execute('{ viewer { workspace { name } } integrations { status } }'))
  const work = [again(append), again(read), again(read)]
  return {
    failures,
    appended,
    answered: () => answered,
    async stop() {
      isOver = true
      await Promise.all(work)
    },
  }
}

/** A subscriber that comes back wherever it is sent, behind the last event that it has seen. */
function listen({ url }: LoadBalancer, key: string, conversationId: string) {
  const texts: string[] = []
  let after = '0'
  let begun = 0
  let isOver = false
  const client = createClient({ url: `${url}/graphql`, headers: { authorization: `Bearer ${key}` }, retryAttempts: 0 })

  async function listenOnce(): Promise<void> {
    begun += 1
    for await (const { data, errors } of client.iterate({
      query: EVENTS,
      variables: { ids: [conversationId], after },
    })) {
      const event = data?.['conversationEvents'] as { id: string; message?: { text: string } } | undefined
      if (errors || !event) throw new Error(JSON.stringify(errors))
      after = event.id
      if (event.message) texts.push(event.message.text)
    }
  }
  void (async () => {
    while (!isOver) await listenOnce().catch(() => {})
  })()
  return {
    texts,
    begun: () => begun,
    stop() {
      isOver = true
      client.dispose()
    },
  }
}
