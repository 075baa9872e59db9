/** The checklist and the exchanges of crm-apis.md 1.15 and 1.16, over real HTTP. */
import { createControl, dynamicsDemo, startEmulator } from '@backchannel/emulator'
import { afterAll, beforeAll, beforeEach, describe, expect, test } from 'vitest'

const emulator = await startEmulator({ people: 200 })
const { url } = emulator.dynamics
const root = `${url}/api/data/v9.2`
const control = createControl(url)
let token = ''

beforeAll(async () => {
  const response = await fetch(`${url}/${dynamicsDemo.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: dynamicsDemo.clientId,
      client_secret: dynamicsDemo.clientSecret,
      scope: `${url}/.default`,
    }),
  })
  token = ((await response.json()) as { access_token: string }).access_token
})
beforeEach(() => control.reset())
afterAll(() => emulator.stop())

interface Answer {
  status: number
  headers: Headers
  text: string
  json: Record<string, unknown>
}

async function call(
  method: string,
  path: string,
  headers: Record<string, string> = {},
  body?: object,
): Promise<Answer> {
  const response = await fetch(`${root}/${path}`, {
    method,
    headers: {
      authorization: `Bearer ${token}`,
      accept: 'application/json',
      'odata-maxversion': '4.0',
      'odata-version': '4.0',
      ...(body && { 'content-type': 'application/json' }),
      ...headers,
    },
    ...(body && { body: JSON.stringify(body) }),
  })
  const text = await response.text()
  const isJson = response.headers.get('content-type')?.includes('json')
  return { status: response.status, headers: response.headers, text, json: isJson ? JSON.parse(text) : {} }
}

async function make(set: string, body: object): Promise<string> {
  const { headers } = await call('POST', set, {}, body)
  return /\(([0-9a-f-]{36})\)$/.exec(headers.get('odata-entityid') ?? '')?.[1] ?? ''
}

const refusal = (answer: Answer) => [answer.status, (answer.json['error'] as { code?: string } | undefined)?.code]

describe('exchanges of 1.16', () => {
  test('a search, then an empty result that is 200 and never 404', async () => {
    const account = await make('accounts', { name: 'Litware' })
    const contact = await make('contacts', {
      firstname: 'Alan',
      lastname: 'Smith',
      emailaddress1: 'alan@example.com',
      telephone1: '(555) 123-4567',
      'parentcustomerid_account@odata.bind': `/accounts(${account})`,
    })
    const search = (email: string) =>
      call(
        'GET',
        `contacts?$select=fullname,emailaddress1,telephone1,_parentcustomerid_value&$filter=emailaddress1%20eq%20%27${email}%27&$top=10`,
        {
          prefer:
            'odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname"',
        },
      )
    const found = await search('ALAN@example.com')
    expect(found.status).toBe(200)
    expect(found.headers.get('content-type')).toContain('application/json; odata.metadata=minimal')
    expect(found.json).toEqual({
      '@odata.context': `${root}/$metadata#contacts(fullname,emailaddress1,telephone1,_parentcustomerid_value)`,
      value: [
        {
          '@odata.etag': expect.stringMatching(/^W\/"\d+"$/),
          fullname: 'Alan Smith',
          emailaddress1: 'alan@example.com',
          telephone1: '(555) 123-4567',
          _parentcustomerid_value: account,
          '_parentcustomerid_value@OData.Community.Display.V1.FormattedValue': 'Litware',
          '_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'account',
          contactid: contact,
        },
      ],
    })
    const nobody = await search('nobody@example.com')
    expect([nobody.status, nobody.json['value']]).toEqual([200, []])
  })

  test('a note that is made once, first and second time', async () => {
    const contact = await make('contacts', { lastname: 'Noted' })
    const path = 'annotations(0d5c2f1e-6f0a-5b0e-9c51-2f6f3f1a7c11)'
    const body = { subject: 'Chat 2024-01-31', notetext: '…', 'objectid_contact@odata.bind': `/contacts(${contact})` }
    const first = await call('PATCH', path, { 'if-none-match': '*' }, body)
    expect([first.status, first.headers.get('odata-entityid')]).toEqual([204, `${root}/${path}`])
    const second = await call('PATCH', path, { 'if-none-match': '*' }, body)
    expect(second.status).toBe(412)
    expect(second.json).toEqual({
      error: { code: '0x80040237', message: 'A record with matching key values already exists.' },
    })
  })

  test('a task: created, appended to, closed', async () => {
    const lead = await make('leads', { subject: 'x', lastname: 'Tasked' })
    const activityid = '7a0b3c5e-1f2d-4c6b-8a9e-0d1c2b3a4f5e'
    const created = await call(
      'POST',
      'tasks',
      { prefer: 'return=representation' },
      {
        activityid,
        subject: 'SMS +15550100',
        description: 'Hello',
        'regardingobjectid_lead_task@odata.bind': `/leads(${lead})`,
      },
    )
    expect(created.status).toBe(201)
    expect(created.headers.get('odata-entityid')).toBeNull()
    expect(created.json).toMatchObject({
      '@odata.context': `${root}/$metadata#tasks/$entity`,
      activityid,
      statecode: 0,
      statuscode: 2,
      subject: 'SMS +15550100',
      _regardingobjectid_value: lead,
    })
    const etag = String(created.json['@odata.etag'])
    const append = () => call('PATCH', `tasks(${activityid})`, { 'if-match': etag }, { description: 'Hello, more' })
    expect((await append()).status).toBe(204)
    expect(refusal(await append())).toEqual([412, '0x80060882'])
    const close = await call('PATCH', `tasks(${activityid})`, { 'if-match': '*' }, { statecode: 1, statuscode: 5 })
    expect(close.status).toBe(204)
  })

  test('throttling tells how long to wait', async () => {
    await control.throttle({ retryAfter: 17, times: 1 })
    const answer = await call('GET', 'contacts?$top=1')
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '17'])
    expect(answer.json).toEqual({
      error: {
        code: '0x80072322',
        message: 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.',
      },
    })
  })
})

