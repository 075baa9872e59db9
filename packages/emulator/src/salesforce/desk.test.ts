import { beforeEach, expect, test } from 'vitest'
import { createSalesforceDesk } from './desk.ts'
import { startOrg } from './fixture.ts'

let org: ReturnType<typeof startOrg>
let desk: ReturnType<typeof createSalesforceDesk>
beforeEach(() => {
  org = startOrg(0)
  desk = createSalesforceDesk(org)
})

const make = async (object: string, body: object): Promise<string> =>
  (await org.call('POST', `sobjects/${object}`, { body })).json.id
const read = async (object: string, id: string) => (await org.call('GET', `sobjects/${object}/${id}`)).json

test('a merged record is in the recycle bin and names its master, to which its tasks go', async () => {
  const loser = await make('Contact', { LastName: 'Old' })
  const master = await make('Contact', { LastName: 'New' })
  const task = await make('Task', { Subject: 'T', WhoId: loser })
  desk.merge({ table: 'Contact', id: loser }, master)
  const soql = `SELECT IsDeleted, MasterRecordId FROM Contact WHERE Id = '${loser}'`
  expect((await org.query(soql)).json.records).toEqual([])
  const all = await org.call('GET', `queryAll?q=${encodeURIComponent(soql)}`)
  expect(all.json.records).toMatchObject([{ IsDeleted: true, MasterRecordId: master }])
  expect(await read('Task', task)).toMatchObject({ WhoId: master })
  const late = await org.call('POST', 'sobjects/Task', { body: { Subject: 'T', WhoId: loser } })
  expect(late.json[0].errorCode).toBe('ENTITY_IS_DELETED')
})

test('a converted lead names what it became, takes no change and no task, and has given its tasks away', async () => {
  const lead = await make('Lead', { LastName: 'L', Company: 'C' })
  const account = await make('Account', { Name: 'C' })
  const contact = await make('Contact', { LastName: 'L', AccountId: account })
  const task = await make('Task', { Subject: 'T', WhoId: lead })
  desk.convertLead(lead, { contactId: contact, accountId: account })
  expect(await read('Lead', lead)).toMatchObject({ IsConverted: true, ConvertedContactId: contact })
  expect(await read('Task', task)).toMatchObject({ WhoId: contact })
  const refusals = [
    await org.call('POST', 'sobjects/Task', { body: { Subject: 'T', WhoId: lead } }),
    await org.call('PATCH', `sobjects/Lead/${lead}`, { body: { Title: 'T' } }),
  ]
  for (const { status, json } of refusals) {
    expect([status, json[0].errorCode]).toEqual([400, 'CANNOT_UPDATE_CONVERTED_LEAD'])
  }
})

test('a task of a lead that became only an account goes to the account', async () => {
  const lead = await make('Lead', { LastName: 'L', Company: 'C' })
  const account = await make('Account', { Name: 'C' })
  const task = await make('Task', { Subject: 'T', WhoId: lead })
  desk.convertLead(lead, { accountId: account })
  expect(await read('Task', task)).toMatchObject({ WhoId: null, WhatId: account })
})

test('what is not there is said', () => {
  expect(() => desk.remove({ table: 'Contact', id: '003000000009999AAA' })).toThrow('There is no Contact')
})
