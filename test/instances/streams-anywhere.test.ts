/**
 * The mode of many subscriptions over one stream, as the admin app uses it, behind a load balancer that sends each request of
 * a client to another gateway.
 */
import { createClient } from 'graphql-sse'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { say, startConversation } from '../gateway/conversing.ts'
import { type RunningGateway, startGateway } from '../gateway/running-gateway.ts'
import { type SecondGateway, startSecondGateway } from '../gateway/second-gateway.ts'
import { type LoadBalancer, startLoadBalancer } from '../support/load-balancer.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'

const TOKEN = 'x-graphql-event-stream-token'
const EVENTS = `subscription ($ids: [ID!]!) {
  conversationEvents(conversationIds: $ids, after: "0") { ... on MessageAppended { message { text } } }
}`

let redis: RedisServer
let one: RunningGateway
let other: SecondGateway
let balancer: LoadBalancer
let key: string

beforeAll(async () => {
  redis = await startRedis()
  const instance = { redisUrl: redis.url }
  one = await startGateway({ people: 1, instance })
  other = await startSecondGateway(one, instance)
  balancer = await startLoadBalancer()
  balancer.use([one, other].map(({ url }) => Number(new URL(url).port)))
  key = await one.key('ADMIN')
})
afterAll(async () => {
  await balancer.close()
  await other.stop()
  await one.stop()
  await redis.stop()
})

const headersOf = (bearer: string, token?: string) => ({
  authorization: `Bearer ${bearer}`,
  'content-type': 'application/json',
  ...(token !== undefined && { [TOKEN]: token }),
})

/** A stream that is reserved at one gateway and opened at the other, and what comes through it. */
async function openElsewhere() {
  const token = await (await fetch(`${one.url}/graphql/stream`, { method: 'PUT', headers: headersOf(key) })).text()
  const leaving = new AbortController()
  onTestFinished(() => leaving.abort())
  const headers = { ...headersOf(key, token), accept: 'text/event-stream' }
  const stream = await fetch(`${other.url}/graphql/stream`, { headers, signal: leaving.signal })
  expect(stream.status).toBe(200)
  let text = ''
  const ended = (async () => {
    for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) text += chunk
  })().catch(() => {})
  const openOnceMore = () => fetch(`${one.url}/graphql/stream`, { headers, signal: leaving.signal })
  const run = (operationId: string, query: string, bearer = key) =>
    fetch(`${one.url}/graphql/stream`, {
      method: 'POST',
      headers: headersOf(bearer, token),
      body: JSON.stringify({ query, extensions: { operationId } }),
    })
  const stop = (operationId: string) =>
    fetch(`${one.url}/graphql/stream?operationId=${operationId}`, { method: 'DELETE', headers: headersOf(key, token) })
  return { run, stop, openOnceMore, ended, text: () => text }
}

test('each of its requests reaches another gateway, and all that it asked for comes through its one stream', async () => {
  const isServed = async () => (await fetch(`${balancer.url}/health`)).status
  await expect.poll(isServed).toBe(200)
  const chat = await startConversation(one, 'CHAT')
  const client = createClient({
    singleConnection: true,
    url: `${balancer.url}/graphql/stream`,
    headers: { authorization: `Bearer ${key}` },
    retryAttempts: 0,
  })
  onTestFinished(() => client.dispose())
  const heard = [0, 1, 2].map(() => {
    const texts: unknown[] = []
    const stop = client.subscribe(
      { query: EVENTS, variables: { ids: [chat.id] } },
      {
        next: ({ data }) => texts.push(data?.['conversationEvents']),
        error: (error) => texts.push(error),
        complete() {},
      },
    )
    onTestFinished(stop)
    return texts
  })
  await say(one, chat, 'second')
  const messages = ['first', 'second'].map((text) => ({ message: { text: `${chat.mark} ${text}` } }))
  for (const texts of heard) await expect.poll(() => texts).toEqual(messages)
})

test('what is run there is authenticated there, told of as here, and stopped from here', async () => {
  const { run, stop, text } = await openElsewhere()
  expect((await run('a', '{ viewer { kind } }')).status).toBe(202)
  await expect.poll(text).toContain('{"id":"a","payload":{"data":{"viewer":{"kind":"API_KEY"}}}}')
  expect((await run('b', 'subscription { integrationEvents { id } }')).status).toBe(202)
  expect((await run('b', '{ viewer { kind } }')).status).toBe(409)
  expect((await stop('b')).status).toBe(200)
  await expect.poll(text).toContain('event: complete\ndata: {"id":"b"}')
  expect((await run('c', '{ viewer { kind } }', await one.key('ADMIN'))).status).toBe(404)
})

test('a stream that is opened on another gateway once more is open there alone, and each operation runs once', async () => {
  const { run, openOnceMore, ended, text } = await openElsewhere()
  const again = await openOnceMore()
  expect(again.status).toBe(200)
  await ended
  expect((await run('a', '{ viewer { kind } }')).status).toBe(202)
  let heard = ''
  void (async () => {
    for await (const chunk of again.body?.pipeThrough(new TextDecoderStream()) ?? []) heard += chunk
  })().catch(() => {})
  await expect.poll(() => heard).toContain('{"id":"a","payload":{"data":{"viewer":{"kind":"API_KEY"}}}}')
  expect(text()).not.toContain('"id":"a"')
})

test('without Redis it is refused in words, and goes on when Redis is back', async () => {
  const { run } = await openElsewhere()
  await redis.kill()
  const refused = async () => {
    const answer = await run('a', '{ viewer { kind } }')
    const { errors } = (await answer.json()) as { errors: unknown }
    return [answer.status, errors]
  }
  // What is sent while the connection breaks may have reached somebody, and is refused in other words.
  await expect
    .poll(refused)
    .toMatchObject([409, [{ message: expect.stringContaining('REDIS_URL'), extensions: { code: 'CONFLICT' } }]])
  await redis.start()
  await expect.poll(async () => (await run(`again-${Date.now()}`, '{ viewer { kind } }')).status).toBe(202)
})
