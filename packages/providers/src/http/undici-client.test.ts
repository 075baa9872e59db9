import { createServer, type RequestListener, type Server } from 'node:http'
import { type AddressInfo, connect, createServer as createTcpServer } from 'node:net'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, test } from 'vitest'
import { type HttpClient, HttpFailure } from './client.ts'
import { createHttpClient } from './undici-client.ts'

const open: { close(): unknown }[] = []
afterEach(async () => {
  await Promise.all(open.splice(0).map((resource) => resource.close()))
})

async function serve(listener: RequestListener): Promise<{ url: string; http: HttpClient; server: Server }> {
  const server = createServer(listener)
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
  const http = createHttpClient({ allowedHosts: [host] })
  open.push(http, {
    close: () => {
      server.closeAllConnections()
      server.close()
    },
  })
  return { url: `http://${host}`, http, server }
}

const failureOf = (sending: Promise<unknown>): Promise<HttpFailure> =>
  sending.then(
    () => {
      throw new Error('an answer came')
    },
    (error: unknown) => {
      if (error instanceof HttpFailure) return error
      throw error
    },
  )

describe('answers', () => {
  test('come with status, lower-case headers and text, whatever the status', async () => {
    const { http, url } = await serve((request, response) => {
      let body = ''
      request.setEncoding('utf8').on('data', (chunk) => {
        body += chunk
      })
      request.on('end', () => {
        response.writeHead(404, { 'X-Request': 'a', 'Set-Cookie': ['b=1', 'c=2'] })
        response.end(`${request.method} ${request.url} ${String(request.headers['x-test'])} ${body}`)
      })
    })
    const answer = await http.send({
      method: 'PATCH',
      url: `${url}/path?q=%2B1`,
      headers: { 'x-test': 'u' },
      body: '{"name":"Zoë"}',
      timeoutMs: 30_000,
    })
    expect(answer).toMatchObject({ status: 404, body: 'PATCH /path?q=%2B1 u {"name":"Zoë"}' })
    expect(answer.headers).toMatchObject({ 'x-request': 'a', 'set-cookie': 'b=1, c=2' })
  })

  test('are unpacked when they are packed', async () => {
    const { http, url } = await serve((request, response) => {
      expect(request.headers['accept-encoding']).toBe('gzip')
      response.writeHead(200, { 'content-encoding': 'gzip' })
      response.end(gzipSync('{"value":[]}'))
    })
    expect((await http.send({ method: 'GET', url, timeoutMs: 30_000 })).body).toBe('{"value":[]}')
  })

  test('that redirect are not followed', async () => {
    let calls = 0
    const { http, url } = await serve((_, response) => {
      calls += 1
      response.writeHead(302, { location: '/elsewhere' })
      response.end()
    })
    expect(await http.send({ method: 'GET', url, timeoutMs: 30_000 })).toMatchObject({ status: 302 })
    expect(calls).toBe(1)
  })

  test('share connections', async () => {
    const { http, url, server } = await serve((_, response) => response.end('ok'))
    let connections = 0
    server.on('connection', () => {
      connections += 1
    })
    for (let i = 0; i < 20; i += 1) await http.send({ method: 'GET', url, timeoutMs: 30_000 })
    // undici may open a second one before the first is known to be free again.
    expect(connections).toBeLessThanOrEqual(2)
  })
})

