import { createHash } from 'node:crypto'
import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpClient } from '../http/index.ts'
import { type ScriptedAnswer, type ScriptedRequest, startScriptedServer } from '../testing/scripted-server.ts'
import type { SignInConfig } from './config.ts'
import { renewSignIn, signIn } from './microsoft-sign-in.ts'

const redirectUri = 'https://gateway.example/auth/callback/microsoft'
const granted = { token_type: 'Bearer', expires_in: 3599, access_token: 'abc', refresh_token: 'r1' }

/** An environment and Microsoft's sign-in in one. `challenge`: what the environment says to who brings no token. */
async function open(answer: ScriptedAnswer = { json: granted }, challenge: (url: string) => string = () => '') {
  const server = await startScriptedServer((request: ScriptedRequest) => {
    if (!request.path.startsWith('/api/data/')) return answer
    return { status: 401, text: '', headers: { 'www-authenticate': challenge(server.url) } }
  })
  const http = createHttpClient({ allowedHosts: [new URL(server.url).host] })
  onTestFinished(async () => {
    await http.close()
    await server.close()
  })
  const config: SignInConfig = {
    method: 'SIGN_IN',
    applicationUrl: server.url,
    clientId: 'app',
    authority: `${server.url}/contoso`,
  }
  const forms = () =>
    server.requests
      .filter(({ method }) => method === 'POST')
      .map(({ path, body }) => ({ path, ...Object.fromEntries(new URLSearchParams(body)) }))
  return { url: server.url, config, ports: { http, now: () => 1_000 }, forms, requests: server.requests }
}

