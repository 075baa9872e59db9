import { describe, expect, it, onTestFinished } from 'vitest'
import { ProviderError } from '../errors.ts'
import { createHttpClient, startDeadline } from '../http/index.ts'
import type { StoredTokens } from '../provider.ts'
import { startScriptedServer } from '../testing/scripted-server.ts'
import { createMemoryTokenStore } from '../testing/token-store.ts'
import { signInAsApp } from './app-sign-in.ts'
import { createTokenSource } from './auth.ts'
import type { AppRegistrationConfig } from './config.ts'

function createCountingSignIn(now: () => number) {
  let count = 0
  return {
    count: () => count,
    signIn: async (): Promise<StoredTokens> => {
      count += 1
      const accessToken = `token-${count}`
      await new Promise((resolve) => setTimeout(resolve, 5))
      return { accessToken, refreshToken: null, expiresAt: now() + 3_600_000, instanceUrl: null }
    },
  }
}

describe('the token source', () => {
  it('signs in once for many callers, in this process and in others', async () => {
    const store = createMemoryTokenStore()
    const { signIn, count } = createCountingSignIn(Date.now)
    const processes = [1, 2, 3].map(() => createTokenSource({ store, now: Date.now, signIn }))
    const tokens = await Promise.all(
      processes.flatMap((source) => Array.from({ length: 64 }, () => source.get(startDeadline()))),
    )
    expect(new Set(tokens)).toEqual(new Set(['token-1']))
    expect(count()).toBe(1)
  })

  it('renews five minutes before the end without making anybody wait, and at once when too little is left', async () => {
    let time = 1_000_000
    const now = () => time
    const { signIn, count } = createCountingSignIn(now)
    const source = createTokenSource({ store: createMemoryTokenStore(), now, signIn })
    expect(await source.get(startDeadline())).toBe('token-1')
    time += 3_600_000 - 4 * 60_000
    expect(await source.get(startDeadline())).toBe('token-1')
    await expect.poll(count).toBe(2)
    await expect.poll(() => source.get(startDeadline())).toBe('token-2')
    time += 3_600_000 - 10_000
    expect(await source.get(startDeadline())).toBe('token-3')
  })

  it('signs in once a minute at most where tokens live for a few minutes only', async () => {
    let time = 1_000_000
    let count = 0
    const signIn = async (): Promise<StoredTokens> => {
      count += 1
      return { accessToken: `token-${count}`, refreshToken: null, expiresAt: time + 4 * 60_000, instanceUrl: null }
    }
    const source = createTokenSource({ store: createMemoryTokenStore(), now: () => time, signIn })
    for (let second = 0; second < 60; second++) {
      expect(await source.get(startDeadline())).toBe('token-1')
      time += 1_000
    }
    await source.get(startDeadline())
    await expect.poll(() => source.get(startDeadline())).toBe('token-2')
    expect(count).toBe(2)
  })

  it('answers another token after one was refused, asking for it once', async () => {
    const { signIn, count } = createCountingSignIn(Date.now)
    const source = createTokenSource({ store: createMemoryTokenStore(), now: Date.now, signIn })
    const first = await source.get(startDeadline())
    source.drop(first)
    source.drop(first)
    const next = await Promise.all([source.get(startDeadline()), source.get(startDeadline())])
    expect(next).toEqual(['token-2', 'token-2'])
    expect(count()).toBe(2)
  })

  it('does not take up a refused token again for an older one that is refused late', async () => {
    const { signIn } = createCountingSignIn(Date.now)
    const source = createTokenSource({ store: createMemoryTokenStore(), now: Date.now, signIn })
    const first = await source.get(startDeadline())
    source.drop(first)
    const second = await source.get(startDeadline())
    source.drop(second)
    source.drop(first)
    expect(await source.get(startDeadline())).toBe('token-3')
  })

  it('leaves the sign-in service alone for as long as it asks, and says how long that still is', async () => {
    let time = 1_000_000
    let asked = 0
    const signIn = async () => {
      asked += 1
      throw new ProviderError('CRM_RATE_LIMITED', { message: 'Microsoft asks to wait.', status: 429, retryAfter: 20 })
    }
    const source = createTokenSource({ store: createMemoryTokenStore(), now: () => time, signIn })
    await expect(source.get(startDeadline())).rejects.toMatchObject({ code: 'CRM_RATE_LIMITED', retryAfter: 20 })
    time += 15_000
    await expect(source.get(startDeadline({ force: true }))).rejects.toMatchObject({
      code: 'CRM_RATE_LIMITED',
      message: 'Microsoft asks to wait.',
      retryAfter: 5,
    })
    expect(asked).toBe(1)
    time += 5_000
    await expect(source.get(startDeadline())).rejects.toMatchObject({ retryAfter: 20 })
    expect(asked).toBe(2)
  })

  it('remembers that its credentials were refused, which a person’s check passes', async () => {
    let time = 1_000_000
    let asked = 0
    const signIn = async () => {
      asked += 1
      throw new ProviderError('CRM_CREDENTIALS_INVALID', { message: 'Wrong secret.' })
    }
    const source = createTokenSource({ store: createMemoryTokenStore(), now: () => time, signIn })
    const refused = { code: 'CRM_CREDENTIALS_INVALID', message: 'Wrong secret.' }
    for (let i = 0; i < 5; i += 1) await expect(source.get(startDeadline())).rejects.toMatchObject(refused)
    expect(asked).toBe(1)
    await expect(source.get(startDeadline({ force: true }))).rejects.toMatchObject(refused)
    expect(asked).toBe(2)
    time += 6_000
    await expect(source.get(startDeadline())).rejects.toMatchObject(refused)
    expect(asked).toBe(3)
  })

  it('lets a caller leave while the others get their token', async () => {
    const { signIn } = createCountingSignIn(Date.now)
    const source = createTokenSource({ store: createMemoryTokenStore(), now: Date.now, signIn })
    const leaving = new AbortController()
    const left = source.get(startDeadline({ signal: leaving.signal }))
    const stayed = source.get(startDeadline())
    leaving.abort()
    await expect(left).rejects.toMatchObject({ code: 'CRM_TIMEOUT' })
    expect(await stayed).toBe('token-1')
  })
})