describe('checklist of 1.15', () => {
  test('unknown names in $select and $filter are refused', async () => {
    expect(refusal(await call('GET', 'contacts?$select=parentcustomerid'))).toEqual([400, '0x80060888'])
    expect(refusal(await call('GET', "contacts?$filter=nosuch%20eq%20'x'"))).toEqual([400, '0x80060888'])
  })

  test('text filters know no case, and % and _ are wildcards', async () => {
    await make('contacts', { lastname: 'Under_Score' })
    await make('contacts', { lastname: 'UnderXScore' })
    const count = async (filter: string) =>
      (await call('GET', `contacts/$count?$filter=${encodeURIComponent(filter)}`)).text
    expect(await count("lastname eq 'UNDER_SCORE'")).toBe('1')
    expect(await count("contains(lastname,'under_score')")).toBe('2')
    expect(await count("contains(lastname,'under[_]score')")).toBe('1')
    expect(await count("startswith(lastname,'und%core')")).toBe('2')
  })

  test('a bare PATCH makes what is missing, If-Match and If-None-Match forbid one or the other', async () => {
    const path = 'contacts(6f8c9d10-0000-4000-8000-000000000001)'
    expect(refusal(await call('PATCH', path, { 'if-match': '*' }, { lastname: 'x' }))).toEqual([404, '0x80040217'])
    expect((await call('PATCH', path, {}, { lastname: 'x' })).status).toBe(204)
    expect(refusal(await call('PATCH', path, { 'if-none-match': '*' }, { lastname: 'x' }))).toEqual([412, '0x80040237'])
  })

  test('lengths, choices, case of bind names and pairs of state and status are enforced', async () => {
    const task = { subject: 'x'.repeat(201) }
    const tooLong = await call('POST', 'tasks', {}, task)
    expect(refusal(tooLong)).toEqual([400, '0x80044331'])
    expect(tooLong.text).toContain(
      "A validation error occurred.  The length of the 'subject' attribute of the 'task' entity exceeded the maximum allowed length of '200'.",
    )
    expect(refusal(await call('POST', 'accounts', {}, { industrycode: 999 }))).toEqual([400, '0x8004431A'])
    const contact = await make('contacts', { lastname: 'Bound' })
    const wrongCase = { 'new_contact@odata.bind': `/contacts(${contact})` }
    expect(refusal(await call('POST', 'new_vehicles', {}, wrongCase))).toEqual([400, '0x80048d19'])
    const id = await make('tasks', { subject: 'x' })
    expect((await call('PATCH', `tasks(${id})`, { 'if-match': '*' }, { statecode: 1, statuscode: 2 })).status).toBe(400)
  })

  test('annotations come on request only', async () => {
    expect((await call('GET', 'contacts?$top=1')).text).not.toContain('FormattedValue')
    const annotated = await call('GET', 'contacts?$top=1', { prefer: 'odata.include-annotations="*"' })
    expect(annotated.text).toContain('FormattedValue')
  })

  test('pages end with an opaque next link that is followed as it is', async () => {
    const prefer = { prefer: 'odata.maxpagesize=50' }
    const first = await call('GET', 'contacts?$select=contactid&$top=1', prefer)
    expect((first.json['value'] as unknown[]).length).toBe(50)
    const next = String(first.json['@odata.nextLink'])
    expect(next).toContain('$skiptoken=%3Ccookie%20pagenumber=%222%22%20pagingcookie=%22')
    const second = await call('GET', next.replace(`${root}/`, ''), prefer)
    expect(second.status).toBe(200)
    expect(second.json['value']).not.toEqual(first.json['value'])
    expect(refusal(await call('GET', 'contacts?$skip=1'))).toEqual([400, '0x80060888'])
  })

  test('fullname is computed, and a note has no state', async () => {
    const contact = await make('contacts', { firstname: 'A', lastname: 'B', fullname: 'C' })
    expect((await call('GET', `contacts(${contact})?$select=fullname`)).json['fullname']).toBe('A B')
    const note = await make('annotations', { subject: 'x' })
    const closed = await call('PATCH', `annotations(${note})`, { 'if-match': '*' }, { statecode: 1 })
    expect(closed.status).toBe(400)
    expect(closed.text).toContain(
      "Invalid property 'statecode' was found in entity 'Microsoft.Dynamics.CRM.annotation'.",
    )
  })

  test('enum filters in metadata need their namespace', async () => {
    const path = (value: string) =>
      `EntityDefinitions(LogicalName='contact')/Attributes?$select=LogicalName&$filter=AttributeType%20eq%20${value}`
    expect((await call('GET', path("Microsoft.Dynamics.CRM.AttributeTypeCode'Picklist'"))).status).toBe(200)
    expect((await call('GET', path("'Picklist'"))).status).toBe(400)
  })

  test('a token without a user is 403, and a proxy may answer HTML', async () => {
    await control.setSwitches({ noApplicationUser: true })
    const refused = await call('GET', 'WhoAmI')
    expect(refused.json).toEqual({
      error: { code: '0x80072560', message: 'The user is not a member of the organization.' },
    })
    await control.setSwitches({ noApplicationUser: false })
    await control.addFault({ path: 'WhoAmI' }, { html: true })
    const html = await call('GET', 'WhoAmI')
    expect([html.status, html.headers.get('content-type')]).toEqual([502, 'text/html; charset=utf-8'])
  })
})
