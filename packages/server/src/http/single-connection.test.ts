import { request as httpRequest } from 'node:http'
import { expect, test, vi } from 'vitest'
import { type StreamingServer, startStreamingServer } from '../testing/streaming-server.ts'

const TOKEN = 'x-graphql-event-stream-token'

interface Said {
  event: string
  data: { id: string; payload?: { data?: Record<string, unknown>; errors?: { extensions: { code: string } }[] } }
}

/** A stream that is reserved and open, and what has come through it. */
async function openSingle(server: StreamingServer, as = 'ADMIN') {
  const url = `${server.url}/graphql/stream`
  const authorization = `Bearer ${as}`
  const reserved = await fetch(url, { method: 'PUT', headers: { authorization } })
  expect(reserved.status).toBe(201)
  const token = await reserved.text()
  const leaving = new AbortController()
  const stream = await fetch(url, {
    headers: { authorization, accept: 'text/event-stream', [TOKEN]: token },
    signal: leaving.signal,
  })
  const said: Said[] = []
  const ended = (async () => {
    let text = ''
    for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
      const blocks = `${text}${chunk}`.split('\n\n')
      text = blocks.pop() ?? ''
      for (const block of blocks) {
        const [, event, data] = /^event: (\w+)\ndata: (.*)$/s.exec(block) ?? []
        if (event && data) said.push({ event, data: JSON.parse(data) })
      }
    }
  })().catch(() => {})
  const send = (method: string, query = '', body?: unknown, by = as) =>
    fetch(`${url}${query}`, {
      method,
      headers: { authorization: `Bearer ${by}`, [TOKEN]: token, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    })
  const run = (operationId: unknown, query: string, by = as) =>
    send('POST', '', { query, extensions: { operationId } }, by)
  return { stream, token, said, run, send, ended, leave: () => leaving.abort() }
}

const of = (said: Said[], id: string) =>
  said.filter(({ data }) => data.id === id).map(({ event, data }) => data.payload ?? event)

test('SSE, single: operations of all kinds come through one stream, each under its id, and each is completed', async () => {
  const { stream, said, run, leave } = await openSingle(await startStreamingServer())
  expect(stream.headers.get('content-type')).toMatch(/^text\/event-stream/)
  expect(stream.headers.get('cache-control')).toBe('no-cache, no-transform')
  expect(stream.headers.get('x-accel-buffering')).toBe('no')
  const answers = [
    await run('q', '{ hello }'),
    await run('m', 'mutation { shout(text: "hey") }'),
    await run('s', 'subscription { count(to: 2) }'),
    await run('v', '{ nonsense }'),
    await run('f', '{ fail }'),
  ]
  expect(answers.map(({ status }) => status)).toEqual([202, 202, 202, 202, 202])
  await expect.poll(() => said.filter(({ event }) => event === 'complete')).toHaveLength(5)
  expect(of(said, 'q')).toEqual([{ data: { hello: 'world' } }, 'complete'])
  expect(of(said, 'm')).toEqual([{ data: { shout: 'HEY' } }, 'complete'])
  expect(of(said, 's')).toEqual([{ data: { count: 1 } }, { data: { count: 2 } }, 'complete'])
  expect(of(said, 'v')).toMatchObject([{ errors: [{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }] }, 'complete'])
  expect(of(said, 'f')).toMatchObject([{ errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] }, 'complete'])
  expect(JSON.stringify(said)).not.toContain('swordfish')
  leave()
})

test('SSE, single: an operation that is stopped ends, the others go on, and its id is free again', async () => {
  const server = await startStreamingServer()
  const { waits } = server.seen
  const { said, run, send, leave } = await openSingle(server)
  await run('a', 'subscription { wait }')
  await run('b', 'subscription { wait }')
  await expect.poll(() => waits).toHaveLength(2)
  expect((await run('a', '{ hello }')).status).toBe(409)
  expect((await send('DELETE', '?operationId=a')).status).toBe(200)
  expect(waits.map(({ signal }) => signal.aborted)).toEqual([true, false])
  expect((await run('a', '{ hello }')).status).toBe(202)
  await expect
    .poll(() => of(said, 'a'))
    .toEqual([{ data: { wait: 1 } }, 'complete', { data: { hello: 'world' } }, 'complete'])
  leave()
  await expect.poll(() => waits[1]?.signal.aborted).toBe(true)
})

