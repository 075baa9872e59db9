import { beforeEach, expect, test } from 'vitest'
import { createDynamicsDesk } from './desk.ts'
import { createTestOrg } from './fixture.ts'

let org: Awaited<ReturnType<typeof createTestOrg>>
let desk: ReturnType<typeof createDynamicsDesk>
beforeEach(async () => {
  org = await createTestOrg(0)
  desk = createDynamicsDesk(org)
})

async function make(set: string, body: object): Promise<string> {
  const headers = { prefer: 'return=representation' }
  const json = (await org.call('POST', set, { body, headers })).json as Record<string, string>
  return String(json['contactid'] ?? json['leadid'] ?? json['activityid'])
}
const read = async (path: string) => (await org.get(path)).json as Record<string, unknown>

test('a merged record stays, inactive, and names its master, to which its activities go', async () => {
  const loser = await make('contacts', { lastname: 'Old' })
  const master = await make('contacts', { lastname: 'New' })
  const task = await make('tasks', { subject: 'T', 'regardingobjectid_contact_task@odata.bind': `/contacts(${loser})` })
  desk.merge({ table: 'contact', id: loser }, master)
  expect(await read(`contacts(${loser})?$select=statecode,merged,_masterid_value`)).toMatchObject({
    statecode: 1,
    merged: true,
    _masterid_value: master,
  })
  expect(await read(`tasks(${task})?$select=_regardingobjectid_value`)).toMatchObject({
    _regardingobjectid_value: master,
  })
  expect(await read(`contacts(${master})?$select=merged`)).toMatchObject({ merged: false })
})

test('a qualified lead names what was made of it, and that names the lead', async () => {
  const lead = await make('leads', { lastname: 'L' })
  const contact = await make('contacts', { lastname: 'L' })
  desk.convertLead(lead, { contactId: contact })
  expect(await read(`leads(${lead})?$select=statecode,statuscode,_parentcontactid_value`)).toMatchObject({
    statecode: 1,
    statuscode: 3,
    _parentcontactid_value: contact,
  })
  expect(await read(`contacts(${contact})?$select=_originatingleadid_value`)).toMatchObject({
    _originatingleadid_value: lead,
  })
})

test('what a person changes has another version; what is not there is said', async () => {
  const contact = await make('contacts', { lastname: 'L' })
  const before = await read(`contacts(${contact})?$select=lastname`)
  desk.change({ table: 'contact', id: contact }, { lastname: 'M' })
  const after = await read(`contacts(${contact})?$select=lastname`)
  expect(after['lastname']).toBe('M')
  expect(after['@odata.etag']).not.toBe(before['@odata.etag'])
  desk.remove({ table: 'contact', id: contact })
  expect((await org.get(`contacts(${contact})`)).status).toBe(404)
  expect(() => desk.remove({ table: 'contact', id: contact })).toThrow(`There is no contact ${contact}.`)
})
