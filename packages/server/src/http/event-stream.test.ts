import { type ClientRequest, createServer, request as httpRequest } from 'node:http'
import type { AddressInfo } from 'node:net'
import { expect, onTestFinished, test } from 'vitest'
import { startStreamingServer } from '../testing/streaming-server.ts'
import { type Results, sendEventStream } from './event-stream.ts'

const headers = { authorization: 'Bearer ADMIN', accept: 'text/event-stream' }
const queryOf = (query: string, variables: object = {}) =>
  new URLSearchParams({ query, variables: JSON.stringify(variables) }).toString()

test('a stream by GET takes its operation from the query, and is never held back by a proxy', async () => {
  const { url } = await startStreamingServer()
  const search = queryOf('subscription ($to: Int) { count(to: $to) }', { to: 2 })
  const response = await fetch(`${url}/graphql?${search}`, { headers })
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  })
  expect(response.headers.has('content-encoding')).toBe(false)
  expect(await response.text()).toBe(
    ':\n\n' +
      'event: next\ndata: {"data":{"count":1}}\n\n' +
      'event: next\ndata: {"data":{"count":2}}\n\n' +
      'event: complete\ndata:\n\n',
  )
})

test.each([
  ['{ hello }', '{"data":{"hello":"world"}}'],
  ['{ nonsense }', '"GRAPHQL_VALIDATION_FAILED"'],
  ['{', '"GRAPHQL_PARSE_FAILED"'],
])('%s is answered inside the stream, which is then complete', async (query, said) => {
  const { url } = await startStreamingServer()
  const text = await (await fetch(`${url}/graphql?${queryOf(query)}`, { headers })).text()
  expect(text).toContain(said)
  expect(text).toMatch(/^:\n\nevent: next\ndata: .*\n\nevent: complete\ndata:\n\n$/)
})

test('a mutation by GET, and variables that are no JSON, are refused before a stream begins', async () => {
  const { url } = await startStreamingServer()
  const mutation = await fetch(`${url}/graphql?${queryOf('mutation { shout(text: "hey") }')}`, { headers })
  expect(mutation.status).toBe(405)
  expect((await fetch(`${url}/graphql?query={hello}&variables={`, { headers })).status).toBe(400)
  expect((await fetch(`${url}/graphql`, { headers })).status).toBe(400)
})

test('what fails in the middle of a stream is logged and cut off, and nothing of it is told', async () => {
  const server = await startStreamingServer()
  const said = await fetch(`${server.url}/graphql?${queryOf('subscription { breaks }')}`, { headers })
    .then((response) => response.text())
    .catch((error: Error) => error.message)
  expect(said).not.toContain('swordfish')
  await expect.poll(() => server.lines.join('')).toContain('swordfish')
})

test.each(['*/*', 'text/*', 'multipart/mixed', 'application/json', 'text/event-stream;q=0'])(
  'T19: a subscription by GET begins only where its caller is watched over: not with "Accept: %s"',
  async (accept) => {
    const { url, seen } = await startStreamingServer()
    const response = await fetch(`${url}/graphql?${queryOf('subscription { wait }')}`, {
      headers: { ...headers, accept },
    })
    expect(await response.text()).not.toContain('"wait":1')
    expect(seen.waits).toEqual([])
  },
)

test('T19: the media type of a stream is read as every media type is', async () => {
  const server = await startStreamingServer()
  const response = await fetch(`${server.url}/graphql?${queryOf('subscription { wait }')}`, {
    headers: { ...headers, accept: 'Text/Event-Stream' },
  })
  server.endAccess()
  expect(await response.text()).toContain('UNAUTHENTICATED')
})

test.each([
  'application/graphql-response+json, application/graphql+json, application/json, text/event-stream, multipart/mixed',
  'text/event-stream, application/json',
])(
  'a client that always accepts %s gets JSON for what is answered once, and a stream for a subscription',
  async (accept) => {
    const { post } = await startStreamingServer()
    const [query, wrong, subscription] = await Promise.all(
      ['{ hello }', '{ nonsense }', 'subscription { count(to: 1) }'].map((text) =>
        post({ query: text }, { headers: { accept } }),
      ),
    )
    expect(await query?.json()).toEqual({ data: { hello: 'world' } })
    expect(await wrong?.json()).toMatchObject({ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] })
    expect(subscription?.headers.get('content-type')).toMatch(/^text\/event-stream/)
    expect(await subscription?.text()).toContain('"count":1')
  },
)

test('nothing is begun, and nothing pings, for a client that left while its subscription was opened', async () => {
  const left = new Promise<{ returned: boolean; begun: boolean }>((resolve) => {
    let leaving: ClientRequest | null = null
    const server = createServer((_request, response) => {
      response.once('close', () => {
        let returned = false
        const results = {
          next: () => new Promise(() => {}),
          return: async () => (returned = true),
        } as unknown as Results
        void sendEventStream(response, results)
        resolve({ returned, begun: response.headersSent })
      })
      leaving?.destroy()
    })
    onTestFinished(() => void server.close())
    server.listen(0, '127.0.0.1', () => {
      leaving = httpRequest({ port: (server.address() as AddressInfo).port, host: '127.0.0.1' })
      leaving.on('error', () => {})
      leaving.end()
    })
  })
  expect(await left).toEqual({ returned: true, begun: false })
})

test('T20: streams of both kinds beyond what one token may have open are refused', async () => {
  const server = await startStreamingServer()
  const agent = { authorization: 'Bearer AGENT', 'content-type': 'application/json' }
  const leaving = new AbortController()
  onTestFinished(() => leaving.abort())
  const open = (body: object) =>
    fetch(`${server.url}/graphql`, {
      method: 'POST',
      headers: { ...agent, accept: 'text/event-stream' },
      body: JSON.stringify(body),
      signal: leaving.signal,
    })
  const token = await (await fetch(`${server.url}/graphql/stream`, { method: 'PUT', headers: agent })).text()
  const all = await Promise.all(Array.from({ length: 200 }, () => open({ query: 'subscription { wait }' })))
  expect(new Set(all.map(({ status }) => status))).toEqual(new Set([200]))
  expect((await open({ query: 'subscription { wait }' })).status).toBe(429)
  const single = { headers: { ...agent, accept: 'text/event-stream', 'x-graphql-event-stream-token': token } }
  expect((await fetch(`${server.url}/graphql/stream`, single)).status).toBe(429)
})

test('a query that is to be answered as a stream is answered, too, by a server that closes meanwhile', async () => {
  const { post, seen, endStreams } = await startStreamingServer()
  const answer = post({ query: '{ slow }' }, { headers })
  await expect.poll(() => seen.answers).toHaveLength(1)
  endStreams()
  seen.answers[0]?.('done')
  const text = await (await answer).text()
  expect(text).toContain('event: next\ndata: {"data":{"slow":"done"}}')
  expect(text).toContain('event: complete')
})
