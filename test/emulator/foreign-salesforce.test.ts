import { createHash } from 'node:crypto'
import { createControl, type Emulator, salesforceDemo, startEmulator } from '@backchannel/emulator'
import type { Connection } from 'jsforce'
import { afterAll, beforeAll, expect, test } from 'vitest'

/** jsforce, which knows nothing of the emulator, runs a round against it; so does a client of plain fetch. */

const redirectUri = 'http://127.0.0.1:9/callback'
let emulator: Emulator
let url: string

beforeAll(async () => {
  emulator = await startEmulator({ people: 2600 })
  url = emulator.salesforce.url
})
afterAll(() => emulator.stop())

/** jsforce reads the proxy variables as it is imported and sends even loopback calls there (crm-apis.md 2.3). */
async function importJsforce() {
  for (const name of ['http_proxy', 'https_proxy', 'HTTP_PROXY', 'HTTPS_PROXY']) delete process.env[name]
  return import('jsforce')
}

/** Clicks "Allow" as a person would, with every field of the form as the page has it. */
async function allow(authorizeUrl: string): Promise<URLSearchParams> {
  const page = await (await fetch(authorizeUrl)).text()
  const [, action = ''] = /<form method="post" action="([^"]+)"/.exec(page) ?? []
  const form = new URLSearchParams({ decision: 'allow' })
  for (const [, name = '', value = ''] of page.matchAll(/name="(\w+)" value="([^"]*)"/g)) {
    if (name !== 'decision')
      form.set(
        name,
        value.replace(/&#(\d+);/g, (_, code) => String.fromCharCode(Number(code))),
      )
  }
  const response = await fetch(new URL(action, authorizeUrl), { method: 'POST', body: form, redirect: 'manual' })
  return new URL(response.headers.get('location') ?? '').searchParams
}

async function connect(): Promise<Connection> {
  const { Connection, OAuth2 } = await importJsforce()
  const { clientId, clientSecret } = salesforceDemo
  const oauth2 = new OAuth2({ clientId, clientSecret, redirectUri, loginUrl: url, useVerifier: true })
  const answer = await allow(oauth2.getAuthorizationUrl({ scope: 'api refresh_token', state: 'x' }))
  expect(answer.get('state')).toBe('x')
  const connection = new Connection({ oauth2, instanceUrl: url, version: '60.0' })
  await connection.authorize(answer.get('code') ?? '')
  return connection
}

test('jsforce signs in, queries, writes, describes and reads page after page', async () => {
  const connection = await connect()
  expect(await connection.identity()).toMatchObject({ user_id: salesforceDemo.userId })

  const ada = await connection.query("SELECT Id, Name, Account.Name FROM Contact WHERE Phone = '512-555-0143'")
  expect(ada.records).toMatchObject([{ Name: 'Ada Lovelace-Byrne', Account: { Name: 'Analytical Engines' } }])
  const all = await connection.query('SELECT Id FROM Contact', { autoFetch: true, maxFetch: 10_000 })
  expect(new Set(all.records.map((record) => record.Id)).size).toBe(all.totalSize)

  const created = await connection.sobject('Contact').create({ LastName: 'Foreign', Email: 'foreign@x.example' })
  expect(created.success).toBe(true)
  const id = created.id ?? ''
  await connection.sobject('Contact').update({ Id: id, Title: 'Guest' })
  expect(await connection.sobject('Contact').retrieve(id)).toMatchObject({ Title: 'Guest', Name: 'Foreign' })
  const first = await connection
    .sobject('Task')
    .upsert({ Backchannel_Key__c: 'k-1', Subject: 'A', WhoId: id }, 'Backchannel_Key__c')
  const second = await connection
    .sobject('Task')
    .upsert({ Backchannel_Key__c: 'k-1', Subject: 'B' }, 'Backchannel_Key__c')
  expect([first.success, second.success, second.id]).toEqual([true, true, first.id])

  await createControl(url).setSwitches({ personAccountsOff: true })
  const many = await connection.sobject('Lead').create([{ LastName: 'One', Company: 'X' }, { LastName: 'Two' }])
  expect(many.map((result) => result.success)).toEqual([true, false])
  const described = await connection.sobject('Lead').describe()
  expect(described.fields.find((field) => field.name === 'Company')).toMatchObject({ nillable: false, length: 255 })
  expect((await connection.describeGlobal()).sobjects.map((object) => object.name)).toContain('Vehicle__c')

  await connection.sobject('Contact').destroy(id)
  await expect(connection.sobject('Contact').retrieve(id)).rejects.toMatchObject({ errorCode: 'ENTITY_IS_DELETED' })
  await expect(connection.sobject('Lead').create({ LastName: 'X' })).rejects.toMatchObject({
    errorCode: 'REQUIRED_FIELD_MISSING',
    data: { fields: ['Company'] },
  })
  expect(connection.limitInfo.apiUsage?.limit).toBeGreaterThan(0)
})

test('jsforce renews a session that ended and repeats the call', async () => {
  const connection = await connect()
  const before = connection.accessToken
  await createControl(url).setSwitches({ expireTokens: true })
  expect((await connection.query('SELECT COUNT() FROM Lead')).totalSize).toBeGreaterThan(0)
  expect(connection.accessToken).not.toBe(before)
})

test('plain fetch signs in with PKCE, writes several rows in one composite call and finds them', async () => {
  const verifier = 'a-verifier-of-more-than-forty-three-characters-long'
  const { clientId } = salesforceDemo
  const asked = new URLSearchParams({
    response_type: 'code',
    client_id: clientId,
    redirect_uri: redirectUri,
    code_challenge: createHash('sha256').update(verifier).digest('base64url'),
    code_challenge_method: 'S256',
  })
  const answer = await allow(`${url}/services/oauth2/authorize?${asked}`)
  const granted = await fetch(`${url}/services/oauth2/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'authorization_code',
      client_id: clientId,
      redirect_uri: redirectUri,
      code: answer.get('code') ?? '',
      code_verifier: verifier,
    }),
  })
  const { access_token: token, instance_url: instance } = await granted.json()
  const headers = { authorization: `Bearer ${token}`, 'content-type': 'application/json' }
  const response = await fetch(`${instance}/services/data/v60.0/composite`, {
    method: 'POST',
    headers,
    body: JSON.stringify({
      allOrNone: true,
      compositeRequest: [
        {
          method: 'POST',
          url: '/services/data/v60.0/sobjects/Account',
          referenceId: 'a',
          body: { Name: "O'Plain & Co" },
        },
        {
          method: 'POST',
          url: '/services/data/v60.0/sobjects/Contact',
          referenceId: 'c',
          body: { LastName: 'Plain', AccountId: '@{a.id}' },
        },
      ],
    }),
  })
  const { compositeResponse } = await response.json()
  expect(compositeResponse.map((part: { httpStatusCode: number }) => part.httpStatusCode)).toEqual([201, 201])
  const soql = "SELECT LastName FROM Contact WHERE Account.Name = 'o\\'plain & co'"
  const found = await fetch(`${instance}/services/data/v60.0/query?q=${encodeURIComponent(soql)}`, { headers })
  expect((await found.json()).records).toMatchObject([{ LastName: 'Plain' }])
})
