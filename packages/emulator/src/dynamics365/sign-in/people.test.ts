import { createHash } from 'node:crypto'
import { describe, expect, onTestFinished, test } from 'vitest'
import type { Switches } from '../../control.ts'
import { type Answer, createTestOrg, origin, send } from '../fixture.ts'
import { dynamicsDemo } from '../index.ts'

const org = await createTestOrg(5)
const { publicClientId, colleagueAccount, colleagueId, outsiderAccount, password, adfsClientId } = dynamicsDemo
const redirectUri = 'https://app.example/callback'
const verifier = 'v'.repeat(43)

const asked = {
  client_id: publicClientId,
  response_type: 'code',
  redirect_uri: redirectUri,
  scope: `${origin}/user_impersonation openid profile offline_access`,
  state: 's',
  code_challenge: createHash('sha256').update(verifier).digest('base64url'),
  code_challenge_method: 'S256',
}
type Fields = Record<string, string>
const formOf = (fields: Fields) => new URLSearchParams(fields).toString()

const authorize = (fields: Fields, tenant = 'organizations') =>
  send(org.handler, 'POST', `/${tenant}/oauth2/v2.0/authorize`, {}, formOf({ ...asked, ...fields }))
const token = (fields: Fields, tenant = 'organizations') =>
  send(org.handler, 'POST', `/${tenant}/oauth2/v2.0/token`, {}, formOf({ client_id: publicClientId, ...fields }))
const whoAmI = (accessToken: unknown, root = '') =>
  send(org.handler, 'GET', `${root}/api/data/v9.2/WhoAmI`, { authorization: `Bearer ${accessToken}` })

/** Where the browser is sent, as the parameters that it brings. */
function backOf({ status, headers }: Answer): Fields {
  expect(status).toBe(302)
  const target = new URL(String(headers['location']))
  expect(target.origin + target.pathname).toBe(redirectUri)
  return Object.fromEntries(target.searchParams)
}

interface Tokens {
  access_token: string
  refresh_token?: string
  error_codes?: number[]
}

async function signIn(fields: Fields = {}): Promise<Tokens & { status: number }> {
  const { code = '' } = backOf(await authorize({ account: colleagueAccount, password, ...fields }))
  const answer = await token({
    grant_type: 'authorization_code',
    code,
    redirect_uri: redirectUri,
    code_verifier: verifier,
  })
  return { status: answer.status, ...(answer.json as Tokens) }
}

function setSwitches(switches: Switches): void {
  org.control.setSwitches(switches)
  onTestFinished(() => org.control.reset())
}

describe('the page', () => {
  test('lets a person pick an account, then asks for the password', async () => {
    const first = await send(org.handler, 'GET', `/organizations/oauth2/v2.0/authorize?${formOf(asked)}`)
    expect(first.text).toContain('Pick an account')
    expect(first.text).toContain(colleagueAccount)
    const second = await authorize({ account: colleagueAccount })
    expect(second.text).toContain('Enter password')
    expect(second.text).toContain('name="state" value="s"')
    const wrong = await authorize({ account: colleagueAccount, password: 'wrong' })
    expect(wrong.text).toContain('Your account or password is incorrect.')
  })

  test('sends the person back with a code, or with what stands in the way', async () => {
    expect(backOf(await authorize({ account: colleagueAccount, password }))).toMatchObject({
      state: 's',
      code: expect.any(String),
    })
    expect(backOf(await authorize({ decision: 'cancel' }))).toMatchObject({ error: 'access_denied', state: 's' })
    setSwitches({ consentMissing: true })
    expect(backOf(await authorize({ account: colleagueAccount, password }))).toMatchObject({
      error: 'consent_required',
      error_description: expect.stringMatching(/^AADSTS65001/),
    })
  })

  test('sends nobody on for an application, an address or a tenant that it does not know', async () => {
    const answers = [
      await authorize({ client_id: 'x' }),
      await authorize({ redirect_uri: 'javascript:alert(1)' }),
      await authorize({}, 'nosuch.example'),
    ]
    expect(answers.map(({ status }) => status)).toEqual([400, 400, 400])
  })

  test('escapes what it is given', async () => {
    const { text } = await authorize({ state: '"><script>' })
    expect(text).not.toContain('<script>')
  })
})

