import { describe, expect, test } from 'vitest'
import { codeOf, createTestOrg, messageOf, root, rowsOf } from '../fixture.ts'

const org = await createTestOrg(40)
const represent = { prefer: 'return=representation' }

async function make(set: string, body: object): Promise<Record<string, unknown>> {
  const answer = await org.call('POST', set, { headers: represent, body })
  expect(answer.status, answer.text).toBe(201)
  return answer.json as Record<string, unknown>
}

const read = async (path: string) => (await org.get(path)).json as Record<string, unknown>

describe('create', () => {
  test('answers 204 with the address of the new row', async () => {
    const answer = await org.call('POST', 'contacts', { body: { firstname: 'Nia', lastname: 'Vale' } })
    expect(answer.status).toBe(204)
    const address = String(answer.headers['odata-entityid'])
    expect(address).toMatch(/\/api\/data\/v9\.2\/contacts\([0-9a-f-]{36}\)$/)
    expect(await read(address.replace(`${root}/`, ''))).toMatchObject({
      fullname: 'Nia Vale',
      statecode: 0,
      statuscode: 1,
    })
  })

  test('keeps the full name itself, whatever is written there', async () => {
    const made = await make('contacts', { firstname: 'A', lastname: 'B', fullname: 'Somebody Else' })
    expect(made['fullname']).toBe('A B')
    await org.call('PATCH', `contacts(${made['contactid']})`, { body: { lastname: 'C' } })
    expect(await read(`contacts(${made['contactid']})`)).toMatchObject({ fullname: 'A C' })
  })

  test('takes the key that the caller chose, once', async () => {
    const body = { annotationid: '11111111-1111-4111-8111-111111111111', subject: 'x' }
    expect((await org.call('POST', 'annotations', { body })).status).toBe(204)
    const again = await org.call('POST', 'annotations', { body })
    expect([again.status, codeOf(again), messageOf(again)]).toEqual([412, '0x80040237', 'Cannot insert duplicate key.'])
  })

  test('makes nested rows too, or nothing at all', async () => {
    const made = await make('accounts', {
      name: 'Deep',
      primarycontactid: { lastname: 'First' },
      contact_customer_accounts: [{ lastname: 'One' }, { lastname: 'Two' }],
    })
    const contacts = rowsOf(
      await org.get(`accounts(${made['accountid']})/contact_customer_accounts?$select=lastname&$orderby=lastname`),
    )
    expect(contacts.map((row) => row['lastname'])).toEqual(['One', 'Two'])
    expect(await read(`accounts(${made['accountid']})/primarycontactid`)).toMatchObject({ lastname: 'First' })

    const broken = await org.call('POST', 'accounts', {
      body: { name: 'Broken', contact_customer_accounts: [{ lastname: 'One' }, { nosuch: 1 }] },
    })
    expect(broken.status).toBe(400)
    expect(rowsOf(await org.get("accounts?$filter=name eq 'Broken'"))).toEqual([])
  })

  test('binds lookups by every spelling of an address, and by the name in its own case only', async () => {
    const { contactid } = await make('contacts', { lastname: 'Keeper' })
    for (const target of [`/contacts(${contactid})`, `contacts(${contactid})`, `${root}/contacts(${contactid})`]) {
      const made = await make('new_vehicles', { new_name: 'Car', 'new_Contact@odata.bind': target })
      expect(made['_new_contact_value']).toBe(contactid)
    }
    const wrongCase = await org.call('POST', 'new_vehicles', {
      body: { 'new_contact@odata.bind': `/contacts(${contactid})` },
    })
    expect([wrongCase.status, codeOf(wrongCase)]).toEqual([400, '0x80048d19'])
    expect(messageOf(wrongCase)).toContain("An undeclared property 'new_contact' which only has property annotations")
  })

  test.each([
    [
      'contacts',
      { lastname: 'x'.repeat(51) },
      '0x80044331',
      "A validation error occurred.  The length of the 'lastname' attribute of the 'contact' entity exceeded the maximum allowed length of '50'.",
    ],
    [
      'leads',
      { mobilephone: '1'.repeat(21) },
      '0x80044331',
      "'mobilephone' attribute of the 'lead' entity exceeded the maximum allowed length of '20'",
    ],
    [
      'contacts',
      { nosuch: 'x' },
      '0x80048d19',
      "Invalid property 'nosuch' was found in entity 'Microsoft.Dynamics.CRM.contact'.",
    ],
    [
      'annotations',
      { statecode: 1 },
      '0x80048d19',
      "Invalid property 'statecode' was found in entity 'Microsoft.Dynamics.CRM.annotation'.",
    ],
    [
      'accounts',
      { numberofemployees: '200' },
      '0x80048d19',
      "Cannot convert the literal '200' to the expected type 'Edm.Int32'.",
    ],
    ['accounts', { numberofemployees: 3_000_000_000 }, '0x80048d19', 'Edm.Int32'],
    [
      'accounts',
      { numberofemployees: 2_000_000_000 },
      '0x8004432f',
      'outside the valid range. Accepted Values: 0 to 1000000000',
    ],
    ['accounts', { revenue: -1 }, '0x80044330', 'outside the valid range'],
    [
      'accounts',
      { industrycode: 99 },
      '0x8004431A',
      "The value 99 of 'industrycode' on record of type 'account' is outside the valid range.",
    ],
    ['contacts', { new_interests: '1,77' }, '0x8004431A', "The value 77 of 'new_interests'"],
    ['contacts', { donotphone: 'true' }, '0x80048d19', 'Edm.Boolean'],
    ['contacts', { birthdate: '31.1.1990' }, '0x80048d19', 'Edm.Date'],
    ['tasks', { scheduledend: '2024-13-01T00:00:00Z' }, '0x80048d19', 'Edm.DateTimeOffset'],
    [
      'contacts',
      { _parentcustomerid_value: '11111111-1111-4111-8111-111111111111' },
      '0x80048d19',
      'Use Navigation properties instead',
    ],
    ['incidents', { title: 'No customer' }, '0x80040203', 'Attribute: customerid cannot be set to NULL'],
    [
      'contacts',
      { 'parentcustomerid@odata.bind': '/accounts(11111111-1111-4111-8111-111111111111)' },
      '0x80048d19',
      "undeclared property 'parentcustomerid'",
    ],
    ['tasks', { statuscode: 5 }, '0x80048408', '5 is not a valid status code for state code TaskState.Open'],
  ])('%s of %j is refused', async (set, body, code, message) => {
    const answer = await org.call('POST', set, { body })
    expect([answer.status, codeOf(answer)]).toEqual([400, code])
    expect(messageOf(answer)).toContain(message)
  })

  test('a lookup to nobody, to the wrong table or to an unknown one is refused', async () => {
    const nobody = '/contacts(11111111-1111-4111-8111-111111111111)'
    const bind = (target: string) =>
      org.call('POST', 'tasks', { body: { 'regardingobjectid_contact_task@odata.bind': target } })
    const missing = await bind(nobody)
    expect([missing.status, codeOf(missing)]).toEqual([404, '0x80040217'])
    expect((await bind(nobody.replace('contacts', 'leads'))).status).toBe(400)
    expect(codeOf(await bind(nobody.replace('contacts', 'foos')))).toBe('0x8006088a')
  })

  test('without the fields that only the form asks for is accepted', async () => {
    expect((await org.call('POST', 'contacts', { body: { firstname: 'Cher' } })).status).toBe(204)
  })

  test('a body that is no object is refused', async () => {
    for (const body of ['', '[]', '{"a":', 'null']) {
      expect(codeOf(await org.call('POST', 'contacts', { body }))).toBe('0x80048d19')
    }
  })

  test('an alternate key is taken once', async () => {
    await make('new_vehicles', { new_name: 'A', new_licenseplate: 'TWICE' })
    const again = await org.call('POST', 'new_vehicles', { body: { new_name: 'B', new_licenseplate: 'twice' } })
    expect([again.status, codeOf(again)]).toEqual([412, '0x80060892'])
  })
})

