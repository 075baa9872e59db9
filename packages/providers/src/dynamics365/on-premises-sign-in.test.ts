import { describe, expect, it, onTestFinished } from 'vitest'
import { createHttpClient } from '../http/index.ts'
import { type ScriptedAnswer, type ScriptedRequest, startScriptedServer } from '../testing/scripted-server.ts'
import { createMemoryTokenStore } from '../testing/token-store.ts'
import { readChallenge } from './challenge.ts'
import type { OnPremisesConfig } from './config.ts'
import { dynamics365 } from './index.ts'
import { signInOnPremises } from './on-premises-sign-in.ts'

describe('the challenge of a server', () => {
  it.each([
    [
      'Bearer authorization_uri=https://adfs.contoso.com/adfs/oauth2/authorize, resource_id=https://org.contoso.com/',
      { authority: 'https://adfs.contoso.com/adfs', resource: 'https://org.contoso.com/' },
    ],
    [
      'Bearer authorization_uri="https://login.microsoftonline.com/t/oauth2/authorize",resource_id="https://o.crm.dynamics.com/"',
      { authority: 'https://login.microsoftonline.com/t', resource: 'https://o.crm.dynamics.com/' },
    ],
    ['Bearer authorization_uri=https://adfs/adfs/oauth2/authorize', { authority: 'https://adfs/adfs', resource: null }],
    ['Negotiate, NTLM', null],
    ['Bearer authorization_uri=javascript:alert(1)', null],
    ['', null],
  ])('%s', (header, challenge) => {
    expect(readChallenge(header)).toEqual(challenge)
  })
})

