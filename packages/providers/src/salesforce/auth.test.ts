import { afterEach, describe, expect, it } from 'vitest'
import { createHttpClient, type HttpClient, startDeadline } from '../http/index.ts'
import type { StoredTokens, TokenStore } from '../provider.ts'
import {
  type ScriptedAnswer,
  type ScriptedRequest,
  type ScriptedServer,
  startScriptedServer,
} from '../testing/scripted-server.ts'
import { createAuth } from './auth.ts'
import type { SalesforceConfig } from './config.ts'

let server: ScriptedServer
let http: HttpClient
let time = 1_000_000
const now = () => time

afterEach(async () => {
  await http.close()
  await server.close()
})

/** The store of one integration, as every process sees it: one lock, one pair of tokens. */
function sharedStore(tokens: StoredTokens | null): TokenStore & { held: StoredTokens | null; log: string[] } {
  let queue = Promise.resolve()
  const store = {
    held: tokens,
    log: [] as string[],
    read: async () => store.held,
    replace: async (next: StoredTokens | null) => {
      store.log.push(`kept ${next?.accessToken}`)
      store.held = next
    },
    withLock<T>(work: () => Promise<T>): Promise<T> {
      const result = queue.then(work)
      queue = result.then(
        () => undefined,
        () => undefined,
      )
      return result
    },
  }
  return store
}

async function open(
  answer: (request: ScriptedRequest) => ScriptedAnswer | Promise<ScriptedAnswer>,
): Promise<SalesforceConfig> {
  server = await startScriptedServer(answer)
  http = createHttpClient({ allowedHosts: [new URL(server.url).host] })
  return { method: 'SIGN_IN', loginUrl: server.url, clientId: 'app', clientSecret: 'shh' }
}

const old = (refreshToken: string | null = 'r1'): StoredTokens => ({
  accessToken: 'a1',
  refreshToken,
  expiresAt: null,
  instanceUrl: 'https://org.my.salesforce.com',
})
const invalidGrant = {
  status: 400,
  json: { error: 'invalid_grant', error_description: 'expired access/refresh token' },
}

