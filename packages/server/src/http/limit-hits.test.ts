import { buildSchema, type GraphQLFieldResolver } from 'graphql'
import { createClient } from 'graphql-ws'
import { describe, expect, test } from 'vitest'
import WebSocket from 'ws'
import type { GatewayContext } from '../context.ts'
import { startTestServer } from '../testing/http.ts'
import { readProxies } from './client-address.ts'
import { type Limits, readLimits, usualLimits } from './limit-values.ts'

const signals: AbortSignal[] = []

function testSchema() {
  const schema = buildSchema('type Query { hello: String long: String slow: String }')
  const fields = schema.getQueryType()?.getFields() ?? {}
  const resolvers: Record<string, GraphQLFieldResolver<unknown, GatewayContext>> = {
    hello: () => 'Hello',
    long: () => 'x'.repeat(70_000),
    slow: (_root, _args, { signal }) => {
      signals.push(signal)
      return new Promise(() => {})
    },
  }
  for (const [name, resolve] of Object.entries(resolvers)) Object.assign(fields[name] ?? {}, { resolve })
  return schema
}

const start = (limits: Partial<Limits>, proxies = readProxies([])) =>
  startTestServer(testSchema(), {}, { limits: { ...usualLimits, ...limits }, proxies })

const bodyOf = async (response: Response) =>
  (await response.json()) as { errors: { message: string; extensions: Record<string, unknown> }[] }

describe('what is limited by its answer', () => {
  test('an answer to GET may be no longer, and takes no longer, than one to POST', async () => {
    const { url } = await start({ answerBytes: 65_536, operationSeconds: 0.05 })
    for (const [query, name] of [
      ['{long}', 'answerBytes'],
      ['{slow}', 'operationSeconds'],
    ]) {
      const answer = await fetch(`${url}/graphql?query=${query}`, { headers: { authorization: 'Bearer ADMIN' } })
      expect((await bodyOf(answer)).errors[0]?.extensions).toMatchObject({ limit: { name } })
    }
  })

  test('what is done for an answer ends when the time for it is over', async () => {
    const { post } = await start({ operationSeconds: 0.05 })
    signals.length = 0
    await post({ query: '{ slow }' })
    expect(signals.map((signal) => signal.aborted)).toEqual([true])
  })
})

