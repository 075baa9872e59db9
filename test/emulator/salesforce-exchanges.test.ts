import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createControl, type Emulator, salesforceDemo, startEmulator } from '@backchannel/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

/** The exchanges of crm-apis.md 2.16 and 2.17, over HTTP with plain fetch. */

let emulator: Emulator
let url: string
let token: string

const control = () => createControl(url)

async function signIn(form: Record<string, string> = { grant_type: 'client_credentials' }) {
  const { clientId, clientSecret } = salesforceDemo
  const body = new URLSearchParams({ client_id: clientId, client_secret: clientSecret, ...form })
  const response = await fetch(`${url}/services/oauth2/token`, { method: 'POST', body })
  return { status: response.status, json: await response.json() }
}

async function send(method: string, path: string, body?: unknown, headers: Record<string, string> = {}) {
  const response = await fetch(`${url}/services/data/v60.0/${path}`, {
    method,
    headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...headers },
    ...(body === undefined ? {} : { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  return { status: response.status, headers: response.headers, text, json: text === '' ? null : JSON.parse(text) }
}

const query = (soql: string, headers?: Record<string, string>) =>
  send('GET', `query?q=${encodeURIComponent(soql)}`, undefined, headers)

beforeAll(async () => {
  emulator = await startEmulator({ people: 2600 })
  url = emulator.salesforce.url
})
afterAll(() => emulator.stop())
beforeEach(async () => {
  await control().reset()
  token = (await signIn()).json.access_token
})

describe('crm-apis.md 2.17', () => {
  test('a query with an escaped quote finds its row, and no row is an empty page', async () => {
    const found = await query(
      "SELECT Id,Name,Phone FROM Contact WHERE Email = 'pat.o\\'neil@brennans.example' LIMIT 10",
    )
    const id = found.json.records[0].Id
    expect(found.json).toEqual({
      totalSize: 1,
      done: true,
      records: [
        {
          attributes: { type: 'Contact', url: `/services/data/v60.0/sobjects/Contact/${id}` },
          Id: id,
          Name: "Pat O'Neil",
          Phone: '(512) 555-0150',
        },
      ],
    })
    const none = await query("SELECT Id FROM Contact WHERE Email = 'nobody@x.example'")
    expect(none.text).toBe('{"totalSize":0,"done":true,"records":[]}')
  })

  test('a lead without company', async () => {
    await control().setSwitches({ personAccountsOff: true })
    const answer = await send('POST', 'sobjects/Lead', { LastName: 'Smith' })
    expect(answer.status).toBe(400)
    expect(answer.text).toBe(
      '[{"message":"Required fields are missing: [Company]","errorCode":"REQUIRED_FIELD_MISSING","fields":["Company"]}]',
    )
  })

  test('a task of a contact and an account', async () => {
    const [contact] = (await query("SELECT Id, AccountId FROM Contact WHERE LastName = 'Lovelace-Byrne'")).json.records
    const created = await send('POST', 'sobjects/Task', {
      Subject: 'SMS | West',
      Status: 'Completed',
      Priority: 'Normal',
      ActivityDate: '2024-01-31',
      WhoId: contact.Id,
      WhatId: contact.AccountId,
      Description: '…',
    })
    const { id } = created.json
    expect(created.status).toBe(201)
    expect(created.json).toEqual({ id: expect.stringMatching(/^00T\w{15}$/), success: true, errors: [] })
    expect(created.headers.get('location')).toBe(`/services/data/v60.0/sobjects/Task/${id}`)
  })

  test('a dead refresh token, a dead session and a spent allowance', async () => {
    const refused = await signIn({ grant_type: 'refresh_token', refresh_token: '5Aep861.dead.token' })
    expect(refused).toEqual({
      status: 400,
      json: { error: 'invalid_grant', error_description: 'expired access/refresh token' },
    })
    await control().setSwitches({ quotaExhausted: true })
    const spent = await send('GET', 'limits')
    expect([spent.status, spent.text]).toEqual([
      403,
      '[{"message":"TotalRequests Limit exceeded.","errorCode":"REQUEST_LIMIT_EXCEEDED"}]',
    ])
    token = 'nonsense'
    const dead = await send('GET', 'limits')
    expect([dead.status, dead.text]).toEqual([
      401,
      '[{"message":"Session expired or invalid","errorCode":"INVALID_SESSION_ID"}]',
    ])
  })
})

describe('crm-apis.md 2.16', () => {
  test('INVALID_FIELD points at the column', async () => {
    const answer = await query('SELECT Id,Invalid__x FROM Contact LIMIT 1')
    expect(answer.status).toBe(400)
    expect(answer.json).toEqual([
      {
        errorCode: 'INVALID_FIELD',
        message:
          "\nSELECT Id,Invalid__x FROM Contact LIMIT 1\n          ^\nERROR at Row:1:Column:11\nNo such column 'Invalid__x' on entity 'Contact'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.",
      },
    ])
  })

  test('phones are stored verbatim, LIKE ignores case, unknown escapes and long text are refused', async () => {
    const untidy = await query("SELECT Phone FROM Lead WHERE Phone LIKE 'MOB:%0187%'")
    expect(untidy.json.records[0].Phone).toBe('mob: 512 / 555.0187 (after 5pm)')
    const unknown = await query("SELECT Id FROM Contact WHERE Name = 'a\\x'")
    expect([unknown.status, unknown.json[0].errorCode]).toEqual([400, 'MALFORMED_QUERY'])
    const long = await query("SELECT Id FROM Task WHERE Description = 'x'")
    expect(long.json[0].errorCode).toBe('INVALID_FIELD')
    expect(long.json[0].message).toContain("field 'Description' can not be filtered in a query call")
  })

  test('rows come in pages of up to 2000 behind a locator', async () => {
    const first = await query('SELECT Id FROM Contact', { 'sforce-query-options': 'batchSize=1000' })
    expect(first.json).toMatchObject({ done: false, totalSize: expect.any(Number) })
    expect(first.json.records.length).toBe(1000)
    const next = await send('GET', first.json.nextRecordsUrl.replace('/services/data/v60.0/', ''))
    expect(next.json).toMatchObject({ done: true, totalSize: first.json.totalSize })
    expect(next.json.records.length).toBe(first.json.totalSize - 1000)
  })

  test('a session ends once, or for ever', async () => {
    await control().setSwitches({ expireTokens: true })
    expect((await send('GET', 'limits')).status).toBe(401)
    token = (await signIn()).json.access_token
    const alive = await send('GET', 'limits')
    expect(alive.status).toBe(200)
    expect(alive.headers.get('sforce-limit-info')).toMatch(/^api-usage=\d+\/\d+$/)
    await control().setSwitches({ refuseForever: true })
    token = (await signIn()).json.access_token
    expect((await send('GET', 'limits')).status).toBe(401)
  })

  test('an org without API says so with 403', async () => {
    await control().setSwitches({ apiOff: true })
    const answer = await send('GET', 'limits')
    expect([answer.status, answer.json]).toEqual([
      403,
      [{ message: 'The REST API is not enabled for this Organization.', errorCode: 'API_DISABLED_FOR_ORG' }],
    ])
  })

  test('a composite call is one call of several operations', async () => {
    await control().clearCalls()
    await send('POST', 'composite', {
      compositeRequest: ['Account', 'Contact', 'Lead'].map((name) => ({
        method: 'GET',
        url: `/services/data/v60.0/query?q=SELECT+Id+FROM+${name}+WHERE+Phone+IN+('512-555-0143')`,
        referenceId: name,
      })),
    })
    const calls = await control().calls()
    expect(calls).toMatchObject([
      { method: 'POST', path: '/services/data/v60.0/composite', status: 200, operations: 3 },
    ])
  })

  test('what was made has a page with everything escaped, and is gone after a reset', async () => {
    const made = await send('POST', 'sobjects/Vehicle__c', { Name: 'Bus <b>' })
    const page = `${url}/lightning/r/Vehicle__c/${made.json.id}/view`
    const shown = await fetch(page)
    const html = await shown.text()
    expect(shown.status).toBe(200)
    expect(html).toContain('Emulated Salesforce')
    expect(html).toContain('Bus &#60;b&#62;')
    await control().reset()
    expect((await fetch(page)).status).toBe(404)
  })

  test("a record's page lists its activities, and theirs shows the text", async () => {
    const [contact] = (await query("SELECT Id FROM Contact WHERE LastName = 'Lovelace-Byrne'")).json.records
    const body = { Subject: 'Chat with Ada', WhoId: contact.Id, Description: 'Hello\n<there>', Status: 'Completed' }
    const task = (await send('POST', 'sobjects/Task', body)).json.id
    const read = async (path: string) => (await fetch(`${url}/lightning/r/${path}/view`)).text()
    const page = await read(`Contact/${contact.Id}`)
    expect(page).toContain('Chat with Ada')
    expect(page).toContain('Completed')
    expect(page).toContain(`/lightning/r/Task/${task}/view`)
    expect(await read(`Task/${task}`)).toContain('Hello\n&#60;there&#62;')
  })

  test('rows and sessions outlive a restart', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'emulator-'))
    try {
      const first = await startEmulator({ people: 20, directory })
      url = first.salesforce.url
      token = (await signIn()).json.access_token
      const made = await send('POST', 'sobjects/Vehicle__c', { Name: 'Kept' })
      await first.stop()
      const second = await startEmulator({ people: 20, directory })
      url = second.salesforce.url
      const read = await send('GET', `sobjects/Vehicle__c/${made.json.id}?fields=Name`)
      const next = await send('POST', 'sobjects/Vehicle__c', { Name: 'Next' })
      await second.stop()
      expect([read.status, read.json.Name]).toEqual([200, 'Kept'])
      expect(next.json.id).not.toBe(made.json.id)
    } finally {
      url = emulator.salesforce.url
      await rm(directory, { recursive: true })
    }
  })
})
