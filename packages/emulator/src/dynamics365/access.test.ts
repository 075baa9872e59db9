import { describe, expect, test } from 'vitest'
import { codeOf, createTestOrg, origin, send } from './fixture.ts'
import { dynamicsDemo } from './index.ts'
import { type Claims, issueToken } from './sign-in/token.ts'

const org = await createTestOrg(5)

const right = {
  grant_type: 'client_credentials',
  client_id: dynamicsDemo.clientId,
  client_secret: dynamicsDemo.clientSecret,
  scope: `${origin}/.default`,
}

async function signIn(changes: Partial<typeof right> = {}, tenant: string = dynamicsDemo.tenantId) {
  const form = new URLSearchParams(Object.entries({ ...right, ...changes }).filter(([, value]) => value !== ''))
  const answer = await send(org.handler, 'POST', `/${tenant}/oauth2/v2.0/token`, {}, form.toString())
  return { status: answer.status, ...(answer.json as { access_token: string; error?: string; error_codes?: number[] }) }
}

const whoAmI = (token: string) =>
  send(org.handler, 'GET', '/api/data/v9.2/WhoAmI', { authorization: `Bearer ${token}` })

describe('sign-in', () => {
  test('gives a token that the Web API takes, to the tenant by id or domain', async () => {
    for (const tenant of [dynamicsDemo.tenantId, dynamicsDemo.tenantDomain]) {
      const token = await signIn({}, tenant)
      expect(token).toMatchObject({ status: 200, token_type: 'Bearer', expires_in: 3599 })
      expect((await whoAmI(token.access_token)).json).toMatchObject({ UserId: dynamicsDemo.userId })
    }
  })

  test.each([
    ['a wrong secret', { client_secret: 'wrong' }, 401, 'invalid_client', 7000215],
    ['an expired secret', { client_secret: dynamicsDemo.expiredClientSecret }, 401, 'invalid_client', 7000222],
    ['no secret', { client_secret: '' }, 401, 'invalid_client', 7000218],
    ['an unknown application', { client_id: 'x' }, 400, 'unauthorized_client', 700016],
    ['another grant', { grant_type: 'password' }, 400, 'unsupported_grant_type', 70003],
    ['a scope without .default', { scope: origin }, 400, 'invalid_scope', 1002012],
    ['another org', { scope: 'https://other.crm.dynamics.com/.default' }, 400, 'invalid_resource', 500011],
  ])('refuses %s', async (_, changes, status, error, code) => {
    expect(await signIn(changes as Partial<typeof right>)).toMatchObject({
      status,
      error,
      error_codes: [code],
      error_description: expect.stringMatching(new RegExp(`^AADSTS${code}: `)),
      correlation_id: expect.any(String),
    })
  })

  test('refuses an unknown tenant', async () => {
    expect(await signIn({}, 'nosuch.example')).toMatchObject({ status: 400, error_codes: [90002] })
  })

  test('with a slash too many gives a token for somebody else', async () => {
    const { access_token } = await signIn({ scope: `${origin}//.default` })
    expect((await whoAmI(access_token)).status).toBe(401)
  })

  test('is asked for anew where a token of an earlier release names no user', async () => {
    const now = Math.floor(org.clock.now() / 1000)
    const claims = {
      aud: origin,
      appid: dynamicsDemo.clientId,
      tid: dynamicsDemo.tenantId,
      iat: now,
      exp: now + 60,
      gen: 0,
    }
    expect((await whoAmI(issueToken({ ...claims, oid: dynamicsDemo.userId }))).status).toBe(200)
    expect((await whoAmI(issueToken(claims as Claims))).status).toBe(401)
  })
})

describe('access', () => {
  test('without a token is 401 and tells where to sign in', async () => {
    const answer = await send(org.handler, 'GET', '/api/data/')
    expect(answer.status).toBe(401)
    expect(answer.headers['www-authenticate']).toBe(
      `Bearer authorization_uri=${origin}/${dynamicsDemo.tenantId}/oauth2/authorize, resource_id=${origin}/`,
    )
  })

  test('with a changed token is 401', async () => {
    const { access_token } = await signIn()
    const [head, , signature] = access_token.split('.')
    const forged = `${head}.${Buffer.from(JSON.stringify({ aud: origin, exp: 9e9, gen: 9 })).toString('base64url')}.${signature}`
    expect((await whoAmI(forged)).status).toBe(401)
    expect((await whoAmI('nonsense')).status).toBe(401)
  })

  test('ends with the hour, and when tokens are made to expire; a new token goes on', async () => {
    const first = (await signIn()).access_token
    org.clock.advance(3_599_000)
    expect((await whoAmI(first)).status).toBe(200)
    org.clock.advance(2_000)
    expect((await whoAmI(first)).status).toBe(401)
    const second = (await signIn()).access_token
    org.control.expireTokens()
    expect((await whoAmI(second)).status).toBe(401)
    expect((await whoAmI((await signIn()).access_token)).status).toBe(200)
    org.clock.reset()
  })

  test.each([
    [{ noApplicationUser: true }, 403, '0x80072560'],
    [{ apiOff: true }, 403, '0x8004d24b'],
  ])('under %j is refused in the words of the vendor', async (switches, status, code) => {
    const { access_token } = await signIn()
    org.control.setSwitches(switches)
    const answer = await whoAmI(access_token)
    expect([answer.status, codeOf(answer)]).toEqual([status, code])
    org.control.reset()
  })

  test('can be refused for ever', async () => {
    org.control.setSwitches({ refuseForever: true })
    expect((await whoAmI((await signIn()).access_token)).status).toBe(401)
    org.control.reset()
  })

  test('is throttled as often as asked, with the seconds to wait', async () => {
    const { access_token } = await signIn()
    org.control.setThrottle({ retryAfter: 17, times: 1 })
    const answer = await whoAmI(access_token)
    expect([answer.status, answer.headers['retry-after'], codeOf(answer)]).toEqual([429, '17', '0x80072322'])
    expect((await whoAmI(access_token)).status).toBe(200)
  })

  test('under another version than 9 is 404', async () => {
    const { access_token } = await signIn()
    const get = (version: string) =>
      send(org.handler, 'GET', `/api/data/${version}/RetrieveVersion`, { authorization: `Bearer ${access_token}` })
    expect((await get('v9.0')).json).toMatchObject({ Version: expect.stringMatching(/^9\.2\./) })
    expect((await get('v7.0')).status).toBe(404)
  })

  test('is refused for an address that is too long, while the same query goes in a batch', async () => {
    const { access_token } = await signIn()
    const authorization = `Bearer ${access_token}`
    const query = `contacts?$top=1&$filter=${Array.from({ length: 2000 }, () => "lastname%20eq%20'x'").join('%20or%20')}`
    expect((await send(org.handler, 'GET', `/api/data/v9.2/${query}`, { authorization })).status).toBe(414)
    const headers = { authorization, 'content-type': 'multipart/mixed; boundary=b' }
    const body = `--b\r\nContent-Type: application/http\r\n\r\nGET ${query} HTTP/1.1\r\n\r\n\r\n--b--\r\n`
    expect((await send(org.handler, 'POST', '/api/data/v9.2/$batch', headers, body)).status).toBe(200)
  })

  test('leaves an id of the request on every answer, refusals included', async () => {
    const answers = [await whoAmI('nonsense'), await whoAmI((await signIn()).access_token)]
    expect(new Set(answers.map(({ headers }) => headers['x-ms-service-request-id'])).size).toBe(2)
  })
})