describe('failures', () => {
  test('a server that hangs is a TIMEOUT at the time given, and may have received it', async () => {
    const { http, url } = await serve(() => {})
    const startedAt = performance.now()
    const failure = await failureOf(http.send({ method: 'POST', url, timeoutMs: 60 }))
    expect(failure).toMatchObject({ kind: 'TIMEOUT', sent: true })
    expect(performance.now() - startedAt).toBeLessThan(5_000)
  })

  test('a body that never ends is a TIMEOUT too', async () => {
    const { http, url } = await serve((_, response) => {
      response.writeHead(200)
      response.write('half')
    })
    expect(await failureOf(http.send({ method: 'GET', url, timeoutMs: 60 }))).toMatchObject({ kind: 'TIMEOUT' })
  })

  test('end after the longest time that the client waits for any call', async () => {
    const { url } = await serve(() => {})
    const hurried = createHttpClient({ allowedHosts: [new URL(url).host], longestCallMs: 60 })
    open.push(hurried)
    const failure = await failureOf(hurried.send({ method: 'POST', url, timeoutMs: 30_000 }))
    expect(failure).toMatchObject({ kind: 'TIMEOUT', sent: true })
  })

  test('a broken connection is a RESET', async () => {
    const { http, url } = await serve((request) => request.socket.destroy())
    expect(await failureOf(http.send({ method: 'POST', url, body: 'x', timeoutMs: 30_000 }))).toMatchObject({
      kind: 'RESET',
      sent: true,
    })
  })

  test('a caller that leaves ABORTS, and the server sees the connection close', async () => {
    const leaving = new AbortController()
    let whenClosed: () => void = () => {}
    const gone = new Promise<void>((resolve) => {
      whenClosed = resolve
    })
    const { http, url } = await serve((request) => {
      request.socket.on('close', whenClosed)
      leaving.abort()
    })
    const failure = await failureOf(http.send({ method: 'GET', url, signal: leaving.signal, timeoutMs: 30_000 }))
    expect(failure.kind).toBe('ABORTED')
    await gone
  })

  test('a caller that has left already sends nothing', async () => {
    const { http, url } = await serve(() => {
      throw new Error('a request arrived')
    })
    expect(
      await failureOf(http.send({ method: 'GET', url, signal: AbortSignal.abort(), timeoutMs: 30_000 })),
    ).toMatchObject({
      kind: 'ABORTED',
      sent: false,
    })
  })

  test('a refused connection is UNREACHABLE, and nothing was sent', async () => {
    const { http, url, server } = await serve(() => {})
    await new Promise((resolve) => server.close(resolve))
    expect(await failureOf(http.send({ method: 'POST', url, body: 'x', timeoutMs: 30_000 }))).toMatchObject({
      kind: 'UNREACHABLE',
      sent: false,
    })
  })

  test('a server that speaks no TLS is UNREACHABLE, and nothing was sent', async () => {
    const server = createTcpServer((socket) => socket.end('hello'))
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
    const host = `127.0.0.1:${(server.address() as AddressInfo).port}`
    const http = createHttpClient({ allowedHosts: [host] })
    open.push(http, server)
    expect(await failureOf(http.send({ method: 'POST', url: `https://${host}`, timeoutMs: 30_000 }))).toMatchObject({
      kind: 'UNREACHABLE',
      sent: false,
    })
  })
})

describe('addresses', () => {
  test('that are not listed are BLOCKED before a connection is opened', async () => {
    const { url, server } = await serve(() => {})
    let connections = 0
    server.on('connection', () => {
      connections += 1
    })
    const http = createHttpClient({ allowedHosts: [] })
    open.push(http)
    for (const address of [url, url.replace('http:', 'https:'), 'https://[::1]/', 'https://169.254.169.254/latest']) {
      expect(await failureOf(http.send({ method: 'GET', url: address, timeoutMs: 30_000 }))).toMatchObject({
        kind: 'BLOCKED',
        sent: false,
      })
    }
    expect(connections).toBe(0)
  })

  test('that a name resolves to are looked at when connecting', async () => {
    const { url, server } = await serve(() => {})
    let connections = 0
    server.on('connection', () => {
      connections += 1
    })
    const http = createHttpClient({ allowedHosts: [] })
    open.push(http)
    const port = new URL(url).port
    const failure = await failureOf(http.send({ method: 'GET', url: `https://localhost:${port}/`, timeoutMs: 30_000 }))
    expect(failure).toMatchObject({ kind: 'BLOCKED', sent: false })
    expect(connections).toBe(0)
    // The same port answers who may call it.
    await new Promise<void>((resolve) => connect(Number(port), '127.0.0.1', resolve).unref())
    expect(connections).toBe(1)
  })
})