describe('signing in as an app', () => {
  async function serve(status: number, text: string, headers: Record<string, string> = {}) {
    const server = await startScriptedServer(() => ({
      status,
      text,
      headers: { 'content-type': 'application/json', ...headers },
    }))
    onTestFinished(() => server.close())
    const config: AppRegistrationConfig = {
      method: 'APP_REGISTRATION',
      applicationUrl: 'https://org.crm.dynamics.com',
      tenantId: 'contoso',
      clientId: 'app',
      clientSecret: 's3cr3t',
      authority: server.url,
    }
    return { config, requests: server.requests }
  }
  const http = createHttpClient({ allowedHosts: ['127.0.0.1'] })

  it('makes one request, for the environment without a double slash, at an http authority that is allowed', async () => {
    const { config, requests } = await serve(200, '{"token_type":"Bearer","expires_in":3599,"access_token":"abc"}')
    const tokens = await signInAsApp(config, http, () => 1_000)
    expect(tokens).toEqual({ accessToken: 'abc', refreshToken: null, expiresAt: 3_600_000, instanceUrl: null })
    expect(requests).toHaveLength(1)
    expect(requests[0]?.path).toBe('/contoso/oauth2/v2.0/token')
    expect(Object.fromEntries(new URLSearchParams(requests[0]?.body))).toMatchObject({
      grant_type: 'client_credentials',
      client_id: 'app',
      client_secret: 's3cr3t',
      scope: 'https://org.crm.dynamics.com/.default',
    })
  })

  it.each([
    [7000215, 'CRM_CREDENTIALS_INVALID', 'client secret'],
    [7000222, 'CRM_CREDENTIALS_INVALID', 'expired'],
    [700016, 'CRM_CREDENTIALS_INVALID', 'client ID'],
    [90002, 'CRM_CREDENTIALS_INVALID', 'tenant'],
    [500011, 'CRM_CREDENTIALS_INVALID', 'application URL'],
    [65001, 'CRM_CONSENT_REQUIRED', 'consent'],
    [53003, 'CRM_APP_NOT_APPROVED', 'conditional access'],
    [99999, 'CRM_CREDENTIALS_INVALID', 'AADSTS99999'],
  ])('D-CON-13: AADSTS%i is %s in words for an admin, without the secret', async (number, code, word) => {
    const { config } = await serve(
      401,
      JSON.stringify({
        error: 'invalid_client',
        error_description: `AADSTS${number}: … s3cr3t …`,
        error_codes: [number],
      }),
    )
    const error = await signInAsApp(config, http, Date.now).catch((thrown: unknown) => thrown)
    expect(error).toBeInstanceOf(ProviderError)
    expect(error).toMatchObject({ code, providerCode: `AADSTS${number}`, message: expect.stringContaining(word) })
    expect(JSON.stringify(error)).not.toContain('s3cr3t')
    expect((error as Error).message).not.toContain('s3cr3t')
  })

  it('tells trouble of the sign-in service from wrong credentials', async () => {
    const at = async (status: number, body: string, headers?: Record<string, string>) => {
      const { config } = await serve(status, body, headers)
      return signInAsApp(config, http, Date.now).catch((thrown: unknown) => thrown)
    }
    expect(await at(503, '<html>down</html>', { 'content-type': 'text/html' })).toMatchObject({
      code: 'CRM_UNAVAILABLE',
    })
    expect(await at(200, '<html>hello</html>')).toMatchObject({ code: 'CRM_UNAVAILABLE' })
    expect(await at(429, '{"error":"temporarily_unavailable"}', { 'retry-after': '7' })).toMatchObject({
      code: 'CRM_RATE_LIMITED',
      retryAfter: 7,
    })
  })

  it('says that nobody is there, or that the address is not allowed', async () => {
    const { config } = await serve(200, '{}')
    const closed = { ...config, authority: 'http://127.0.0.1:9' }
    await expect(signInAsApp(closed, http, Date.now)).rejects.toMatchObject({ code: 'CRM_UNREACHABLE' })
    const strict = createHttpClient({ allowedHosts: [] })
    await expect(signInAsApp(config, strict, Date.now)).rejects.toMatchObject({ code: 'CRM_UNREACHABLE' })
    await strict.close()
  })

  it('refuses a certificate that cannot be read before anything is sent', async () => {
    const { config, requests } = await serve(200, '{}')
    const { clientSecret: _, ...rest } = config
    await expect(signInAsApp({ ...rest, certificatePem: 'nonsense' }, http, Date.now)).rejects.toMatchObject({
      code: 'CRM_CREDENTIALS_INVALID',
    })
    expect(requests).toHaveLength(0)
  })
})