describe('who asks too often is answered 429, and told when to go on', () => {
  const query = '{ hello }'

  test('one person, while others go on (T25)', async () => {
    const { post } = await start({ personOperations: 2, windowSeconds: 600 })
    const ask = (as: 'AGENT' | 'SERVICE') => post({ query }, { as })
    const first = await ask('AGENT')
    expect(first.headers.get('ratelimit-policy')).toBe('"personOperations";q=2;w=600')
    expect(first.headers.get('ratelimit')).toBe('"personOperations";r=1;t=600')
    await ask('AGENT')
    const refused = await ask('AGENT')
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(590)
    expect(refused.headers.get('ratelimit')).toMatch(/^"personOperations";r=0;t=\d+$/)
    expect((await bodyOf(refused)).errors[0]).toMatchObject({
      message: expect.stringMatching(/^One person may run 2 operations in 600 s\. Go on in \d+ s\.$/),
      extensions: { code: 'LIMIT_EXCEEDED', limit: { name: 'personOperations', most: 2, found: 3 } },
    })
    expect((await ask('SERVICE')).status).toBe(200)
  })

  test('one key (T26)', async () => {
    const { post } = await start({ keyOperations: 1, windowSeconds: 600 })
    await post({ query })
    expect((await bodyOf(await post({ query }))).errors[0]?.extensions).toMatchObject({
      limit: { name: 'keyOperations' },
    })
  })

  test('new documents of one caller, while those that are known go on, and those of others (T9)', async () => {
    const { post, url } = await start({ documentCharacters: 100, windowSeconds: 600 })
    expect((await post({ query })).status).toBe(200)
    const fresh = (filler: string) => `{ hello } #${filler.repeat(50)}`
    expect((await post({ query: fresh('a') })).status).toBe(200)
    const refused = await post({ query: fresh('b') })
    expect(refused.status).toBe(429)
    expect(Number(refused.headers.get('retry-after'))).toBeGreaterThan(590)
    expect(refused.headers.get('ratelimit-policy')).toBe('"documentCharacters";q=100;w=600')
    expect(refused.headers.get('ratelimit')).toMatch(/^"documentCharacters";r=0;t=\d+$/)
    expect((await bodyOf(refused)).errors[0]).toMatchObject({
      message: expect.stringMatching(/^Put values into variables.* Go on in \d+ s\.$/),
      extensions: { code: 'LIMIT_EXCEEDED', limit: { name: 'documentCharacters', most: 100, found: 131 } },
    })
    const stream = await post({ query: fresh('b') }, { headers: { accept: 'text/event-stream' } })
    expect(stream.status).toBe(429)
    const socket = createClient({
      url: `${url.replace('http', 'ws')}/graphql`,
      webSocketImpl: WebSocket,
      connectionParams: { authorization: 'Bearer ADMIN' },
      retryAttempts: 0,
    })
    const overSocket = socket.iterate({ query: fresh('b') }).next()
    await expect(overSocket).rejects.toMatchObject([{ extensions: { limit: { name: 'documentCharacters' } } }])
    await socket.dispose()

    expect((await post({ query: fresh('a') })).status).toBe(200)
    expect((await post({ query: fresh('c') }, { as: 'AGENT' })).status).toBe(200)
  })

  test('one address, known caller or not, while others go on; /health is always answered (T25)', async () => {
    const { url } = await start({ addressRequests: 2, windowSeconds: 600 }, readProxies(['127.0.0.1']))
    const ask = async (path: string, from: string) =>
      (await fetch(url + path, { headers: { 'x-forwarded-for': from } })).status
    expect(await ask('/graphql', '198.51.100.1')).toBe(401)
    expect(await ask('/graphql', '198.51.100.1')).toBe(401)
    for (const path of ['/graphql', '/auth/sign-in', '/admin']) expect(await ask(path, '198.51.100.1')).toBe(429)
    expect(await ask('/health', '198.51.100.1')).toBe(200)
    expect(await ask('/graphql', '198.51.100.2')).toBe(401)
  })

  test('after the time, one may go on', async () => {
    const { post } = await start({ keyOperations: 1, windowSeconds: 1 })
    await post({ query })
    expect((await post({ query })).status).toBe(429)
    await expect.poll(async () => (await post({ query })).status).toBe(200)
  })

  test('over WebSocket too (T20)', async () => {
    const { url } = await start({ keyOperations: 1, windowSeconds: 600 })
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    const said: unknown[] = []
    socket.on('message', (data: Buffer) => said.push(JSON.parse(data.toString())))
    const send = (message: object) => socket.send(JSON.stringify(message))
    await new Promise((opened) => socket.once('open', opened))
    send({ type: 'connection_init', payload: { authorization: 'Bearer ADMIN' } })
    await expect.poll(() => said).toEqual([{ type: 'connection_ack' }])
    for (const id of ['1', '2']) send({ type: 'subscribe', id, payload: { query } })
    const limit = { name: 'keyOperations', most: 1, found: 2 }
    const refusal = { extensions: expect.objectContaining({ limit }) }
    await expect.poll(() => said).toContainEqual(expect.objectContaining({ type: 'next', id: '1' }))
    await expect
      .poll(() => said)
      .toContainEqual({ type: 'error', id: '2', payload: [expect.objectContaining(refusal)] })
    socket.terminate()
  })

  test('an address opens no more WebSockets than it may send requests (T25)', async () => {
    const { url } = await start({ addressRequests: 1, windowSeconds: 600 })
    await fetch(`${url}/graphql`)
    const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws')
    const status = new Promise((resolve) =>
      socket.once('unexpected-response', (_request, { statusCode, headers }) =>
        resolve([statusCode, headers['ratelimit-policy'], Number(headers['retry-after']) > 590]),
      ),
    )
    socket.on('error', () => {})
    expect(await status).toEqual([429, '"addressRequests";q=1;w=600', true])
  })
})

test('limits are read from the environment, and one that makes no sense is named', () => {
  const faults: string[] = []
  const limits = readLimits(
    {
      LIMIT_REQUEST_SECONDS: '5',
      LIMIT_DEPTH: '20',
      LIMIT_ALIASES: '-1',
      LIMIT_BODY_BYTES: '1e6',
      LIMIT_NESTING: '100000',
    },
    (variable, why) => faults.push(`${variable} ${why}`),
  )
  expect(limits).toEqual({ ...usualLimits, depth: 20, requestSeconds: 5 })
  expect(faults).toEqual([
    'LIMIT_ALIASES must be a whole number from 0 to 10000',
    'LIMIT_BODY_BYTES must be a whole number from 1024 to 104857600',
    'LIMIT_NESTING must be a whole number from 8 to 500',
    'LIMIT_HEADER_SECONDS must not be more than LIMIT_REQUEST_SECONDS',
  ])
})
