import { describe, expect, test } from 'vitest'
import { startOrg } from '../fixture.ts'
import { makeId } from '../ids.ts'

type Org = ReturnType<typeof startOrg>

/** As every org is seeded. */
const businessRecordType = makeId('012', 1)
const personRecordType = makeId('012', 2)
const partnerLeadRecordType = makeId('012', 4)

const create = async ({ call }: Org, object: string, body: Record<string, unknown>) =>
  (await call('POST', `sobjects/${object}`, { body })).json.id as string

const read = async ({ call }: Org, object: string, id: string) => (await call('GET', `sobjects/${object}/${id}`)).json

describe('rows', () => {
  test('a create is answered 201 with the id and its address, an update 204', async () => {
    const org = startOrg(0)
    const created = await org.call('POST', 'sobjects/Contact', {
      body: { FirstName: 'Ada', LastName: 'King', Phone: ' +1 (512)' },
    })
    expect(created).toMatchObject({ status: 201, json: { success: true, errors: [] } })
    const { id } = created.json
    expect(id).toMatch(/^003\w{15}$/)
    expect(created.headers.location).toBe(`/services/data/v60.0/sobjects/Contact/${id}`)
    const updated = await org.call('PATCH', `sobjects/Contact/${id.slice(0, 15)}`, { body: { LastName: 'Byron' } })
    expect([updated.status, updated.text]).toEqual([204, ''])
    const row = await read(org, 'Contact', id)
    expect(row).toMatchObject({ Name: 'Ada Byron', Phone: ' +1 (512)', Email: null, DoNotCall: false })
    expect(row.CreatedDate).toMatch(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}\+0000$/)
  })

  test('a lead has a company, but where it may become a person account', async () => {
    const org = startOrg(0)
    const lead = () => org.call('POST', 'sobjects/Lead', { body: { LastName: 'Smith' } })
    expect((await lead()).status).toBe(201)
    org.control.setSwitches({ personAccountsOff: true })
    expect((await lead()).json).toEqual([
      {
        message: 'Required fields are missing: [Company]',
        errorCode: 'REQUIRED_FIELD_MISSING',
        fields: ['Company'],
      },
    ])
  })

  test.each<[string, string, Record<string, unknown>, string, string, string[]?]>([
    [
      'a lead without last name',
      'Lead',
      { Company: 'X' },
      'REQUIRED_FIELD_MISSING',
      'Required fields are missing: [LastName]',
      ['LastName'],
    ],
    [
      'a value that the record type does not offer',
      'Lead',
      { LastName: 'X', RecordTypeId: partnerLeadRecordType, Lead_Grade__c: 'C' },
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'Lead Grade: bad value for restricted picklist field: C',
      ['Lead_Grade__c'],
    ],
    [
      'a record type of another object',
      'Lead',
      { LastName: 'X', RecordTypeId: businessRecordType },
      'INVALID_CROSS_REFERENCE_KEY',
      `Record Type ID: this ID value isn't valid for the user: ${businessRecordType}`,
      ['RecordTypeId'],
    ],
    [
      'an unknown field',
      'Contact',
      { LastName: 'X', foo: 1 },
      'INVALID_FIELD',
      "No such column 'foo' on sobject of type Contact",
    ],
    [
      'a read-only field',
      'Contact',
      { LastName: 'X', Name: 'Y' },
      'INVALID_FIELD_FOR_INSERT_UPDATE',
      'Unable to create/update fields: Name. Please check the security settings of this field and verify that it is read/write for your profile or permission set.',
      ['Name'],
    ],
    [
      'text that is too long',
      'Contact',
      { LastName: 'x'.repeat(81) },
      'STRING_TOO_LONG',
      `Last Name: data value too large: ${'x'.repeat(81)} (max length=80)`,
      ['LastName'],
    ],
    [
      'an e-mail address that is none',
      'Contact',
      { LastName: 'X', Email: 'x' },
      'INVALID_EMAIL_ADDRESS',
      'Email: invalid email address: x',
      ['Email'],
    ],
    [
      'an unknown value of a restricted picklist',
      'Vehicle__c',
      { Name: 'X', Make__c: 'Y' },
      'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
      'Make: bad value for restricted picklist field: Y',
      ['Make__c'],
    ],
    [
      'a number as text',
      'Vehicle__c',
      { Name: 'X', Year__c: 'old' },
      'JSON_PARSER_ERROR',
      'Cannot deserialize instance of double from VALUE_STRING value old or request may be missing a required field at [line:1, column:1]',
    ],
    [
      'a number that is too large',
      'Vehicle__c',
      { Name: 'X', Year__c: 12345 },
      'NUMBER_OUTSIDE_VALID_RANGE',
      'Year: value outside of valid range on numeric field: 12345',
      ['Year__c'],
    ],
    [
      'text as a checkbox',
      'Contact',
      { LastName: 'X', DoNotCall: 'yes' },
      'JSON_PARSER_ERROR',
      'Cannot deserialize instance of boolean from VALUE_STRING value yes or request may be missing a required field at [line:1, column:1]',
    ],
    [
      'a date that is none',
      'Contact',
      { LastName: 'X', Birthdate: '2024-02-30' },
      'JSON_PARSER_ERROR',
      'Cannot deserialize instance of date from VALUE_STRING value 2024-02-30 or request may be missing a required field at [line:1, column:1]',
    ],
    [
      'a lookup to the wrong object',
      'Contact',
      { LastName: 'X', AccountId: '003dM000AAAAAABQY5' },
      'MALFORMED_ID',
      'Account ID: id value of incorrect type: 003dM000AAAAAABQY5',
      ['AccountId'],
    ],
    [
      'a lookup to nothing',
      'Contact',
      { LastName: 'X', AccountId: '001dM000AAAAAABQY5' },
      'INVALID_CROSS_REFERENCE_KEY',
      'invalid cross reference id',
    ],
    [
      'an unknown record type',
      'Account',
      { Name: 'X', RecordTypeId: '012dM000AAAAAAZQY5' },
      'INVALID_CROSS_REFERENCE_KEY',
      "Record Type ID: this ID value isn't valid for the user: 012dM000AAAAAAZQY5",
      ['RecordTypeId'],
    ],
  ])('%s is refused', async (_, object, body, errorCode, message, fields) => {
    const org = startOrg(0)
    const answer = await org.call('POST', `sobjects/${object}`, { body })
    expect(answer.status).toBe(400)
    expect(answer.json[0]).toMatchObject({ errorCode, message, ...(fields ? { fields } : {}) })
    expect([...org.store.table(object).values()].some((row) => row.Name === 'X' || row.LastName === 'X')).toBe(false)
  })

  test('any value is taken by a picklist that is not restricted, and empty text is null', async () => {
    const org = startOrg(0)
    const id = await create(org, 'Account', { Name: 'A', Industry: 'Alchemy', Phone: '' })
    expect(await read(org, 'Account', id)).toMatchObject({ Industry: 'Alchemy', Phone: null, CleanStatus: 'Pending' })
  })

  test('a unique external id is taken once and upserted by: 201, then 200, or 204 before v46', async () => {
    const org = startOrg(0)
    const path = 'sobjects/Task/Backchannel_Key__c/a%2Fb%20c'
    const first = await org.call('PATCH', path, { body: { Subject: 'One' } })
    expect(first).toMatchObject({ status: 201, json: { created: true, success: true, errors: [] } })
    const second = await org.call('PATCH', path, { body: { Subject: 'Two' } })
    expect(second).toMatchObject({ status: 200, json: { id: first.json.id, created: false } })
    const old = await org.send('PATCH', `/services/data/v45.0/${path}`, {
      body: { Subject: 'Three' },
      headers: { authorization: `Bearer ${await org.signIn()}` },
    })
    expect([old.status, old.text]).toEqual([204, ''])
    expect((await org.call('GET', path)).json).toMatchObject({ Backchannel_Key__c: 'a/b c', Subject: 'Three' })
    const again = await org.call('POST', 'sobjects/Task', { body: { Backchannel_Key__c: 'A/B C' } })
    expect(again.json[0]).toMatchObject({
      errorCode: 'DUPLICATE_VALUE',
      message: `duplicate value found: Backchannel_Key__c duplicates value on record with id: ${first.json.id}`,
    })
  })

  test('several rows under one key are answered 300 with their addresses; no key field 404', async () => {
    const org = startOrg(0)
    const ids = [
      await create(org, 'Contact', { LastName: 'A', Email: 'x@y.example' }),
      await create(org, 'Contact', { LastName: 'B', Email: 'X@y.example' }),
    ]
    const answer = await org.call('PATCH', 'sobjects/Contact/Email/x@y.example', { body: { Title: 'T' } })
    expect(answer.status).toBe(300)
    expect(answer.json.sort()).toEqual(ids.map((id) => `/services/data/v60.0/sobjects/Contact/${id}`).sort())
    const wrong = await org.call('PATCH', 'sobjects/Contact/Title/x', { body: {} })
    expect([wrong.status, wrong.json[0].message]).toEqual([
      404,
      'Provided external ID field does not exist or is not accessible: Title',
    ])
  })

  test('a lookup can be given by a key of its target', async () => {
    const org = startOrg()
    const contact = await create(org, 'Contact', { LastName: 'Driver', Email: 'driver@x.example' })
    const vehicle = await create(org, 'Vehicle__c', { Name: 'V', Contact__r: { Email: 'driver@x.example' } })
    expect((await read(org, 'Vehicle__c', vehicle)).Contact__c).toBe(contact)
  })

  test('deleted, unknown and malformed ids are told apart', async () => {
    const org = startOrg(0)
    const id = await create(org, 'Contact', { LastName: 'X' })
    await org.call('DELETE', `sobjects/Contact/${id}`)
    const codes = async (text: string) => {
      const answer = await org.call('PATCH', `sobjects/Contact/${text}`, { body: { LastName: 'Y' } })
      return [answer.status, answer.json[0].errorCode]
    }
    expect(await codes(id)).toEqual([404, 'ENTITY_IS_DELETED'])
    expect(await codes('003dM000AAAAAZZQY5')).toEqual([404, 'NOT_FOUND'])
    expect(await codes('x-1')).toEqual([400, 'MALFORMED_ID'])
  })

  test('If-Unmodified-Since refuses a row that changed since', async () => {
    const org = startOrg(0)
    const id = await create(org, 'Contact', { LastName: 'X' })
    const since = new Date(org.clock.now()).toUTCString()
    const change = (value: string) =>
      org.call('PATCH', `sobjects/Contact/${id}`, {
        body: { LastName: value },
        headers: { 'if-unmodified-since': since },
      })
    expect((await change('Y')).status).toBe(204)
    org.clock.advance(5000)
    expect((await org.call('PATCH', `sobjects/Contact/${id}`, { body: { LastName: 'Z' } })).status).toBe(204)
    expect((await change('W')).status).toBe(412)
    expect((await read(org, 'Contact', id)).LastName).toBe('Z')
  })

  test('a duplicate is told with the key as the version spells it, and saved when insisted on', async () => {
    const org = startOrg(0)
    const body = { LastName: 'Same', Email: 'same@x.example' }
    const id = await create(org, 'Contact', body)
    const refusal = await org.call('POST', 'sobjects/Contact', { body })
    expect(refusal.status).toBe(400)
    expect(refusal.json[0]).toMatchObject({
      errorCode: 'DUPLICATES_DETECTED',
      duplicateResult: { allowSave: true, matchResults: [{ matchRecords: [{ record: { Id: id } }] }] },
    })
    const old = await org.send('POST', '/services/data/v54.0/sobjects/Contact', {
      body,
      headers: { authorization: `Bearer ${await org.signIn()}` },
    })
    expect(old.json[0]).toHaveProperty('duplicateResut')
    const headers = { 'sforce-duplicate-rule-header': 'allowSave=true' }
    expect((await org.call('POST', 'sobjects/Contact', { body, headers })).status).toBe(201)
  })

  test('a row that is changed into a duplicate is told too; where rules block, insisting does not help', async () => {
    const org = startOrg(0)
    await create(org, 'Contact', { LastName: 'Same', Email: 'same@x.example' })
    const other = await create(org, 'Contact', { LastName: 'Same', Title: 'T' })
    const change = (headers: Record<string, string> = {}) =>
      org.call('PATCH', `sobjects/Contact/${other}`, { body: { Email: 'same@x.example' }, headers })
    expect((await change()).json[0]).toMatchObject({ errorCode: 'DUPLICATES_DETECTED' })
    org.control.setSwitches({ duplicatesBlocked: true })
    const insisting = { 'sforce-duplicate-rule-header': 'allowSave=true' }
    expect((await change(insisting)).json[0]).toMatchObject({ duplicateResult: { allowSave: false } })
    org.control.setSwitches({ duplicatesBlocked: false })
    expect((await change(insisting)).status).toBe(204)
    expect((await org.call('PATCH', `sobjects/Contact/${other}`, { body: { Title: 'U' } })).status).toBe(204)
  })
})