describe('the way to the Microsoft page', () => {
  it('D-CON-09: carries PKCE, the state and the environment as scope, and asks nobody before', async () => {
    const { url, config, ports, requests } = await open()
    const start = await signIn.begin(config, { redirectUri, state: 's 1&2' }, ports)
    const page = new URL(start.authorizeUrl)
    expect(page.origin + page.pathname).toBe(`${url}/contoso/oauth2/v2.0/authorize`)
    expect(Object.fromEntries(page.searchParams)).toMatchObject({
      response_type: 'code',
      client_id: 'app',
      redirect_uri: redirectUri,
      state: 's 1&2',
      prompt: 'select_account',
      code_challenge: createHash('sha256').update(start.codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    })
    expect(page.searchParams.get('scope')?.split(' ')).toEqual(
      expect.arrayContaining([`${url}/user_impersonation`, 'offline_access']),
    )
    expect(start.codeVerifier).toMatch(/^[\w-]{43,128}$/)
    expect(requests).toEqual([])
  })

  it.each([
    ['https://login.microsoftonline.com/t/oauth2/authorize', 'https://login.microsoftonline.com/t'],
    ['https://login.microsoftonline.us/t/oauth2/authorize', 'https://login.microsoftonline.us/t'],
    ['https://login.microsoftonline.com.evil.example/t/oauth2/authorize', undefined],
    ['https://evil.example/t/oauth2/authorize', undefined],
    ['http://login.microsoftonline.com/t/oauth2/authorize', undefined],
  ])('an environment that names %s leads to %s', async (authorizationUri, authority) => {
    const { config, ports } = await open({ json: granted }, () => `Bearer authorization_uri=${authorizationUri}`)
    const { authority: _, ...given } = config
    const start = await signIn.begin(given, { redirectUri, state: 's' }, ports)
    expect((start.config as SignInConfig).authority).toBe(authority)
    const expected = authority ?? 'https://login.microsoftonline.com/organizations'
    expect(start.authorizeUrl).toMatch(new RegExp(`^${expected.replaceAll('.', '\\.')}/oauth2/v2\\.0/authorize\\?`))
  })
})

it.each([
  [undefined, 'login.microsoftonline.com', true],
  ['https://login.microsoftonline.us/t', 'login.microsoftonline.us', true],
  ['https://login.microsoftonline.com.evil.example/t', 'login.microsoftonline.com.evil.example', false],
  ['https://login.microsoftonline.com:8443/t', 'login.microsoftonline.com:8443', false],
  ['http://login.microsoftonline.com/t', 'login.microsoftonline.com', false],
])('with the authority %s, code and secret go to %s, which is Microsoft: %s', (authority, host, isVendor) => {
  const config = { method: 'SIGN_IN', applicationUrl: 'https://o.crm.dynamics.com', clientId: 'app' } as const
  expect(signIn.destination({ ...config, ...(authority && { authority }) })).toEqual({ host, isVendor })
})

describe('the tokens', () => {
  it('D-CON-12: are given for the code and its verifier', async () => {
    const { config, ports, forms } = await open()
    const tokens = await signIn.finish(config, { code: 'c', redirectUri, codeVerifier: 'v' }, ports)
    expect(tokens).toEqual({ accessToken: 'abc', refreshToken: 'r1', expiresAt: 3_600_000, instanceUrl: null })
    expect(forms()).toMatchObject([
      {
        path: '/contoso/oauth2/v2.0/token',
        grant_type: 'authorization_code',
        code: 'c',
        code_verifier: 'v',
        redirect_uri: redirectUri,
      },
    ])
  })

  const before = { accessToken: 'old', refreshToken: 'r0', expiresAt: 0, instanceUrl: null }

  it('are renewed by the refresh token, which the newest answer replaces', async () => {
    const { config, ports, forms } = await open()
    expect(await renewSignIn({ ...config, clientSecret: 's' }, ports.http, ports.now, before)).toMatchObject({
      accessToken: 'abc',
      refreshToken: 'r1',
    })
    expect(forms()).toMatchObject([{ grant_type: 'refresh_token', refresh_token: 'r0', client_secret: 's' }])
    const { refresh_token: _, ...silent } = granted
    const other = await open({ json: silent })
    expect(await renewSignIn(other.config, other.ports.http, other.ports.now, before)).toMatchObject({
      accessToken: 'abc',
      refreshToken: 'r0',
    })
  })

  it.each([
    [700082, 'CRM_UNAUTHENTICATED'],
    [50173, 'CRM_UNAUTHENTICATED'],
    [65001, 'CRM_CONSENT_REQUIRED'],
    [50105, 'CRM_USER_NOT_PERMITTED'],
  ])('AADSTS%i in the place of new ones is %s', async (number, code) => {
    const json = { error: 'invalid_grant', error_description: `AADSTS${number}: …`, error_codes: [number] }
    const { config, ports } = await open({ status: 400, json })
    await expect(renewSignIn(config, ports.http, ports.now, before)).rejects.toMatchObject({
      code,
      providerCode: `AADSTS${number}`,
    })
  })

  it('without a refresh token end with a sentence, and nobody is asked', async () => {
    const { config, ports, requests } = await open()
    for (const tokens of [null, { ...before, refreshToken: null }]) {
      await expect(renewSignIn(config, ports.http, ports.now, tokens)).rejects.toMatchObject({
        code: 'CRM_UNAUTHENTICATED',
      })
    }
    expect(requests).toEqual([])
  })
})

it.each([
  ['access_denied', 'AADSTS65004: User declined to consent.', 'CRM_CONSENT_REQUIRED'],
  ['access_denied', '', 'CRM_CONSENT_REQUIRED'],
  ['consent_required', 'AADSTS65001: …', 'CRM_CONSENT_REQUIRED'],
  ['unauthorized_client', 'AADSTS700016: …', 'CRM_CREDENTIALS_INVALID'],
  ['server_error', '', 'CRM_UNAVAILABLE'],
  ['something_new', '<script>', 'CRM_CREDENTIALS_INVALID'],
])('back with %s %s is %s', (error, description, code) => {
  const refused = signIn.refused(error, description)
  expect(refused.code).toBe(code)
  expect(refused.message).not.toContain('<')
})
