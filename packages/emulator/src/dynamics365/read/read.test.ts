import { describe, expect, test } from 'vitest'
import { ada } from '../../seed/index.ts'
import { codeOf, createTestOrg, messageOf, root, rowsOf } from '../fixture.ts'

const org = await createTestOrg(200)
const [adasRow] = org.store.matching('contact', 'lastname', ada.lastName)
const adaId = String(adasRow?.['contactid'])
const everything = { prefer: 'odata.include-annotations="*"' }

describe('one row', () => {
  test('shows what was selected and its key, with an etag', async () => {
    const answer = await org.get(`contacts(${adaId})?$select=fullname`)
    expect(answer.json).toEqual({
      '@odata.context': `${root}/$metadata#contacts(fullname)/$entity`,
      '@odata.etag': answer.headers['etag'],
      fullname: `${ada.firstName} ${ada.lastName}`,
      contactid: adaId,
    })
  })

  test('shows every column, empty ones as null, when nothing was selected', async () => {
    const row = (await org.get(`contacts(${adaId})`)).json as Record<string, unknown>
    expect(row['fax']).toBeNull()
    expect(row['statecode']).toBe(0)
    expect(Object.keys(row).some((name) => name.includes('target'))).toBe(false)
  })

  test('is not sent again while its etag holds', async () => {
    const { headers } = await org.get(`contacts(${adaId})`)
    expect((await org.get(`contacts(${adaId})`, { 'if-none-match': String(headers['etag']) })).status).toBe(304)
    expect((await org.get(`contacts(${adaId})`, { 'if-none-match': 'null' })).status).toBe(200)
  })

  test('that is missing is 404 with its name and id', async () => {
    const id = '00000000-0000-4000-8000-000000000000'
    const answer = await org.get(`contacts(${id})`)
    expect([answer.status, codeOf(answer), messageOf(answer)]).toEqual([
      404,
      '0x80040217',
      `contact With Id = ${id} Does Not Exist`,
    ])
  })

  test('is found by an alternate key, and only by one', async () => {
    await org.call('POST', 'new_vehicles', { body: { new_name: 'Van', new_licenseplate: "A'1/2" } })
    expect((await org.get("new_vehicles(new_licenseplate='A''1/2')")).status).toBe(200)
    const missing = await org.get("new_vehicles(new_licenseplate='none')")
    expect([missing.status, codeOf(missing)]).toEqual([404, '0x80060891'])
    expect((await org.get("accounts(accountnumber='AE-1843')")).status).toBe(400)
    expect((await org.get('contacts(no-guid)')).status).toBe(400)
  })

  test('its columns and what its lookups lead to have addresses of their own', async () => {
    expect((await org.get(`contacts(${adaId})/lastname`)).json).toMatchObject({ value: ada.lastName })
    expect((await org.get(`contacts(${adaId})/lastname/$value`)).text).toBe(ada.lastName)
    expect((await org.get(`contacts(${adaId})/parentcustomerid_account?$select=name`)).json).toMatchObject({
      name: ada.company?.name,
    })
    expect((await org.get(`contacts(${adaId})/fax`)).status).toBe(204)
    expect((await org.get(`contacts(${adaId})/nosuch`)).status).toBe(404)
  })
})

describe('annotations', () => {
  test('come only when asked for', async () => {
    const plain = (await org.get(`contacts(${adaId})`)).json as object
    expect(Object.keys(plain).filter((name) => name.includes('@') && !name.startsWith('@'))).toEqual([])
  })

  test('show labels, names of what lookups lead to, and where they lead', async () => {
    const select = 'statuscode,donotphone,createdon,_parentcustomerid_value'
    const row = (await org.get(`contacts(${adaId})?$select=${select}`, everything)).json
    expect(row).toMatchObject({
      'statuscode@OData.Community.Display.V1.FormattedValue': 'Active',
      'donotphone@OData.Community.Display.V1.FormattedValue': 'Allow',
      'createdon@OData.Community.Display.V1.FormattedValue': '1/8/2024 9:01 AM',
      '_parentcustomerid_value@OData.Community.Display.V1.FormattedValue': ada.company?.name,
      '_parentcustomerid_value@Microsoft.Dynamics.CRM.associatednavigationproperty': 'parentcustomerid_account',
      '_parentcustomerid_value@Microsoft.Dynamics.CRM.lookuplogicalname': 'account',
    })
  })

  test('of numbers are grouped as in the United States', async () => {
    const body = { name: 'Numbers', revenue: 1234567.891, numberofemployees: 12000 }
    const made = await org.call('POST', 'accounts?$select=revenue,numberofemployees', {
      headers: {
        prefer: 'return=representation,odata.include-annotations="OData.Community.Display.V1.FormattedValue"',
      },
      body,
    })
    expect(made.json).toMatchObject({
      revenue: 1234567.89,
      'revenue@OData.Community.Display.V1.FormattedValue': '$1,234,567.89',
      'numberofemployees@OData.Community.Display.V1.FormattedValue': '12,000',
    })
  })
})

