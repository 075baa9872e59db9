import { once } from 'node:events'
import { connect, type Socket } from 'node:net'
import { describe, expect, onTestFinished, test } from 'vitest'
import WebSocket from 'ws'
import { startStreamingServer } from '../testing/streaming-server.ts'
import { readProxies } from './client-address.ts'
import { type Limits, usualLimits } from './limit-values.ts'

const start = (limits: Partial<Limits>, proxies = readProxies([])) =>
  startStreamingServer({ limits: { ...usualLimits, ...limits }, proxies })

/** A connection from an address of this machine, and what came through it. */
async function connection(port: number, localAddress = '127.0.0.1'): Promise<{ socket: Socket; said: () => string }> {
  const socket = connect({ port, host: '127.0.0.1', localAddress })
  onTestFinished(() => void socket.destroy())
  let text = ''
  socket.on('data', (chunk) => {
    text += String(chunk)
  })
  socket.on('error', () => {})
  await once(socket, 'connect')
  return { socket, said: () => text }
}

const health = 'GET /health HTTP/1.1\r\nhost: x\r\n\r\n'
const limitOf = (said: string) => JSON.parse(said.split('\r\n\r\n')[1] ?? '').errors[0].extensions

/** Connections that are counted by now: each was answered. */
async function openMany(count: number, port: number, localAddress: string): Promise<Socket[]> {
  const opened = await Promise.all(Array.from({ length: count }, () => connection(port, localAddress)))
  for (const { socket } of opened) socket.write(health)
  await expect.poll(() => opened.every(({ said }) => said().startsWith('HTTP/1.1 200'))).toBe(true)
  return opened.map(({ socket }) => socket)
}

test('an address that holds all the connections that it may have keeps no other out, and is told which limit it was (T20)', async () => {
  const { http } = await start({ addressConnections: 3 })
  const [first] = await openMany(3, http.port, '127.0.0.2')
  const refused = await connection(http.port, '127.0.0.2')
  await once(refused.socket, 'close')
  expect(refused.said()).toMatch(/^HTTP\/1\.1 429 Too Many Requests\r\n/)
  const limit = { name: 'addressConnections', most: 3, found: 4 }
  expect(limitOf(refused.said())).toEqual({ code: 'LIMIT_EXCEEDED', limit })

  await openMany(3, http.port, '127.0.0.3')
  // Who closes one may open another.
  first?.destroy()
  const again = async () => {
    const { socket, said } = await connection(http.port, '127.0.0.2')
    socket.write(health)
    await Promise.race([once(socket, 'data'), once(socket, 'close')])
    return said().slice(0, 12)
  }
  await expect.poll(again).toBe('HTTP/1.1 200')
})

test('beyond the connections that there may be in all, one is told so at once', async () => {
  const { http } = await start({ connections: 2 })
  await openMany(2, http.port, '127.0.0.2')
  const refused = await connection(http.port, '127.0.0.3')
  await once(refused.socket, 'close')
  expect(refused.said()).toMatch(/^HTTP\/1\.1 503 Service Unavailable\r\n/)
  expect(limitOf(refused.said())).toMatchObject({ limit: { name: 'connections', most: 2, found: 3 } })
})

describe('behind a proxy, what each client has open counts, and not the connections of the proxy', () => {
  const stream = { authorization: 'Bearer ADMIN', accept: 'text/event-stream' }

  test('streams (T20)', async () => {
    const { url } = await start({ addressConnections: 2 }, readProxies(['127.0.0.1']))
    const leaving = new AbortController()
    onTestFinished(() => leaving.abort())
    const listen = (from: string, signal = leaving.signal) =>
      fetch(`${url}/graphql?query=subscription{wait}`, { headers: { ...stream, 'x-forwarded-for': from }, signal })
    const one = new AbortController()
    expect((await listen('198.51.100.1', one.signal)).status).toBe(200)
    expect((await listen('198.51.100.1')).status).toBe(200)
    const refused = await listen('198.51.100.1')
    expect(refused.status).toBe(429)
    expect(await refused.json()).toMatchObject({ errors: [{ extensions: { limit: { name: 'addressConnections' } } }] })
    expect((await listen('198.51.100.2')).status).toBe(200)
    one.abort()
    await expect.poll(async () => (await listen('198.51.100.1')).status).toBe(200)
  })

  test('WebSockets (T20)', async () => {
    const { url } = await start({ addressConnections: 1 }, readProxies(['127.0.0.1']))
    const open = (from: string) =>
      new Promise((resolve) => {
        const headers = { 'x-forwarded-for': from }
        const socket = new WebSocket(`${url.replace('http', 'ws')}/graphql`, 'graphql-transport-ws', { headers })
        onTestFinished(() => socket.terminate())
        socket.on('error', () => {})
        socket.once('open', () => resolve('open'))
        socket.once('unexpected-response', (_request, { statusCode }) => resolve(statusCode))
      })
    expect(await open('198.51.100.1')).toBe('open')
    expect(await open('198.51.100.1')).toBe(429)
    expect(await open('198.51.100.2')).toBe('open')
  })
})

test('what is no HTTP is answered 400, and what comes after an answer that has begun is cut', async () => {
  const { http } = await start({})
  const broken = await connection(http.port)
  broken.socket.write('nonsense\r\n\r\n')
  await once(broken.socket, 'close')
  expect(broken.said()).toMatch(/^HTTP\/1\.1 400 Bad Request\r\n/)
  expect(broken.said()).toContain('"BAD_REQUEST"')

  const listening = await connection(http.port)
  listening.socket.write(
    'GET /graphql?query=subscription{wait} HTTP/1.1\r\nhost: x\r\nauthorization: Bearer ADMIN\r\naccept: text/event-stream\r\n\r\n',
  )
  await expect.poll(listening.said).toContain('"wait":1')
  listening.socket.write('nonsense\r\n\r\n')
  await once(listening.socket, 'close')
  expect(listening.said()).not.toContain('BAD_REQUEST')
})