test('SSE, single: a stream is there for who reserved it alone, and can be opened once', async () => {
  const server = await startStreamingServer()
  const { token, run, send, leave } = await openSingle(server)
  expect((await run('x', '{ hello }', 'AGENT')).status).toBe(404)
  expect((await send('DELETE', '?operationId=x', undefined, 'AGENT')).status).toBe(404)
  const open = (bearer: string, headers: Record<string, string> = {}) =>
    fetch(`${server.url}/graphql/stream?token=${token}`, {
      headers: { authorization: `Bearer ${bearer}`, accept: 'text/event-stream', ...headers },
    }).then(({ status }) => status)
  expect(await open('AGENT')).toBe(404)
  expect(await open('nobody')).toBe(401)
  expect(await open('ADMIN')).toBe(409)
  expect(await open('ADMIN', { accept: 'application/json' })).toBe(406)
  leave()
  await expect.poll(() => open('ADMIN')).toBe(404)
})

test('SSE, single: what is no operation is refused, and so is one before the stream is open', async () => {
  const server = await startStreamingServer()
  const { run, send, leave } = await openSingle(server)
  expect((await run(undefined, '{ hello }')).status).toBe(400)
  expect((await run(7, '{ hello }')).status).toBe(400)
  expect((await run('x', '')).status).toBe(400)
  expect((await send('PATCH')).status).toBe(405)
  expect((await send('DELETE')).status).toBe(400)
  expect((await send('DELETE', '?operationId=unknown')).status).toBe(200)
  leave()
  const headers = { authorization: 'Bearer ADMIN', 'content-type': 'application/json' }
  const put = () => fetch(`${server.url}/graphql/stream`, { method: 'PUT', headers })
  const token = await (await put()).text()
  const early = await fetch(`${server.url}/graphql/stream`, {
    method: 'POST',
    headers: { ...headers, [TOKEN]: token },
    body: JSON.stringify({ query: '{ hello }', extensions: { operationId: 'x' } }),
  })
  expect(early.status).toBe(409)
  const more = await Promise.all(Array.from({ length: 20 }, async () => (await put()).status))
  expect(more.filter((status) => status === 429)).toHaveLength(1)
})

test('SSE, single: when the right ends, every operation is told why and the stream ends', async () => {
  const server = await startStreamingServer()
  const { said, run, ended } = await openSingle(server)
  await run('a', 'subscription { wait }')
  await expect.poll(() => said).toHaveLength(1)
  server.endAccess()
  await ended
  expect(of(said, 'a').slice(1)).toMatchObject([{ errors: [{ extensions: { code: 'UNAUTHENTICATED' } }] }, 'complete'])
  expect(server.seen.waits[0]?.signal.aborted).toBe(true)
})

test.each([
  ['distinct', '/graphql'],
  ['single', '/graphql/stream'],
])('SSE, %s: of a client that does not read, little is taken from the source', async (mode, path) => {
  const server = await startStreamingServer()
  const { seen } = server
  const query = 'subscription { large }'
  const headers = { authorization: 'Bearer ADMIN', 'content-type': 'application/json', accept: 'text/event-stream' }
  const open = (method: string, more: Record<string, string>, body?: string) => {
    const opened = httpRequest(`${server.url}${path}`, { method, headers: { ...headers, ...more } })
    opened.on('error', () => {})
    // Its answer is never read.
    opened.once('response', (response) => response.pause())
    opened.end(body)
    return opened
  }
  let stalled = open('POST', {}, JSON.stringify({ query }))
  if (mode === 'single') {
    stalled.destroy()
    const token = await (await fetch(`${server.url}${path}`, { method: 'PUT', headers })).text()
    stalled = open('GET', { [TOKEN]: token })
    await new Promise((resolve) => stalled.once('response', resolve))
    const body = JSON.stringify({ query, extensions: { operationId: 'x' } })
    await fetch(`${server.url}${path}`, { method: 'POST', headers: { ...headers, [TOKEN]: token }, body })
  }
  await expect.poll(() => seen.taken).toBeGreaterThan(1)
  let before = 0
  await vi.waitFor(
    () => {
      const still = before === seen.taken
      before = seen.taken
      expect(still).toBe(true)
    },
    { interval: 100, timeout: 20_000 },
  )
  // What the two sockets hold, not what there is.
  expect(seen.taken).toBeLessThan(500)
  stalled.destroy()
})