describe('person accounts', () => {
  test('take a last name, make their name and a contact of it, and refuse Name', async () => {
    const org = startOrg(0)
    const person = { RecordTypeId: personRecordType, FirstName: 'Zoë', LastName: 'Å', PersonEmail: 'z@x.example' }
    const id = await create(org, 'Account', person)
    const row = await read(org, 'Account', id)
    expect(row).toMatchObject({ Name: 'Zoë Å', IsPersonAccount: true })
    expect(await read(org, 'Contact', row.PersonContactId)).toMatchObject({ Email: 'z@x.example', AccountId: id })
    const named = await org.call('POST', 'sobjects/Account', { body: { ...person, Name: 'Z' } })
    expect(named.json[0]).toMatchObject({ errorCode: 'INVALID_FIELD_FOR_INSERT_UPDATE', fields: ['Name'] })
    await org.call('PATCH', `sobjects/Account/${id}`, { body: { LastName: 'Ö' } })
    expect((await read(org, 'Contact', row.PersonContactId)).Name).toBe('Zoë Ö')
  })

  test('are not made of business accounts', async () => {
    const org = startOrg(0)
    for (const body of [
      { LastName: 'X' },
      { Name: 'X', RecordTypeId: businessRecordType, PersonEmail: 'x@y.example' },
    ]) {
      const answer = await org.call('POST', 'sobjects/Account', { body })
      expect(answer.json[0].errorCode).toBe('INVALID_FIELD_FOR_INSERT_UPDATE')
    }
  })

  test('do not exist in an org without them', async () => {
    const org = startOrg(0)
    org.control.setSwitches({ personAccountsOff: true })
    const selected = await org.query('SELECT IsPersonAccount FROM Account')
    expect(selected.json[0].errorCode).toBe('INVALID_FIELD')
    const described = await org.call('GET', 'sobjects/Account/describe')
    expect(described.json.fields.map((field: { name: string }) => field.name)).not.toContain('PersonEmail')
    expect(await create(org, 'Account', { Name: 'Business' })).toMatch(/^001/)
  })
})

