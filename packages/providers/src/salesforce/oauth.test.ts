import { createHash } from 'node:crypto'
import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest'
import { createHttpClient, type HttpClient } from '../http/index.ts'
import { type ScriptedAnswer, type ScriptedServer, startScriptedServer } from '../testing/scripted-server.ts'
import type { SalesforceConfig } from './config.ts'
import { signIn } from './oauth.ts'

// jsforce reads these when it is imported, which the first sign-in below does; nobody listens there.
beforeAll(() => {
  process.env.https_proxy = 'http://127.0.0.1:9'
})
afterAll(() => {
  delete process.env.https_proxy
})

let server: ScriptedServer
let http: HttpClient

afterEach(async () => {
  await http?.close()
  await server?.close()
})

async function open(answer: () => ScriptedAnswer): Promise<SalesforceConfig> {
  server = await startScriptedServer(answer)
  http = createHttpClient({ allowedHosts: [new URL(server.url).host] })
  return { method: 'SIGN_IN', loginUrl: server.url, clientId: 'app', clientSecret: 'shh' }
}

it.each([
  ['https://login.salesforce.com', 'login.salesforce.com', true],
  ['https://acme--qa.sandbox.my.salesforce.com', 'acme--qa.sandbox.my.salesforce.com', true],
  ['https://acme.my.salesforce.mil', 'acme.my.salesforce.mil', true],
  ['http://login.salesforce.com', 'login.salesforce.com', false],
  ['https://login.salesforce.com.evil.example', 'login.salesforce.com.evil.example', false],
  ['https://evilsalesforce.com', 'evilsalesforce.com', false],
  ['https://acme.my.salesforce.com:8443', 'acme.my.salesforce.com:8443', false],
])('from %s code and secret go to %s, which is Salesforce: %s', (loginUrl, host, isVendor) => {
  expect(signIn.destination({ method: 'SIGN_IN', loginUrl, clientId: 'app' })).toEqual({ host, isVendor })
})

describe('signing in at the Salesforce page', () => {
  const redirectUri = 'https://gateway.example/auth/callback/salesforce'

  it('S-CON-11: sends the person to Salesforce with PKCE, method included, a verifier per request and the state', async () => {
    const config = await open(() => ({ json: {} }))
    const start = await signIn.begin(config, { redirectUri, state: 's 1&2' }, { http, now: Date.now })
    const url = new URL(start.authorizeUrl)
    expect(url.origin + url.pathname).toBe(`${server.url}/services/oauth2/authorize`)
    expect(Object.fromEntries(url.searchParams)).toEqual({
      response_type: 'code',
      client_id: 'app',
      redirect_uri: redirectUri,
      scope: 'api refresh_token',
      state: 's 1&2',
      code_challenge: createHash('sha256').update(start.codeVerifier).digest('base64url'),
      code_challenge_method: 'S256',
    })
    expect(start.codeVerifier).toMatch(/^[\w-]{43,128}$/)
    expect((await signIn.begin(config, { redirectUri, state: 's' }, { http, now: Date.now })).codeVerifier).not.toBe(
      start.codeVerifier,
    )
    expect(server.requests).toHaveLength(0)
  })

  it('S-CON-12: trades code and verifier for tokens', async () => {
    const config = await open(() => ({
      json: { access_token: '00D!x', refresh_token: 'r', instance_url: 'https://org.my.salesforce.com' },
    }))
    const tokens = await signIn.finish(config, { code: 'c', redirectUri, codeVerifier: 'v' }, { http, now: Date.now })
    expect(tokens).toEqual({
      accessToken: '00D!x',
      refreshToken: 'r',
      expiresAt: null,
      instanceUrl: 'https://org.my.salesforce.com',
    })
    expect(Object.fromEntries(new URLSearchParams(server.requests[0]?.body))).toEqual({
      grant_type: 'authorization_code',
      code: 'c',
      client_id: 'app',
      client_secret: 'shh',
      redirect_uri: redirectUri,
      code_verifier: 'v',
    })
  })

  it.each([
    ['invalid_grant', 'expired authorization code', 'CRM_UNAUTHENTICATED'],
    ['invalid_grant', 'user is not admin approved to access this app', 'CRM_USER_NOT_PERMITTED'],
    ['invalid_client', 'invalid client credentials', 'CRM_CREDENTIALS_INVALID'],
    ['invalid_client_id', 'client identifier invalid', 'CRM_CREDENTIALS_INVALID'],
    ['redirect_uri_mismatch', 'redirect_uri must match configuration', 'CRM_CREDENTIALS_INVALID'],
    ['invalid_app_access', 'user is not approved', 'CRM_APP_NOT_APPROVED'],
    ['inactive_user', 'user is inactive', 'CRM_USER_NOT_PERMITTED'],
    ['something_new', 'what is this', 'CRM_UNAVAILABLE'],
  ])('a refusal %s (%s) is %s, and its words are ours (S-CON-03, S-CON-04)', async (error, description, code) => {
    const config = await open(() => ({ status: 400, json: { error, error_description: description } }))
    const finish = signIn.finish(config, { code: 'c', redirectUri, codeVerifier: 'v' }, { http, now: Date.now })
    const refusal: unknown = await finish.catch((reason: unknown) => reason)
    expect(refusal).toMatchObject({ code, providerCode: error })
    expect(String(refusal)).not.toContain(description)
  })

  it.each([
    ['OAUTH_APP_BLOCKED', 'CRM_APP_NOT_APPROVED'],
    ['OAUTH_APP_ACCESS_DENIED', 'CRM_USER_NOT_PERMITTED'],
    ['access_denied', 'CRM_CONSENT_REQUIRED'],
    ['invalid_scope', 'CRM_CREDENTIALS_INVALID'],
  ])('who comes back with %s is told %s (S-CON-03, S-CON-04)', async (error, code) => {
    await open(() => ({ json: {} }))
    expect(signIn.refused(error, 'in their words')).toMatchObject({ code, providerCode: error })
  })

  it.each([['ftp://org.example'], ['nonsense'], [undefined]])(
    'refuses tokens for the address %s',
    async (instanceUrl) => {
      const config = await open(() => ({ json: { access_token: 'a', instance_url: instanceUrl } }))
      const finish = signIn.finish(config, { code: 'c', redirectUri, codeVerifier: 'v' }, { http, now: Date.now })
      await expect(finish).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' })
    },
  )

  it('ignores proxy variables: nothing goes through the transport that jsforce brings', async () => {
    const config = await open(() => ({ json: { access_token: 'a', instance_url: 'https://org.my.salesforce.com' } }))
    await signIn.finish(config, { code: 'c', redirectUri, codeVerifier: 'v' }, { http, now: Date.now })
    expect(process.env.https_proxy).toBeDefined()
    expect(server.requests).toHaveLength(1)
  })
})