describe('lists', () => {
  test('hold every row once over their pages, in order, and end', async () => {
    const headers = { prefer: 'odata.maxpagesize=37' }
    const names: string[] = []
    let pages = 0
    let next: string | undefined = 'contacts?$select=fullname&$orderby=lastname desc,contactid'
    while (next !== undefined) {
      const answer = await org.get(next, headers)
      names.push(...rowsOf(answer).map((row) => String(row['contactid'])))
      next = (answer.json as Record<string, string>)['@odata.nextLink']?.replace(`${root}/`, '')
      pages += 1
    }
    const all = rowsOf(await org.get('contacts?$select=contactid&$orderby=lastname desc,contactid'))
    expect(names).toEqual(all.map((row) => row['contactid']))
    expect(pages).toBe(Math.ceil(all.length / 37))
  })

  test('go on after the last row given, though rows came and went in between', async () => {
    const headers = { prefer: 'odata.maxpagesize=5' }
    const first = await org.get('leads?$select=leadid&$orderby=leadid', headers)
    const [gone] = rowsOf(first)
    await org.call('DELETE', `leads(${String(gone?.['leadid'])})`)
    const next = (first.json as Record<string, string>)['@odata.nextLink']?.replace(`${root}/`, '') ?? ''
    const second = rowsOf(await org.get(next, headers))
    const rest = rowsOf(await org.get('leads?$select=leadid&$orderby=leadid'))
    expect(second.map((row) => row['leadid'])).toEqual(rest.slice(4, 9).map((row) => row['leadid']))
  })

  test('$top gives no next link, and counts for nothing beside a page size', async () => {
    const top = await org.get('contacts?$top=3')
    expect(rowsOf(top)).toHaveLength(3)
    expect(top.json).not.toHaveProperty('@odata.nextLink')
    const both = await org.get('contacts?$top=3', { prefer: 'odata.maxpagesize=4' })
    expect(rowsOf(both)).toHaveLength(4)
    expect(both.json).toHaveProperty('@odata.nextLink')
  })

  test('tell how many there are when asked', async () => {
    const all = rowsOf(await org.get('contacts')).length
    const counted = await org.get('contacts?$count=true&$top=1', everything)
    expect(counted.json).toMatchObject({ '@odata.count': all, '@Microsoft.Dynamics.CRM.totalrecordcount': all })
    expect((await org.get('contacts?$top=1', everything)).json).toMatchObject({
      '@Microsoft.Dynamics.CRM.totalrecordcount': -1,
    })
    expect((await org.get('contacts/$count')).text).toBe(String(all))
    expect((await org.get("contacts/$count?$filter=lastname eq 'O''Neil'")).text).not.toBe(String(all))
  })

  test('expand what lookups lead to and the collections that lead back', async () => {
    const [row] = rowsOf(
      await org.get(
        `contacts?$select=fullname&$filter=contactid eq ${adaId}&$expand=parentcustomerid_account($select=name;$expand=contact_customer_accounts($select=fullname;$top=1))`,
      ),
    )
    expect(row?.['parentcustomerid_account']).toMatchObject({
      name: ada.company?.name,
      contact_customer_accounts: [{ contactid: expect.any(String) }],
    })
  })

  test.each([
    [
      'contacts?$select=nosuch',
      '0x80060888',
      "Could not find a property named 'nosuch' on type 'Microsoft.Dynamics.CRM.contact'.",
    ],
    ['contacts?$select=parentcustomerid', '0x80060888', "Could not find a property named 'parentcustomerid'"],
    ['contacts?$select=statuscodename', '0x80060888', "Could not find a property named 'statuscodename'"],
    ['contacts?$orderby=nosuch', '0x80060888', "Could not find a property named 'nosuch'"],
    ['contacts?$expand=nosuch', '0x80060888', "Could not find a property named 'nosuch'"],
    ['contacts?$skip=5', '0x80060888', 'Skip Clause is not supported in CRM'],
    ['contacts?$top=-1', '0x80060888', "Invalid value '-1' for $top"],
    ['contacts?$apply=aggregate(x)', '0x80060888', '$apply is not supported'],
    ['contacts?$expand=parentcustomerid_account($select=name', '0x80060888', 'unbalanced'],
    ['contacts?$skiptoken=nonsense', '0x80060888', 'Paging Cookie'],
  ])('%s is refused', async (path, code, message) => {
    const answer = await org.get(path)
    expect([answer.status, codeOf(answer)]).toEqual([400, code])
    expect(messageOf(answer)).toContain(message)
  })

  test('of a table that is not there are 404', async () => {
    const answer = await org.get('foos')
    expect([answer.status, codeOf(answer), messageOf(answer)]).toEqual([
      404,
      '0x8006088a',
      "Resource not found for the segment 'foos'.",
    ])
  })

  test('errors tell more when all annotations are asked for', async () => {
    const answer = await org.get('contacts?$select=nosuch', everything)
    expect((answer.json as { error: object }).error).toHaveProperty('@Microsoft.PowerApps.CDS.HelpLink')
  })
})
