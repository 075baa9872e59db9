import { createHash } from 'node:crypto'
import { describe, expect, test } from 'vitest'
import { startOrg } from '../fixture.ts'
import { salesforceDemo } from '../index.ts'

type Org = ReturnType<typeof startOrg>

const redirectUri = 'http://127.0.0.1:4000/auth/callback/salesforce'
const verifier = 'v'.repeat(43)
const asked = {
  response_type: 'code',
  client_id: salesforceDemo.clientId,
  redirect_uri: redirectUri,
  scope: 'api refresh_token',
  state: 'a&b',
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
}
const app = { client_id: salesforceDemo.clientId, client_secret: salesforceDemo.clientSecret }

const post = (org: Org, path: string, form: Record<string, string>) =>
  org.send('POST', `/services/oauth2/${path}`, { body: new URLSearchParams(form).toString() })
const token = (org: Org, form: Record<string, string>) => post(org, 'token', { ...app, ...form })

async function allow(org: Org, form: Record<string, string> = asked): Promise<URL> {
  const answer = await post(org, 'authorize', { ...form, decision: 'allow' })
  expect(answer.status).toBe(302)
  return new URL(answer.headers.location ?? '')
}

const exchange = (org: Org, code: string, extra: Record<string, string> = {}) =>
  token(org, { grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier: verifier, ...extra })

const asks = async (org: Org, accessToken: string) => {
  const headers = { authorization: `Bearer ${accessToken}` }
  const answer = await org.send('GET', '/services/data/v60.0/limits', { headers })
  return [answer.status, answer.json[0]?.errorCode]
}

describe('the web-server flow', () => {
  test('shows who asks for what, hands everything on and comes back with code and state', async () => {
    const org = startOrg(0)
    const page = await org.send(
      'GET',
      `/services/oauth2/authorize?${new URLSearchParams({ ...asked, state: '"><b>' }).toString()}`,
    )
    expect(page.status).toBe(200)
    expect(page.text).toContain('Emulated Salesforce')
    expect(page.text).toContain('127.0.0.1:4000')
    expect(page.text).not.toContain('"><b>')
    for (const name of Object.keys(asked)) expect(page.text).toContain(`name="${name}"`)
    const back = await allow(org)
    expect(back.origin + back.pathname).toBe(redirectUri)
    expect(back.searchParams.get('state')).toBe('a&b')
  })

  test('a code is good once, for the one who has the verifier, the secret and the same address', async () => {
    const org = startOrg(0)
    const code = async () => (await allow(org)).searchParams.get('code') ?? ''
    const good = await code()
    const granted = await exchange(org, good)
    expect(granted.json).toMatchObject({
      token_type: 'Bearer',
      scope: 'api refresh_token',
      instance_url: 'http://127.0.0.1:4402',
      id: `http://127.0.0.1:4402/id/${salesforceDemo.orgId}/${salesforceDemo.userId}`,
    })
    expect(granted.json.access_token).toMatch(new RegExp(`^${salesforceDemo.orgId.slice(0, 15)}!`))
    expect(granted.json.issued_at).toMatch(/^\d{13}$/)
    expect(granted.json).not.toHaveProperty('expires_in')
    expect((await exchange(org, good)).json.error).toBe('invalid_grant')
    expect((await exchange(org, await code(), { code_verifier: 'w'.repeat(43) })).json.error).toBe('invalid_grant')
    expect((await exchange(org, await code(), { client_secret: 'no' })).json.error).toBe('invalid_client')
    expect((await exchange(org, await code(), { redirect_uri: 'http://x.example' })).json.error).toBe(
      'redirect_uri_mismatch',
    )
    const late = await code()
    org.clock.advance(16 * 60_000)
    expect((await exchange(org, late)).json.error).toBe('invalid_grant')
  })

  test('a refusal and a blocked app come back as errors; an unknown app is not redirected at all', async () => {
    const org = startOrg(0)
    const denied = await post(org, 'authorize', { ...asked, decision: 'deny' })
    expect(denied.headers.location).toContain('error=access_denied')
    const unknown = await post(org, 'authorize', { ...asked, client_id: 'x', decision: 'allow' })
    expect([unknown.status, unknown.headers.location]).toEqual([400, undefined])
    org.control.setSwitches({ appNotApproved: true })
    const blocked = await org.send('GET', `/services/oauth2/authorize?${new URLSearchParams(asked).toString()}`)
    expect(blocked.headers.location).toContain('error=OAUTH_APP_BLOCKED')
    expect((await token(org, { grant_type: 'client_credentials' })).json.error).toBe('invalid_app_access')
  })
})

