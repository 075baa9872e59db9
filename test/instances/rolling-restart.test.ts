/** Two servers behind a plain load balancer and a worker, on PostgreSQL and Redis, restarted one after the other while they are used. */
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import {
  runSql,
  startThrowawayPostgresql,
  type ThrowawayPostgresql,
} from '../../packages/server/src/database/throwaway-postgresql.ts'
import { activitiesOf, type Conversation, end, startConversation, tag } from '../gateway/conversing.ts'
import { ask } from '../gateway/running-gateway.ts'
import { signIn } from '../gateway/signing-in.ts'
import { findContacts } from '../pushes/operations.ts'
import { startLoadBalancer } from '../support/load-balancer.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { openInstallation } from '../support/server-process.ts'
import { listen, overOneStream, overSse, overWebSocket } from './lasting-subscribers.ts'
import { type Client, startLoad } from './steady-load.ts'

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

const owner = { email: 'owner@example.com', password: 'a long password' }
const providers = ['DYNAMICS', 'SALESFORCE'] as const

test('a rolling restart under load fails no request, brings every message to each CRM once, and tells each subscriber of each once', async () => {
  const balancer = await startLoadBalancer()
  onTestFinished(() => balancer.close())
  const installation = await openInstallation({
    DATABASE_URL: postgresql.url('backchannel'),
    REDIS_URL: redis.url,
    DRAIN_SECONDS: '3',
    PUBLIC_URL: balancer.url,
    ADMIN_EMAIL: owner.email,
    ADMIN_PASSWORD: owner.password,
  })
  // One after the other: the first makes the database.
  const first = await installation.start()
  let running = [first, await installation.start()]
  const worker = await installation.startWorker()
  balancer.use(running.map(({ port }) => port))
  await expect.poll(async () => (await fetch(balancer.url)).status).toBe(200)

  const product = clientOf(balancer.url, first.key)
  const person = await signIn(balancer, owner)
  const sms = await startConversation(product, 'SMS')
  const chat = await startConversation(product, 'CHAT')
  const conversations = [sms, chat]
  const records = await findContacts(first, sms.id)
  expect(await tag(product, sms, records)).toMatchObject(tagged)
  expect(await tag(product, chat, records, { afterEnd: true })).toMatchObject(tagged)

  const ids = conversations.map(({ id }) => id)
  const authorization = `Bearer ${first.key}`
  const subscribers = [
    listen(overSse, balancer.url, { authorization }, ids),
    listen(overWebSocket, balancer.url, { authorization }, ids),
    listen(overOneStream, balancer.url, { cookie: person.cookie }, ids),
  ]
  onTestFinished(() => {
    for (const { stop } of subscribers) stop()
  })
  const load = startLoad({ product, person, conversations })
  for (const { texts } of subscribers) await expect.poll(() => texts.length).toBeGreaterThan(2)

  expect(await worker.end()).toBe(0)
  await installation.startWorker()
  for (const old of running) {
    expect(balancer.given().get(old.port) ?? 0).toBeGreaterThan(0)
    // The new one is started when the old one is gone, so that one is left alone.
    expect(await old.end()).toBe(0)
    const now = await installation.start()
    running = running.map((it) => (it === old ? now : it))
    balancer.use(running.map(({ port }) => port))
    // It takes part before the next one goes.
    await expect.poll(() => balancer.given().get(now.port) ?? 0).toBeGreaterThan(5)
  }

  await load.stop()
  expect(load.failures).toEqual([])
  expect(load.answered()).toBeGreaterThan(load.said.length)
  const all = [...conversations.map(({ mark }) => `${mark} first`), ...load.said.map(({ text }) => text)]
  for (const { texts, troubles, connections } of subscribers) {
    await expect.poll(() => texts).toEqual(all)
    expect(troubles).toEqual([])
    // It came back to another one each time that its own went.
    expect(connections()).toBeGreaterThan(1)
  }

  await end(product, chat)
  for (const conversation of conversations) {
    const texts = all.filter((text) => text.startsWith(conversation.mark))
    expect(await readAll(product, conversation)).toEqual(texts)
    for (const provider of providers) {
      const heldTexts = async () => {
        const [activity, ...others] = await activitiesOf({ crm: installation }, provider, conversation)
        expect(others).toEqual([])
        return activity?.text.match(new RegExp(`${conversation.mark} (first|message \\d+;)`, 'g')) ?? []
      }
      await expect.poll(heldTexts, { timeout: 60_000 }).toEqual(texts)
    }
  }
}, 400_000)

const tagged = { outcomes: [{ error: null }, { error: null }] }

/** A chat product; an answer that is not 200, or holds errors, is thrown. */
function clientOf(url: string, key: string): Client {
  return {
    async execute(query, variables) {
      const answer = await ask(url, key, query, variables)
      if (answer.status !== 200 || answer.errors) throw new Error(JSON.stringify(answer))
      return answer.data
    },
  }
}

const READ = `query ($id: ID!, $after: String) {
  conversation(id: $id) { messages(first: 200, after: $after) { edges { node { text } } pageInfo { hasNextPage endCursor } } }
}`

interface Page {
  edges: { node: { text: string } }[]
  pageInfo: { hasNextPage: boolean; endCursor: string | null }
}

async function readAll({ execute }: Client, { id }: Conversation): Promise<string[]> {
  const texts: string[] = []
  for (let after: string | null = null; ; ) {
    const { edges, pageInfo }: Page = (await execute(READ, { id, after })).conversation.messages
    texts.push(...edges.map(({ node }) => node.text))
    if (!pageInfo.hasNextPage) return texts
    after = pageInfo.endCursor
  }
}