describe('duplicates', () => {
  const check = { 'mscrm.suppressduplicatedetection': 'false' }

  test('are looked for only when asked', async () => {
    const body = { lastname: 'Twin', emailaddress1: 'twin@people.example' }
    await make('contacts', body)
    expect((await org.call('POST', 'contacts', { body })).status).toBe(204)
    const refused = await org.call('POST', 'contacts', {
      headers: check,
      body: { ...body, emailaddress1: 'TWIN@people.example' },
    })
    expect([refused.status, codeOf(refused)]).toEqual([412, '0x80040333'])
  })

  test('of accounts go by name', async () => {
    await make('accounts', { name: 'Only Once' })
    expect(codeOf(await org.call('POST', 'accounts', { headers: check, body: { name: 'only once' } }))).toBe(
      '0x80040333',
    )
  })
})

describe('update', () => {
  test('without a condition makes the row where it is missing', async () => {
    const path = 'contacts(22222222-2222-4222-8222-222222222222)'
    expect((await org.call('PATCH', path, { body: { lastname: 'Upserted' } })).status).toBe(204)
    expect(await read(path)).toMatchObject({ lastname: 'Upserted' })
    const shown = await org.call('PATCH', `${path}?$select=jobtitle`, { headers: represent, body: { jobtitle: 'x' } })
    expect([shown.status, (shown.json as { jobtitle: string }).jobtitle]).toEqual([200, 'x'])
  })

  test('If-Match * never makes a row, If-None-Match * never changes one', async () => {
    const path = 'contacts(33333333-3333-4333-8333-333333333333)'
    const missing = await org.call('PATCH', path, { headers: { 'if-match': '*' }, body: { lastname: 'x' } })
    expect([missing.status, codeOf(missing)]).toEqual([404, '0x80040217'])
    const create = { headers: { 'if-none-match': '*' }, body: { lastname: 'x' } }
    expect((await org.call('PATCH', path, create)).status).toBe(204)
    const again = await org.call('PATCH', path, create)
    expect([again.status, codeOf(again)]).toEqual([412, '0x80040237'])
  })

  test('by an etag that no longer holds is refused and changes nothing', async () => {
    const made = await make('tasks', { subject: 'v1' })
    const path = `tasks(${made['activityid']})`
    const headers = { 'if-match': String(made['@odata.etag']) }
    expect((await org.call('PATCH', path, { headers, body: { subject: 'v2' } })).status).toBe(204)
    const stale = await org.call('PATCH', path, { headers, body: { subject: 'v3' } })
    expect([stale.status, codeOf(stale)]).toEqual([412, '0x80060882'])
    expect(await read(path)).toMatchObject({ subject: 'v2' })
  })

  test('null empties a column and a lookup; an empty text does too', async () => {
    const account = await make('accounts', { name: 'Parent' })
    const made = await make('contacts', {
      lastname: 'Child',
      jobtitle: 'x',
      fax: '1',
      'parentcustomerid_account@odata.bind': `/accounts(${account['accountid']})`,
    })
    await org.call('PATCH', `contacts(${made['contactid']})`, {
      body: { jobtitle: null, fax: '', 'parentcustomerid_account@odata.bind': null },
    })
    expect(await read(`contacts(${made['contactid']})`)).toMatchObject({
      jobtitle: null,
      fax: null,
      _parentcustomerid_value: null,
    })
  })

  test('one column and one link have addresses of their own', async () => {
    const contact = await make('contacts', { lastname: 'Linked' })
    const account = await make('accounts', { name: 'Linking' })
    const path = `contacts(${contact['contactid']})`
    expect((await org.call('PUT', `${path}/jobtitle`, { body: { value: 'Baker' } })).status).toBe(204)
    expect(
      (
        await org.call('PUT', `${path}/parentcustomerid_account/$ref`, {
          body: { '@odata.id': `${root}/accounts(${account['accountid']})` },
        })
      ).status,
    ).toBe(204)
    expect(await read(path)).toMatchObject({ jobtitle: 'Baker', _parentcustomerid_value: account['accountid'] })
    await org.call('DELETE', `${path}/jobtitle`)
    await org.call('DELETE', `${path}/parentcustomerid_account/$ref`)
    expect(await read(path)).toMatchObject({ jobtitle: null, _parentcustomerid_value: null })
    await org.call('POST', `accounts(${account['accountid']})/contact_customer_accounts/$ref`, {
      body: { '@odata.id': path },
    })
    expect(await read(path)).toMatchObject({ _parentcustomerid_value: account['accountid'] })
  })
})