const sessionTimeoutMs = 2 * 3_600_000

describe('sessions', () => {
  test('end after two hours of idleness, and each call prolongs them', async () => {
    const org = startOrg(0)
    const accessToken = await org.signIn()
    org.clock.advance(sessionTimeoutMs - 60_000)
    expect(await asks(org, accessToken)).toEqual([200, undefined])
    org.clock.advance(sessionTimeoutMs - 60_000)
    expect(await asks(org, accessToken)).toEqual([200, undefined])
    org.clock.advance(sessionTimeoutMs + 60_000)
    expect(await asks(org, accessToken)).toEqual([401, 'INVALID_SESSION_ID'])
  })

  test('that an org rotates are renewed by a refresh token which is good once and brings the next one', async () => {
    const org = startOrg(0)
    org.control.setSwitches({ rotateRefreshTokens: true })
    const code = (await allow(org)).searchParams.get('code') ?? ''
    const first = (await exchange(org, code)).json.refresh_token
    const renew = (refresh_token: string) => token(org, { grant_type: 'refresh_token', refresh_token })
    const second = (await renew(first)).json.refresh_token
    expect((await renew(first)).json.error).toBe('invalid_grant')
    expect((await renew(second)).status).toBe(200)
  })

  test('are renewed by the refresh token, which outlives expiry, restart and reset, but not its revocation', async () => {
    const org = startOrg(0)
    const code = (await allow(org)).searchParams.get('code') ?? ''
    const { access_token, refresh_token } = (await exchange(org, code)).json
    org.control.expireTokens()
    expect(await asks(org, access_token)).toEqual([401, 'INVALID_SESSION_ID'])
    org.store.reset()
    const refreshed = await token(org, { grant_type: 'refresh_token', refresh_token })
    expect(refreshed.json).not.toHaveProperty('refresh_token')
    expect(await asks(org, refreshed.json.access_token)).toEqual([200, undefined])
    expect((await post(org, 'revoke', { token: refresh_token })).status).toBe(200)
    expect((await token(org, { grant_type: 'refresh_token', refresh_token })).json).toEqual({
      error: 'invalid_grant',
      error_description: 'expired access/refresh token',
    })
  })

  test('are refused for ever when the org is told to, new ones too', async () => {
    const org = startOrg(0)
    org.control.setSwitches({ refuseForever: true })
    for (let times = 0; times < 3; times++)
      expect(await asks(org, await org.signIn())).toEqual([401, 'INVALID_SESSION_ID'])
  })

  test('say who they belong to and when they end', async () => {
    const org = startOrg(0)
    const accessToken = await org.signIn()
    const headers = { authorization: `Bearer ${accessToken}` }
    const who = await org.send('GET', '/services/oauth2/userinfo', { headers })
    expect(who.json).toMatchObject({ organization_id: salesforceDemo.orgId, user_id: salesforceDemo.userId })
    const introspected = await post(org, 'introspect', { ...app, token: accessToken })
    expect(introspected.json).toMatchObject({ active: true, username: salesforceDemo.username })
    expect((await post(org, 'introspect', { ...app, token: 'x' })).json).toEqual({ active: false })
  })
})

describe('an org that says no', () => {
  test.each([
    [{ apiOff: true }, 'API_DISABLED_FOR_ORG', 'The REST API is not enabled for this Organization.'],
    [{ quotaExhausted: true }, 'REQUEST_LIMIT_EXCEEDED', 'TotalRequests Limit exceeded.'],
  ])('%j answers 403 %s', async (switches, errorCode, message) => {
    const org = startOrg(0)
    org.control.setSwitches(switches)
    const answer = await org.call('GET', 'limits')
    expect([answer.status, answer.json]).toEqual([403, [{ message, errorCode }]])
    expect(answer.headers['sforce-limit-info']).toMatch(/^api-usage=\d+\/\d+$/)
  })

  test('throttles with 403 and no Retry-After, as often as it was told', async () => {
    const org = startOrg(0)
    org.control.setThrottle({ retryAfter: 5, times: 1 })
    const throttled = await org.call('GET', 'limits')
    expect([throttled.status, throttled.json[0].errorCode]).toEqual([403, 'REQUEST_LIMIT_EXCEEDED'])
    expect(Object.keys(throttled.headers).map((name) => name.toLowerCase())).not.toContain('retry-after')
    expect((await org.call('GET', 'limits')).status).toBe(200)
  })
})
