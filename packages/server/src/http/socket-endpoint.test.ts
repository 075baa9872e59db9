import { connect } from 'node:net'
import { expect, test, vi } from 'vitest'
import WebSocket from 'ws'
import { type StreamingServer, startStreamingServer } from '../testing/streaming-server.ts'

interface Talk {
  socket: WebSocket
  /** Messages that came. */
  said: { type: string; id?: string; payload?: unknown }[]
  /** The code and reason that it was closed with. */
  closed: Promise<[number, string]>
  say(message: unknown): void
}

function talk(server: StreamingServer, options: WebSocket.ClientOptions = {}, protocol = 'graphql-transport-ws'): Talk {
  const socket = new WebSocket(`${server.url.replace('http', 'ws')}/graphql`, protocol, options)
  const said: Talk['said'] = []
  socket.on('message', (data: Buffer) => said.push(JSON.parse(data.toString())))
  const closed = new Promise<[number, string]>((resolve) => {
    socket.on('error', () => {})
    socket.once('close', (code, reason) => resolve([code, String(reason)]))
  })
  return {
    socket,
    said,
    closed,
    say: (message) => socket.send(typeof message === 'string' ? message : JSON.stringify(message)),
  }
}

const init = (as = 'ADMIN') => ({ type: 'connection_init', payload: { authorization: `Bearer ${as}` } })
const subscribe = (id: string, query: string) => ({ type: 'subscribe', id, payload: { query } })

/** One that was let in. */
async function connected(server: StreamingServer): Promise<Talk> {
  const it = talk(server)
  await new Promise((resolve) => it.socket.once('open', resolve))
  it.say(init())
  await expect.poll(() => it.said).toEqual([{ type: 'connection_ack' }])
  it.said.length = 0
  return it
}

const openedWith = async (
  server: StreamingServer,
  messages: unknown[],
  options?: WebSocket.ClientOptions,
  protocol?: string,
) => {
  const it = talk(server, options, protocol)
  it.socket.once('open', () => {
    for (const message of messages) it.say(message)
  })
  return it.closed
}

const codeOf = async (...opening: Parameters<typeof openedWith>) => (await openedWith(...opening))[0]

test('WebSocket: queries, mutations and subscriptions run side by side, with errors masked as over HTTP', async () => {
  const { said, say, socket } = await connected(await startStreamingServer())
  say(subscribe('q', '{ hello }'))
  say(subscribe('m', 'mutation { shout(text: "hey") }'))
  say(subscribe('s', 'subscription { count(to: 2) }'))
  say(subscribe('v', '{ nonsense }'))
  say(subscribe('f', '{ fail }'))
  say(subscribe('b', 'subscription { breaks }'))
  await expect.poll(() => said).toHaveLength(2 + 2 + 3 + 1 + 2 + 2)
  const byId = (id: string) => said.filter((message) => message.id === id).map(({ type, payload }) => payload ?? type)
  expect(byId('q')).toEqual([{ data: { hello: 'world' } }, 'complete'])
  expect(byId('m')).toEqual([{ data: { shout: 'HEY' } }, 'complete'])
  expect(byId('s')).toEqual([{ data: { count: 1 } }, { data: { count: 2 } }, 'complete'])
  expect(byId('v')).toMatchObject([[{ extensions: { code: 'GRAPHQL_VALIDATION_FAILED' } }]])
  expect(byId('f')).toMatchObject([
    { data: null, errors: [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }] },
    'complete',
  ])
  expect(byId('b')).toMatchObject([{ data: { breaks: 1 } }, [{ extensions: { code: 'INTERNAL_SERVER_ERROR' } }]])
  expect(JSON.stringify(said)).not.toContain('swordfish')
  socket.close()
})