describe('states', () => {
  test('a state brings its default status, a status its state, and both must belong together', async () => {
    const made = await make('tasks', { subject: 'x' })
    const path = `tasks(${made['activityid']})`
    expect(made).toMatchObject({ statecode: 0, statuscode: 2 })
    await org.call('PATCH', path, { body: { statecode: 1 } })
    expect(await read(path)).toMatchObject({ statecode: 1, statuscode: 5, actualend: expect.any(String) })
    await org.call('PATCH', path, { body: { statuscode: 7 } })
    expect(await read(path)).toMatchObject({ statecode: 0, statuscode: 7 })
    const wrong = await org.call('PATCH', path, { body: { statecode: 1, statuscode: 2 } })
    expect([wrong.status, codeOf(wrong)]).toEqual([400, '0x80048408'])
  })

  test('a row is made open, whatever state is asked for', async () => {
    expect(await make('tasks', { subject: 'x', statecode: 1 })).toMatchObject({ statecode: 0, statuscode: 2 })
  })

  test('a closed activity can still be written: being read-only is a rule of the form', async () => {
    const made = await make('tasks', { subject: 'x' })
    await org.call('PATCH', `tasks(${made['activityid']})`, { body: { statecode: 1, statuscode: 5 } })
    expect((await org.call('PATCH', `tasks(${made['activityid']})`, { body: { description: 'more' } })).status).toBe(
      204,
    )
  })

  test('an opportunity is won by its action only', async () => {
    const made = await make('opportunities', { name: 'x' })
    const answer = await org.call('PATCH', `opportunities(${made['opportunityid']})`, { body: { statecode: 1 } })
    expect(answer.status).toBe(400)
    expect(messageOf(answer)).toContain('use the WinOpportunity message instead')
  })
})