describe('renewing the session', () => {
  it('asks once for many callers at a time, keeps the new pair before anybody uses it, and says no verifier', async () => {
    const config = await open(() => ({
      json: { access_token: 'a2', refresh_token: 'r2', instance_url: 'https://new.my.salesforce.com/' },
    }))
    const tokens = sharedStore(old())
    const auth = createAuth(config, { http, now, tokens })
    const refused = await auth.session(false)
    const sessions = await Promise.all(Array.from({ length: 64 }, () => auth.renew(refused, startDeadline())))

    expect(new Set(sessions.map(({ accessToken }) => accessToken))).toEqual(new Set(['a2']))
    expect(sessions[0]?.instanceUrl).toBe('https://new.my.salesforce.com')
    expect(tokens.held).toEqual({
      accessToken: 'a2',
      refreshToken: 'r2',
      expiresAt: null,
      instanceUrl: 'https://new.my.salesforce.com',
    })
    expect(server.requests.map(({ path, body }) => [path, body])).toEqual([
      ['/services/oauth2/token', 'grant_type=refresh_token&refresh_token=r1&client_id=app&client_secret=shh'],
    ])
  })

  it('keeps the refresh token and the address where the answer brings none', async () => {
    const config = await open(() => ({ json: { access_token: 'a2' } }))
    const tokens = sharedStore(old())
    const auth = createAuth(config, { http, now, tokens })
    await auth.renew(await auth.session(false), startDeadline())
    expect(tokens.held).toEqual({ ...old(), accessToken: 'a2' })
  })

  it('asks nobody where another process has renewed it already', async () => {
    const config = await open(() => invalidGrant)
    const tokens = sharedStore(old())
    const auth = createAuth(config, { http, now, tokens })
    const refused = await auth.session(false)
    tokens.held = { ...old(), accessToken: 'theirs' }
    expect((await auth.renew(refused, startDeadline())).accessToken).toBe('theirs')
    expect(server.requests).toHaveLength(0)
  })

  it('is one request over two processes with one refresh token', async () => {
    const config = await open(() => ({ json: { access_token: 'a2', refresh_token: 'r2' } }))
    const tokens = sharedStore(old())
    const [one, other] = [createAuth(config, { http, now, tokens }), createAuth(config, { http, now, tokens })]
    const refused = await one.session(false)
    const sessions = await Promise.all([one.renew(refused, startDeadline()), other.renew(refused, startDeadline())])
    expect(sessions.map(({ accessToken }) => accessToken)).toEqual(['a2', 'a2'])
    expect(server.requests).toHaveLength(1)
  })

  it('takes what somebody has connected anew while Salesforce refused the old refresh token', async () => {
    const tokens = sharedStore(old())
    const config = await open(() => {
      tokens.held = { ...old(), accessToken: 'anew', refreshToken: 'r9' }
      return invalidGrant
    })
    const auth = createAuth(config, { http, now, tokens })
    expect((await auth.renew(await auth.session(false), startDeadline())).accessToken).toBe('anew')
  })

  it('ends for good with invalid_grant: the void token is not tried again', async () => {
    const config = await open(() => invalidGrant)
    const auth = createAuth(config, { http, now, tokens: sharedStore(old()) })
    const refused = await auth.session(false)
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(auth.renew(refused, startDeadline())).rejects.toMatchObject({ code: 'CRM_UNAUTHENTICATED' })
    }
    expect(server.requests).toHaveLength(1)
  })

  it('keeps the connection when the token endpoint is only out of order', async () => {
    let broken = true
    const config = await open(() =>
      broken ? { status: 503, text: '<html>maintenance</html>' } : { json: { access_token: 'a2' } },
    )
    const auth = createAuth(config, { http, now, tokens: sharedStore(old()) })
    const refused = await auth.session(false)
    await expect(auth.renew(refused, startDeadline())).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' })
    broken = false
    expect((await auth.renew(refused, startDeadline())).accessToken).toBe('a2')
  })

  const wrongSecret = {
    status: 401,
    json: { error: 'invalid_client', error_description: 'invalid client credentials' },
  }

  it('is not asked for with a secret that was just refused, except by who insists', async () => {
    const config = await open(() => wrongSecret)
    const auth = createAuth(config, { http, now, tokens: sharedStore(old()) })
    const refusal = { code: 'CRM_CREDENTIALS_INVALID', providerCode: 'invalid_client' }
    const session = await auth.session(false)
    for (let attempt = 0; attempt < 3; attempt += 1) {
      await expect(auth.renew(session, startDeadline())).rejects.toMatchObject(refusal)
    }
    expect(server.requests).toHaveLength(1)
    await expect(auth.session(false)).rejects.toMatchObject(refusal)
    expect(await auth.session(true)).toEqual(session)
    await expect(auth.renew(session, startDeadline({ force: true }))).rejects.toMatchObject(refusal)
    expect(server.requests).toHaveLength(2)
    time += 6_000
    expect(await auth.session(false)).toEqual(session)
    await expect(auth.renew(session, startDeadline())).rejects.toMatchObject(refusal)
    expect(server.requests).toHaveLength(3)
  })

  it('that was refused stands in nobody’s way once somebody has connected anew', async () => {
    const config = await open(() => wrongSecret)
    const tokens = sharedStore(old())
    const auth = createAuth(config, { http, now, tokens })
    await expect(auth.renew(await auth.session(false), startDeadline())).rejects.toMatchObject({
      code: 'CRM_CREDENTIALS_INVALID',
    })
    tokens.held = { ...old(), accessToken: 'anew' }
    expect(await auth.session(false)).toMatchObject({ accessToken: 'anew' })
  })

  it.each([
    [503, 'CRM_UNAVAILABLE', { text: '<html>maintenance</html>' }],
    [429, 'CRM_RATE_LIMITED', { text: 'slow down' }],
    [400, 'CRM_RATE_LIMITED', { json: { error: 'rate_limit_exceeded', error_description: 'x' } }],
  ])('with %i and a Retry-After is %s, and not asked for again before that', async (status, code, answer) => {
    const config = await open(() => ({ status, headers: { 'retry-after': '20' }, ...answer }))
    const auth = createAuth(config, { http, now, tokens: sharedStore(old()) })
    const session = await auth.session(false)
    await expect(auth.renew(session, startDeadline())).rejects.toMatchObject({ code, retryAfter: 20 })
    time += 15_000
    await expect(auth.renew(session, startDeadline({ force: true }))).rejects.toMatchObject({ code, retryAfter: 5 })
    expect(server.requests).toHaveLength(1)
    time += 5_000
    await expect(auth.renew(session, startDeadline())).rejects.toMatchObject({ code, retryAfter: 20 })
    expect(server.requests).toHaveLength(2)
  })

  it('is not aborted with the caller who leaves: the new pair is kept all the same', async () => {
    let release = () => {}
    const answered = new Promise<void>((resolve) => {
      release = resolve
    })
    const config = await open(async () => {
      await answered
      return { json: { access_token: 'a2', refresh_token: 'r2' } }
    })
    const tokens = sharedStore(old())
    const auth = createAuth(config, { http, now, tokens })
    const leaving = new AbortController()
    const renewal = auth.renew(await auth.session(false), startDeadline({ signal: leaving.signal }))
    const refusal = expect(renewal).rejects.toMatchObject({ code: 'CRM_TIMEOUT' })
    leaving.abort()
    await refusal
    release()
    await expect.poll(() => tokens.log).toEqual(['kept a2'])
  })

  it('needs a person where no refresh token was granted or nothing is connected', async () => {
    const config = await open(() => ({ json: {} }))
    const without = createAuth(config, { http, now, tokens: sharedStore(old(null)) })
    await expect(without.renew(await without.session(false), startDeadline())).rejects.toMatchObject({
      code: 'CRM_UNAUTHENTICATED',
    })
    const nothing = createAuth(config, { http, now, tokens: sharedStore(null) })
    await expect(nothing.session(false)).rejects.toMatchObject({ code: 'CRM_UNAUTHENTICATED' })
    expect(server.requests).toHaveLength(0)
  })
})
