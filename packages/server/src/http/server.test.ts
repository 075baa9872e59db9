import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { gzipSync } from 'node:zlib'
import { buildSchema } from 'graphql'
import { describe, expect, onTestFinished, test } from 'vitest'
import { NotAllowedError } from '../shared/errors.ts'
import { createLogger } from '../shared/logger.ts'
import { startTestServer, testViewer } from '../testing/http.ts'
import { createAuthEndpoint } from './auth-endpoint.ts'
import type { ConnectEndpointParts } from './connect-endpoint.ts'
import { sendGraphiQL, wantsPage } from './graphiql.ts'
import { isLocalRequest } from './local-request.ts'
import { appPolicy } from './security-headers.ts'
import { listen, type Routes } from './server.ts'

const schema = buildSchema('type Query { hello: String }')
const start = (routes: Partial<Routes> = {}) => startTestServer(schema, {}, routes)

const json = { 'content-type': 'application/json' }

async function startWithApp() {
  const directory = await mkdtemp(join(tmpdir(), 'backchannel-app-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  await mkdir(join(directory, 'dist/assets'), { recursive: true })
  await writeFile(join(directory, 'dist/index.html'), '<!doctype html>the app')
  await writeFile(join(directory, 'dist/assets/app-1a2b.js'), 'run()')
  await writeFile(join(directory, 'dist/assets/app-1a2b.js.gz'), gzipSync('run()'))
  await writeFile(join(directory, 'secret.txt'), 'canary')
  const admin = { directory: join(directory, 'dist'), mount: '/admin', policy: appPolicy }
  return startTestServer(schema, {}, { admin, secure: true })
}

describe('/health and /ready', () => {
  test('/health answers before there is anything to serve, all else says that the server is starting', async () => {
    const http = await listen(0, '127.0.0.1', createLogger('silent'))
    onTestFinished(() => http.close(0))
    const status = async (path: string) => (await fetch(`http://127.0.0.1:${http.port}${path}`)).status
    expect(await status('/health')).toBe(200)
    expect(await status('/ready')).toBe(503)
    expect(await status('/graphql')).toBe(503)
  })

  test('/ready asks whether the work can be done', async () => {
    let broken = false
    const checkReady = async () => {
      if (broken) throw new Error('database is gone')
    }
    const { url } = await start({ checkReady })
    expect((await fetch(`${url}/ready`)).status).toBe(200)
    broken = true
    const answer = await fetch(`${url}/ready`)
    expect(answer.status).toBe(503)
    expect(await answer.text()).not.toContain('gone')
  })
})

describe('the admin app', () => {
  test.each(['/admin', '/admin/', '/admin/integrations', '/admin/integrations/abc?tab=1'])(
    '%s is the app',
    async (path) => {
      const { url } = await startWithApp()
      const answer = await fetch(url + path)
      expect(await answer.text()).toContain('the app')
      expect(answer.headers.get('content-type')).toBe('text/html; charset=utf-8')
      expect(answer.headers.get('cache-control')).toBe('no-cache')
      expect(answer.headers.get('content-security-policy')).toMatch(
        /default-src 'none'; script-src 'self'; .*frame-ancestors 'none'/,
      )
      expect(answer.headers.get('strict-transport-security')).toBe('max-age=31536000')
    },
  )

  test('a file with a hash in its name may be kept for good', async () => {
    const { url } = await startWithApp()
    const answer = await fetch(`${url}/admin/assets/app-1a2b.js`)
    expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
    expect(answer.headers.get('cache-control')).toContain('immutable')
    expect((await fetch(`${url}/admin/assets/other.js`)).status).toBe(404)
  })

  test('a script goes gzipped to who takes it, and as it is to everybody else', async () => {
    const { url } = await startWithApp()
    const ask = (encoding: string) =>
      fetch(`${url}/admin/assets/app-1a2b.js`, { headers: { 'accept-encoding': encoding } })
    for (const encoding of ['gzip, deflate, br', 'br,gzip']) {
      const answer = await ask(encoding)
      expect(answer.headers.get('content-encoding')).toBe('gzip')
      expect(answer.headers.get('vary')).toBe('accept-encoding')
      expect(answer.headers.get('content-type')).toBe('text/javascript; charset=utf-8')
      expect(await answer.text()).toBe('run()')
    }
    for (const encoding of ['identity', 'gzip;q=0']) {
      const answer = await ask(encoding)
      expect(answer.headers.get('content-encoding')).toBeNull()
      expect(await answer.text()).toBe('run()')
    }
  })

  test.each([
    '/admin/../secret.txt',
    '/admin/..%2fsecret.txt',
    '/admin/%2e%2e/secret.txt',
    '/admin/assets/..%5c..%5c..%5csecret.txt',
    '/admin//etc/passwd',
    '/admin/%00',
    '/admin/%zz',
  ])('%s does not leave its folder', async (path) => {
    const { http } = await startWithApp()
    const answer = await raw(http.port, `GET ${path} HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n`)
    expect(answer).not.toMatch(/canary|root:/)
  })

  test('an app that is not built says what to do', async () => {
    const { url } = await start()
    const answer = await fetch(`${url}/admin`)
    expect(answer.status).toBe(404)
    expect(await answer.text()).toContain('npm run build')
  })
})

describe('CORS', () => {
  const origin = 'https://chat.example.com'
  const ask = async (from: string, method = 'OPTIONS') => {
    const { url } = await start({ corsOrigins: new Set([origin]) })
    return fetch(`${url}/graphql?query={hello}`, { method, headers: { origin: from, authorization: 'Bearer AGENT' } })
  }

  test('a listed origin may ask and read, without cookies', async () => {
    const preflight = await ask(origin)
    expect(preflight.status).toBe(204)
    expect(preflight.headers.get('access-control-allow-origin')).toBe(origin)
    expect(preflight.headers.get('access-control-allow-headers')).toContain('Authorization')
    expect(preflight.headers.get('access-control-allow-credentials')).toBeNull()
    const answer = await ask(origin, 'GET')
    expect(answer.headers.get('access-control-allow-origin')).toBe(origin)
    expect(answer.headers.get('vary')).toBe('Origin')
  })

  test.each(['https://evil.example', 'https://chat.example.com.evil.example', 'null'])('%s may not', async (other) => {
    for (const method of ['OPTIONS', 'GET']) {
      expect((await ask(other, method)).headers.get('access-control-allow-origin')).toBeNull()
    }
  })
})

describe('a session cookie', () => {
  const ask = async (headers: Record<string, string>) => {
    const { url } = await start()
    const own = Object.fromEntries(Object.entries(headers).map(([name, value]) => [name, value.replace('OWN', url)]))
    const answer = await fetch(`${url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie: 'scope=ADMIN', ...own },
      body: '{"query":"{ hello }"}',
    })
    return answer.status
  }

  test.each([{ origin: 'OWN' }, { origin: 'OWN', 'sec-fetch-site': 'same-origin' }, {}])(
    'counts with %o',
    async (headers) => {
      expect(await ask(headers)).toBe(200)
    },
  )

  test.each([
    { origin: 'https://evil.example' },
    { origin: 'null' },
    { 'sec-fetch-site': 'cross-site' },
    { 'sec-fetch-site': 'same-site' },
  ])('counts for nothing with %o', async (headers) => {
    expect(await ask(headers)).toBe(401)
  })
})

describe('what goes with every answer', () => {
  const asked: [string, string, RequestInit][] = [
    ['/health', 'status', {}],
    ['/ready', 'status', {}],
    ['/', 'a way on', { redirect: 'manual' }],
    ['/nowhere', 'nothing', {}],
    ['/admin', 'a page', {}],
    ['/admin/assets/app-1a2b.js', 'a script', {}],
    ['/admin/assets/gone.js', 'a file that is not there', {}],
    ['/graphql', 'an answer', { method: 'POST', body: '{"query":"{ hello }"}', headers: json }],
    ['/graphql', 'a refusal', { method: 'POST', body: '{', headers: json }],
    ['/graphql', 'another method', { method: 'PUT' }],
    ['/auth/session', 'the sign-in', {}],
  ]

  test.each(asked)(
    '%s, %s: nothing runs in it, and nobody frames it or learns where one came from',
    async (path, _what, init) => {
      const { url } = await startWithApp()
      const { headers } = await fetch(url + path, init)
      expect(headers.get('content-security-policy')).toMatch(/^default-src 'none'; .*frame-ancestors 'none'/)
      expect(headers.get('content-security-policy')).not.toContain('unsafe-inline')
      expect(Object.fromEntries(headers)).toMatchObject({
        'x-content-type-options': 'nosniff',
        'x-frame-options': 'DENY',
        'referrer-policy': 'no-referrer',
        'cross-origin-opener-policy': 'same-origin',
        'strict-transport-security': 'max-age=31536000',
      })
    },
  )

  test('that a browser shall come by https alone is said where it can', async () => {
    const { url } = await start()
    expect((await fetch(`${url}/health`)).headers.get('strict-transport-security')).toBeNull()
  })
})

describe('GraphiQL', () => {
  const graphiql: Partial<Routes> = {
    graphql: async (exchange) => {
      if (!wantsPage(exchange)) return void exchange.response.writeHead(401).end()
      const key = isLocalRequest(exchange) ? 'bck_demo' : null
      await sendGraphiQL(exchange, { examples: [{ query: '{ hello }' }], key })
    },
  }

  test('comes whole, from this server alone, with its one script named', async () => {
    const { url } = await start(graphiql)
    const answer = await fetch(`${url}/graphql`, { headers: { accept: 'text/html' } })
    const page = await answer.text()
    expect(page).not.toMatch(/<(script|link)[^>]+(src|href)="https?:/)
    const nonce = /'nonce-([^']+)'/.exec(answer.headers.get('content-security-policy') ?? '')?.[1]
    expect(page).toContain(`<script nonce="${nonce}">`)
    expect(page.slice(0, page.indexOf('</head>'))).not.toMatch(/<(script|style)>/)
    expect(answer.headers.get('content-security-policy')).not.toMatch(/(script|style)-src [^;]*'unsafe-inline'/)
    expect(page).toContain('bck_demo')
  })

  test.each([
    ['a foreign name that points here', () => 'Host: evil.example'],
    ['another port', () => 'Host: localhost:1'],
    ['a proxy on this machine', (port: number) => `Host: localhost:${port}\r\nX-Forwarded-For: 203.0.113.7`],
  ])('keeps the demo key from %s', async (_name, headers) => {
    const { http } = await start(graphiql)
    const page = await raw(
      http.port,
      `GET /graphql HTTP/1.1\r\n${headers(http.port)}\r\nAccept: text/html\r\nConnection: close\r\n\r\n`,
    )
    expect(page).toContain('Backchannel')
    expect(page).not.toContain('bck_demo')
  })

  test('a link that carries a query is a query, not a page', async () => {
    const { url } = await start(graphiql)
    expect((await fetch(`${url}/graphql?query={hello}`, { headers: { accept: 'text/html' } })).status).toBe(401)
  })
})

describe('the way back from a CRM’s sign-in page', () => {
  type Integrations = ConnectEndpointParts['integrations']
  const startWith = (finishSignIn: Integrations['finishSignIn']) => {
    const sessions = {
      handle: async () => new Response(null, { status: 404 }),
      find: async () => null,
    }
    const authenticate = async () => ({ ...testViewer('ADMIN'), userId: 'user-1', sessionId: 'session-1' })
    const integrations = { finishSignIn } as Integrations
    const workspaces = {} as ConnectEndpointParts['workspaces']
    const parts = { sessions, authenticate, integrations, workspaces, publicUrl: 'http://gateway' }
    return start({ auth: createAuthEndpoint({ ...parts, ownOrigins: new Set() }) })
  }

  test('goes on where the person began', async () => {
    const calls: unknown[] = []
    const { url } = await startWith(async (provider, query, browser) => {
      calls.push([provider, query.get('code'), query.get('state'), browser])
      return '/admin/integrations'
    })
    const headers = { cookie: 'theme=dark; backchannel.connect=the-mark' }
    const answer = await fetch(`${url}/auth/callback/salesforce?code=c&state=s`, { redirect: 'manual', headers })
    expect(answer.status).toBe(303)
    expect(answer.headers.get('location')).toBe('/admin/integrations')
    expect(calls).toEqual([['SALESFORCE', 'c', 's', { sessionId: 'session-1', mark: 'the-mark' }]])
  })

  test('says why it failed, with nothing of it taken as HTML', async () => {
    const { url } = await startWith(async () => {
      throw new NotAllowedError('<img src=x> was not begun here')
    })
    const answer = await fetch(`${url}/auth/callback/microsoft?state=forged`)
    expect(answer.status).toBe(400)
    expect(await answer.text()).toContain('&#60;img src=x&#62; was not begun here')
  })
})

describe('closing', () => {
  test('answers what is in flight, then takes nothing more', async () => {
    let release = () => {}
    const held = new Promise<void>((resolve) => {
      release = resolve
    })
    const { url, http } = await start({
      graphql: async ({ response }) => {
        await held
        response.end('done')
      },
    })
    const inFlight = fetch(`${url}/graphql`)
    await expect.poll(() => connections(url)).toBe(true)
    const closed = http.close()
    release()
    expect(await (await inFlight).text()).toBe('done')
    await closed
    await expect(fetch(`${url}/health`)).rejects.toThrow()
  })

  test('does not wait for ever', async () => {
    const { url, http } = await start({ graphql: () => new Promise(() => {}) })
    const inFlight = fetch(`${url}/graphql`).catch((error: unknown) => error)
    await expect.poll(() => connections(url)).toBe(true)
    await http.close(50)
    expect(await inFlight).toBeInstanceOf(Error)
  })

  const connections = async (url: string) => (await fetch(`${url}/health`)).ok
})

test('what a handler does not foresee is a 500 that says nothing, and is logged', async () => {
  const { url, lines } = await start({
    graphql: async () => {
      throw new Error('canary')
    },
  })
  const answer = await fetch(`${url}/graphql`)
  expect(answer.status).toBe(500)
  expect(await answer.text()).not.toContain('canary')
  expect(lines.join('')).toContain('canary')
})

test('an address where nothing lives says what there is', async () => {
  const { url } = await start()
  const answer = await fetch(`${url}/wp-login.php`)
  expect(answer.status).toBe(404)
  expect(await answer.text()).toContain('Try /graphql')
})

/** Sends bytes as they are, which fetch would tidy up. */
function raw(port: number, text: string): Promise<string> {
  return new Promise((resolve, reject) => {
    const socket = connect(port, '127.0.0.1', () => socket.write(text))
    const chunks: Buffer[] = []
    socket.on('data', (chunk) => chunks.push(chunk))
    socket.on('end', () => resolve(Buffer.concat(chunks).toString()))
    socket.on('error', reject)
  })
}