describe('the tokens', () => {
  test('act in the name of the person', async () => {
    const { access_token } = await signIn()
    expect((await whoAmI(access_token)).json).toMatchObject({ UserId: colleagueId })
  })

  test('of somebody who is no user of the environment open nothing', async () => {
    const { access_token } = await signIn({ account: outsiderAccount })
    expect((await whoAmI(access_token)).json).toMatchObject({ error: { code: '0x80072560' } })
  })

  test('are given once for a code, to who holds the verifier', async () => {
    const { code = '' } = backOf(await authorize({ account: colleagueAccount, password }))
    const redeem = (code_verifier: string) =>
      token({ grant_type: 'authorization_code', code, redirect_uri: redirectUri, code_verifier })
    expect((await redeem('w'.repeat(43))).status).toBe(400)
    expect((await redeem(verifier)).json).toMatchObject({ error_codes: [70008] })
  })

  test('are renewed by a refresh token of the same application', async () => {
    const { refresh_token = '' } = await signIn()
    const renewed = await token({ grant_type: 'refresh_token', refresh_token })
    expect((await whoAmI((renewed.json as Tokens).access_token)).status).toBe(200)
    const forged = await token({ grant_type: 'refresh_token', refresh_token: `${refresh_token}x` })
    expect(forged.json).toMatchObject({ error: 'invalid_grant', error_codes: [70000] })
    const other = { client_id: dynamicsDemo.clientId, client_secret: dynamicsDemo.clientSecret }
    expect((await token({ grant_type: 'refresh_token', refresh_token, ...other })).status).toBe(400)
  })

  test('come without a refresh token where none is granted', async () => {
    expect((await signIn({ scope: `${origin}/user_impersonation` })).refresh_token).toBeUndefined()
    setSwitches({ noRefreshToken: true })
    expect((await signIn()).refresh_token).toBeUndefined()
  })

  test('are no refresh tokens, and these no tokens', async () => {
    const { access_token, refresh_token = '' } = await signIn()
    expect((await whoAmI(refresh_token)).status).toBe(401)
    expect((await token({ grant_type: 'refresh_token', refresh_token: access_token })).status).toBe(400)
  })

  test('are for this environment only', async () => {
    const scope = 'https://other.crm.dynamics.com/user_impersonation'
    expect(await signIn({ scope })).toMatchObject({ status: 400, error_codes: [500011] })
  })
})

describe('AD FS', () => {
  const right = {
    grant_type: 'password',
    client_id: adfsClientId,
    resource: `${origin}/`,
    username: 'CONTOSO\\robin',
    password,
  }
  const adfs = (changes: Fields = {}) =>
    send(org.handler, 'POST', '/adfs/oauth2/token', {}, formOf({ ...right, ...changes }))

  test.each(['CONTOSO\\robin', 'contoso\\Robin', 'robin@contoso.example'])('takes %s', async (username) => {
    const answer = await adfs({ username })
    expect(answer.json).toMatchObject({ token_type: 'bearer', expires_in: 3600 })
    expect((await whoAmI((answer.json as Tokens).access_token, '/Contoso')).json).toMatchObject({ UserId: colleagueId })
  })

  test.each([
    [{ password: 'wrong' }, 'invalid_grant', 'MSIS9659'],
    [{ username: 'CONTOSO\\\\robin' }, 'invalid_grant', 'MSIS9659'],
    [{ client_id: 'x' }, 'invalid_client', 'MSIS9223'],
    [{ resource: 'https://other.example/' }, 'invalid_resource', 'MSIS9602'],
    [{ grant_type: 'refresh_token' }, 'unsupported_grant_type', 'MSIS9611'],
  ])('refuses %j', async (changes, error, number) => {
    const answer = await adfs(changes as Fields)
    expect(answer.status).toBe(400)
    expect(answer.json).toMatchObject({ error, error_description: expect.stringContaining(number) })
  })

  test('is what a server of one’s own names: below its name, or where the org is set to be one', async () => {
    const challenge = async (path: string) => (await send(org.handler, 'GET', path)).headers['www-authenticate']
    const named = `Bearer authorization_uri=${origin}/adfs/oauth2/authorize, resource_id=${origin}/`
    expect(await challenge('/Contoso/api/data/')).toBe(named)
    setSwitches({ onPremises: true })
    expect(await challenge('/api/data/')).toBe(named)
  })
})