describe('delete', () => {
  test('takes notes and activities with it and empties other lookups', async () => {
    const contact = await make('contacts', { lastname: 'Gone' })
    const about = `/contacts(${contact['contactid']})`
    const note = await make('annotations', { subject: 'n', 'objectid_contact@odata.bind': about })
    const task = await make('tasks', { subject: 't', 'regardingobjectid_contact_task@odata.bind': about })
    const chat = await make('new_chatsessions', { subject: 'c', 'regardingobjectid_contact@odata.bind': about })
    const car = await make('new_vehicles', { new_name: 'v', 'new_Contact@odata.bind': about })
    expect((await org.call('DELETE', `contacts(${contact['contactid']})`)).status).toBe(204)
    for (const path of [
      `annotations(${note['annotationid']})`,
      `tasks(${task['activityid']})`,
      `new_chatsessions(${chat['activityid']})`,
    ]) {
      expect((await org.get(path)).status).toBe(404)
    }
    expect(await read(`new_vehicles(${car['new_vehicleid']})`)).toMatchObject({ _new_contact_value: null })
    expect((await org.call('DELETE', `contacts(${contact['contactid']})`)).status).toBe(404)
    expect((await org.call('DELETE', 'contacts')).status).toBe(405)
  })
})

describe('bulk messages', () => {
  test('CreateMultiple makes all or none', async () => {
    const target = (lastname: string) => ({ '@odata.type': 'Microsoft.Dynamics.CRM.contact', lastname })
    const path = 'contacts/Microsoft.Dynamics.CRM.CreateMultiple'
    const made = await org.call('POST', path, { body: { Targets: [target('M1'), target('M2')] } })
    expect((made.json as { Ids: string[] }).Ids).toHaveLength(2)
    const refused = await org.call('POST', path, { body: { Targets: [target('M3'), target('x'.repeat(60))] } })
    expect(refused.status).toBe(400)
    expect(rowsOf(await org.get("contacts?$filter=lastname eq 'M3'"))).toEqual([])
  })

  test.each([null, 5, [], {}])('a target that is %j is refused as the payload that it is', async (target) => {
    const path = 'contacts/Microsoft.Dynamics.CRM.CreateMultiple'
    expect((await org.call('POST', path, { body: { Targets: [target] } })).status).toBe(400)
  })

  test('UpsertMultiple changes what is there and makes what is not', async () => {
    const made = await make('contacts', { lastname: 'Before' })
    const type = { '@odata.type': 'Microsoft.Dynamics.CRM.contact' }
    const body = {
      Targets: [
        { ...type, contactid: made['contactid'], lastname: 'After' },
        { ...type, lastname: 'Fresh' },
      ],
    }
    expect((await org.call('POST', 'contacts/Microsoft.Dynamics.CRM.UpsertMultiple', { body })).status).toBe(204)
    expect(await read(`contacts(${made['contactid']})`)).toMatchObject({ lastname: 'After' })
    expect(rowsOf(await org.get("contacts?$filter=lastname eq 'Fresh'"))).toHaveLength(1)
  })
})

describe('metadata changes', () => {
  test('a shorter field refuses what was allowed, a required one its absence, a hidden one its name', async () => {
    const changed = await createTestOrg(10)
    changed.control.changeMetadata({ entity: 'contact', field: 'lastname', set: { maxLength: 3 } })
    expect(codeOf(await changed.call('POST', 'contacts', { body: { lastname: 'Long' } }))).toBe('0x80044331')
    changed.control.changeMetadata({ entity: 'contact', field: 'jobtitle', set: { required: 'SystemRequired' } })
    expect(codeOf(await changed.call('POST', 'contacts', { body: { lastname: 'x' } }))).toBe('0x80040203')
    changed.control.changeMetadata({ entity: 'contact', field: 'mobilephone', hide: true })
    expect(codeOf(await changed.get('contacts?$select=mobilephone'))).toBe('0x80060888')
    changed.control.changeMetadata({ entity: 'lead', hide: true })
    expect(codeOf(await changed.get('leads'))).toBe('0x8006088a')
    changed.control.changeMetadata({
      entity: 'contact',
      field: 'new_score',
      set: { type: 'Integer', label: 'Score', min: 0, max: 9 },
    })
    expect(codeOf(await changed.call('POST', 'contacts', { body: { jobtitle: 'x', new_score: 10 } }))).toBe(
      '0x8004432f',
    )
  })
})