describe('signing in at AD FS', () => {
  const token = { json: { access_token: 'abc', token_type: 'bearer', expires_in: 3600 } }

  /** A server of one's own and its AD FS in one; `resource`: what the server says that it is. */
  async function open(
    answer: ScriptedAnswer | ((request: ScriptedRequest) => ScriptedAnswer) = token,
    resource?: string,
  ) {
    const server = await startScriptedServer((request) => {
      if (!request.path.startsWith('/api/data/')) return typeof answer === 'function' ? answer(request) : answer
      const challenge = `Bearer authorization_uri=${server.url}/adfs/oauth2/authorize, resource_id=${resource ?? `${server.url}/`}`
      return { status: 401, text: '', headers: { 'www-authenticate': challenge } }
    })
    const http = createHttpClient({ allowedHosts: [new URL(server.url).host] })
    onTestFinished(async () => {
      await http.close()
      await server.close()
    })
    const config: OnPremisesConfig = {
      method: 'ON_PREMISES',
      applicationUrl: server.url,
      username: 'CORP\\jane',
      password: ' p&ss=word ',
      clientId: 'ours',
    }
    const signIn = (changes: Partial<OnPremisesConfig> = {}) =>
      signInOnPremises({ ...config, ...changes }, http, () => 1_000)
    const forms = () =>
      server.requests
        .filter(({ method }) => method === 'POST')
        .map(({ path, body }) => ({ path, body, ...Object.fromEntries(new URLSearchParams(body)) }))
    return { url: server.url, signIn, forms }
  }

  it('D-CON-07: sends user and password as they are, for the server by its own spelling', async () => {
    const { url, signIn, forms } = await open()
    expect(await signIn()).toEqual({
      accessToken: 'abc',
      refreshToken: null,
      expiresAt: 3_601_000,
      instanceUrl: null,
    })
    expect(forms()).toMatchObject([
      {
        path: '/adfs/oauth2/token',
        body: expect.stringContaining('username=CORP%5Cjane'),
        grant_type: 'password',
        client_id: 'ours',
        username: 'CORP\\jane',
        password: ' p&ss=word ',
        resource: `${url}/`,
      },
    ])
  })

  it('asks for no token of another server, whatever this one calls itself', async () => {
    const { url, signIn, forms } = await open(token, 'https://mail.contoso.com/')
    await signIn()
    expect(forms()).toMatchObject([{ resource: `${url}/` }])
  })

  it('takes the authority that the admin gives', async () => {
    const { url, signIn, forms } = await open()
    await signIn({ authority: `${url}/sts/adfs` })
    expect(forms()).toMatchObject([{ path: '/sts/adfs/oauth2/token' }])
  })

  it('gives no password to an AD FS that may not be called', async () => {
    const { signIn, forms } = await open()
    await expect(signIn({ authority: 'http://adfs.example.com/adfs' })).rejects.toMatchObject({
      code: 'CRM_UNREACHABLE',
    })
    expect(forms()).toEqual([])
  })

  it.each([
    ['invalid_grant', "MSIS9659: Invalid 'username' or 'password'.", 'CRM_CREDENTIALS_INVALID', 'MSIS9659'],
    ['unauthorized_client', 'MSIS9605: The client is not allowed.', 'CRM_APP_NOT_APPROVED', 'MSIS9605'],
    ['invalid_client', '', 'CRM_APP_NOT_APPROVED', 'invalid_client'],
    ['invalid_resource', 'MSIS9602: …', 'CRM_CREDENTIALS_INVALID', 'MSIS9602'],
    ['something_new', '', 'CRM_UNAVAILABLE', 'something_new'],
  ])('D-CON-13: %s %s is %s, without the password', async (error, description, code, providerCode) => {
    const { signIn } = await open({ status: 400, json: { error, error_description: `${description}  p&ss=word ` } })
    const refused = await signIn().catch((thrown: unknown) => thrown)
    expect(refused).toMatchObject({ code, providerCode })
    expect(String(refused) + JSON.stringify(refused)).not.toContain('p&ss')
  })

  it('tries a refused password no more for half an hour, for a domain locks the user after a few tries', async () => {
    const { url, forms } = await open({ status: 400, json: { error: 'invalid_grant' } })
    const http = createHttpClient({ allowedHosts: [new URL(url).host] })
    onTestFinished(() => http.close())
    let time = 1_000_000
    const config = {
      method: 'ON_PREMISES',
      applicationUrl: url,
      username: 'u',
      password: 'old',
      clientId: 'c',
    } as const
    const provider = dynamics365.create(config, { http, tokens: createMemoryTokenStore(), now: () => time })
    const refused = { code: 'CRM_CREDENTIALS_INVALID' }
    for (let minute = 0; minute < 30; minute++) {
      await expect(provider.listEntityTypes()).rejects.toMatchObject(refused)
      time += 59_000
    }
    expect(forms()).toHaveLength(1)
    // A person who checks it may have had the user unlocked.
    await expect(provider.checkCredentials()).rejects.toMatchObject(refused)
    expect(forms()).toHaveLength(2)
    time += 31 * 60_000
    await expect(provider.listEntityTypes()).rejects.toMatchObject(refused)
    expect(forms()).toHaveLength(3)
  })

  it.each([
    [429, 'CRM_RATE_LIMITED'],
    [503, 'CRM_UNAVAILABLE'],
  ])('waits as long as a %i asks, whoever wrote its page', async (status, code) => {
    const headers = { 'content-type': 'text/html', 'retry-after': '30' }
    const { signIn } = await open({ status, text: '<html>', headers })
    await expect(signIn()).rejects.toMatchObject({ code, status, retryAfter: 30 })
  })

  it('tells a page from an answer, and a server without AD FS from one with it', async () => {
    const { signIn } = await open({ status: 200, text: '<html>', headers: { 'content-type': 'text/html' } })
    await expect(signIn()).rejects.toMatchObject({ code: 'CRM_UNAVAILABLE' })
    const silent = await startScriptedServer(() => ({ status: 401, headers: { 'www-authenticate': 'NTLM' }, text: '' }))
    onTestFinished(() => silent.close())
    const http = createHttpClient({ allowedHosts: ['127.0.0.1'] })
    onTestFinished(() => http.close())
    const config = {
      method: 'ON_PREMISES',
      applicationUrl: silent.url,
      username: 'u',
      password: 'p',
      clientId: 'c',
    } as const
    await expect(signInOnPremises(config, http, Date.now)).rejects.toMatchObject({
      code: 'CRM_UNREACHABLE',
      message: expect.stringContaining('claims-based'),
    })
  })
})