test('WebSocket: an operation ends when its client completes it, and everything when the client leaves', async () => {
  const server = await startStreamingServer()
  const { waits } = server.seen
  const { said, say, socket } = await connected(server)
  say(subscribe('l', 'subscription { large }'))
  await expect.poll(() => said.length).toBeGreaterThan(2)
  say({ type: 'complete', id: 'l' })
  let before = -1
  await vi.waitFor(
    () => {
      const still = before === server.seen.taken
      before = server.seen.taken
      expect(still).toBe(true)
    },
    { interval: 50, timeout: 20_000 },
  )
  say(subscribe('a', 'subscription { wait }'))
  say(subscribe('q', '{ slow }'))
  await expect.poll(() => waits).toHaveLength(2)
  socket.close()
  await expect.poll(() => waits.every(({ signal }) => signal.aborted)).toBe(true)
})

test('WebSocket: an operation that cannot run is refused, and the others go on', async () => {
  const { said, say, socket } = await connected(await startStreamingServer())
  say(subscribe('n', 'subscription ($on: Boolean = false) { count @include(if: $on) }'))
  say(subscribe('q', '{ hello }'))
  await expect.poll(() => said).toHaveLength(3)
  expect(said.find(({ id }) => id === 'n')).toMatchObject({ type: 'error' })
  expect(said.find(({ id }) => id === 'q')).toMatchObject({ payload: { data: { hello: 'world' } } })
  socket.close()
})

test('WebSocket: what breaks the protocol is answered by its close codes, and what is too deep or too large by its limit (T21)', async () => {
  const server = await startStreamingServer()
  expect(await codeOf(server, ['no json'])).toBe(4400)
  expect(await codeOf(server, [{ type: 'nonsense' }])).toBe(4400)
  expect(await codeOf(server, [subscribe('x', '{ hello }')])).toBe(4401)
  expect(await codeOf(server, [init('nobody')])).toBe(4403)
  expect(await codeOf(server, [{ type: 'connection_init' }])).toBe(4403)
  expect(await codeOf(await startStreamingServer({ initMs: 20 }), [])).toBe(4408)
  const twice = subscribe('x', 'subscription { wait }')
  const known = await connected(server)
  known.say(twice)
  known.say(twice)
  expect((await known.closed)[0]).toBe(4409)
  expect(await codeOf(server, [init(), init()])).toBe(4429)
  const deep = {
    ...init(),
    payload: { authorization: 'Bearer ADMIN', deep: JSON.parse(`${'['.repeat(40)}${']'.repeat(40)}`) },
  }
  expect(await openedWith(server, [deep])).toEqual([4400, 'LIMIT_EXCEEDED: nesting, at most 32'])
  const large = { ...init(), payload: { text: 'x'.repeat(1024 * 1024) } }
  expect(await openedWith(server, [large])).toEqual([1009, 'LIMIT_EXCEEDED: bodyBytes, at most 1048576'])
})

test('WebSocket: another protocol is closed with 4406', async () => {
  const server = await startStreamingServer()
  const socket = connect(server.http.port, '127.0.0.1')
  const bytes: Buffer[] = []
  socket.on('data', (chunk) => bytes.push(chunk))
  socket.write(
    'GET /graphql HTTP/1.1\r\nhost: x\r\nconnection: Upgrade\r\nupgrade: websocket\r\nsec-websocket-version: 13\r\n' +
      'sec-websocket-key: dGhlIHNhbXBsZSBub25jZQ==\r\nsec-websocket-protocol: graphql-ws\r\n\r\n',
  )
  await expect.poll(() => Buffer.concat(bytes).includes(Buffer.from([4406 >> 8, 4406 & 0xff]))).toBe(true)
  socket.destroy()
})

test('WebSocket: one connection may have 100 operations at a time', async () => {
  const { said, say, socket } = await connected(await startStreamingServer())
  for (let id = 0; id < 101; id++) say(subscribe(`${id}`, 'subscription { wait }'))
  await expect.poll(() => said).toHaveLength(101)
  const refused = said.filter(({ type }) => type === 'error')
  expect(refused).toMatchObject([{ id: '100', payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }] }])
  socket.close()
})