describe('tasks', () => {
  test('of a lead stand alone; the account is derived; a completed one is closed and stays editable', async () => {
    const org = startOrg(0)
    const account = await create(org, 'Account', { Name: 'A' })
    const contact = await create(org, 'Contact', { LastName: 'C', AccountId: account })
    const lead = await create(org, 'Lead', { LastName: 'L', Company: 'A' })
    const both = await org.call('POST', 'sobjects/Task', { body: { WhoId: lead, WhatId: account } })
    expect([both.status, both.json[0].errorCode]).toEqual([400, 'FIELD_INTEGRITY_EXCEPTION'])
    const id = await create(org, 'Task', { Subject: 'Chat', WhoId: contact, Description: 'x'.repeat(32_000) })
    expect(await read(org, 'Task', id)).toMatchObject({
      AccountId: account,
      Status: 'Not Started',
      Priority: 'Normal',
      IsClosed: false,
    })
    await org.call('PATCH', `sobjects/Task/${id}`, { body: { Status: 'Completed' } })
    expect((await org.call('PATCH', `sobjects/Task/${id}`, { body: { Subject: 'Later' } })).status).toBe(204)
    expect(await read(org, 'Task', id)).toMatchObject({ IsClosed: true, Subject: 'Later' })
    const long = await org.call('PATCH', `sobjects/Task/${id}`, { body: { Description: 'x'.repeat(32_001) } })
    expect(long.json[0]).toMatchObject({ errorCode: 'STRING_TOO_LONG', fields: ['Description'] })
  })

  test('have no key field in an org whose admin made none', async () => {
    const org = startOrg(0)
    org.control.setSwitches({ noKeyFields: true })
    const answer = await org.call('PATCH', 'sobjects/Task/Backchannel_Key__c/x', { body: {} })
    expect(answer.status).toBe(404)
    expect((await org.query("SELECT Id FROM Task WHERE CallObject = 'x'")).status).toBe(200)
  })
})