test('T20: one token may have 200 connections', async () => {
  const server = await startStreamingServer()
  const all = Array.from({ length: 200 }, () => talk(server))
  for (const one of all) one.socket.once('open', () => one.say(init('AGENT')))
  await expect.poll(() => all.every(({ said }) => said.length === 1)).toBe(true)
  expect(await codeOf(server, [init('AGENT')])).toBe(1013)
  for (const { socket } of all) socket.terminate()
})

test('WebSocket: a query counts until it is answered, also where its client waits no longer', async () => {
  const server = await startStreamingServer()
  const { said, say, socket } = await connected(server)
  for (let id = 0; id < 100; id++) {
    say(subscribe(`${id}`, '{ slow }'))
    await expect.poll(() => server.seen.waits, { interval: 1 }).toHaveLength(id + 1)
    say({ type: 'complete', id: `${id}` })
  }
  say(subscribe('more', '{ slow }'))
  await expect.poll(() => said).toMatchObject([{ id: 'more', payload: [{ extensions: { code: 'LIMIT_EXCEEDED' } }] }])
  socket.close()
})

test('WebSocket: when the right ends the connection is closed with 4403, and so is the work for it', async () => {
  const server = await startStreamingServer()
  const { say, closed } = await connected(server)
  say(subscribe('a', 'subscription { wait }'))
  await expect.poll(() => server.seen.waits).toHaveLength(1)
  server.endAccess()
  expect(await closed).toEqual([4403, 'Access has ended'])
  await expect.poll(() => server.seen.waits[0]?.signal.aborted).toBe(true)
})

test('T13: pages of other origins cannot connect, and a cookie counts only for our own', async () => {
  const server = await startStreamingServer()
  const statusOf = (origin: string) =>
    new Promise((resolve) => {
      const { socket } = talk(server, { headers: { origin } })
      socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode))
      socket.once('open', () => resolve('open'))
    })
  expect(await statusOf('https://evil.example')).toBe(403)
  expect(await statusOf('null')).toBe(403)
  expect(await statusOf(server.url)).toBe('open')

  const cookie = 'scope=ADMIN'
  const own = talk(server, { headers: { origin: server.url, cookie } })
  own.socket.once('open', () => own.say({ type: 'connection_init' }))
  await expect.poll(() => own.said).toEqual([{ type: 'connection_ack' }])
  own.socket.close()
})

test("T13: a listed origin's page brings a token: the cookie that comes with it does not count", async () => {
  const listed = 'https://chat.example'
  const server = await startStreamingServer({ corsOrigins: new Set([listed]) })
  const headers = { origin: listed, cookie: 'scope=ADMIN' }
  expect(await codeOf(server, [{ type: 'connection_init' }], { headers })).toBe(4403)
  const withToken = talk(server, { headers })
  withToken.socket.once('open', () => withToken.say(init()))
  await expect.poll(() => withToken.said).toEqual([{ type: 'connection_ack' }])
  withToken.socket.close()
})

test('WebSocket: a server that closes tells its clients, and does not wait for one that says nothing', async () => {
  const server = await startStreamingServer()
  const { closed, socket } = await connected(server)
  socket.pause()
  // It would never end: this client reads nothing, and so answers nothing.
  await server.http.close(50)
  socket.resume()
  expect((await closed)[0]).toBe(1006)
})

test('WebSocket: a server that closes answers what it was asked, and begins nothing more', async () => {
  const server = await startStreamingServer()
  const { said, say, closed } = await connected(server)
  say(subscribe('s', 'subscription { wait }'))
  say(subscribe('q', '{ slow }'))
  await expect.poll(() => server.seen.answers).toHaveLength(1)
  await expect.poll(() => said).toHaveLength(1)
  server.endStreams()
  say(subscribe('m', 'mutation { shout(text: "hey") }'))
  say(subscribe('w', '{ slow }'))
  server.seen.answers[0]?.('done')
  expect((await closed)[0]).toBe(1001)
  expect(said.slice(1)).toEqual([
    { type: 'next', id: 'q', payload: { data: { slow: 'done' } } },
    { type: 'complete', id: 'q' },
  ])
})
