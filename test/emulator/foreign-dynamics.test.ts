/** Clients that know Dataverse and nothing of us: dynamics-web-api and plain fetch. */
import { createControl, dynamicsDemo, startEmulator } from '@backchannel/emulator'
import { DynamicsWebApi, type RequestError } from 'dynamics-web-api'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'

const emulator = await startEmulator({ people: 300 })
const { url } = emulator.dynamics
afterAll(() => emulator.stop())

async function fetchToken(): Promise<string> {
  const response = await fetch(`${url}/${dynamicsDemo.tenantId}/oauth2/v2.0/token`, {
    method: 'POST',
    body: new URLSearchParams({
      grant_type: 'client_credentials',
      client_id: dynamicsDemo.clientId,
      client_secret: dynamicsDemo.clientSecret,
      scope: `${url}/.default`,
    }),
  })
  const { access_token } = (await response.json()) as { access_token: string }
  return access_token
}

interface Contact {
  contactid: string
  fullname: string
  lastname: string
  jobtitle: string | null
}

/** What the work is refused with; fails when it is not. */
async function failureOf<T>(work: Promise<unknown>): Promise<T> {
  return work.then(
    () => {
      throw new Error('It did not fail.')
    },
    (error: T) => error,
  )
}

const errorOf = (work: Promise<unknown>) => failureOf<RequestError>(work)

describe('dynamics-web-api', () => {
  const api = new DynamicsWebApi({ serverUrl: `${url}/`, onTokenRefresh: fetchToken, propagateErrors: true })
  const made: string[] = []

  test('calls functions', async () => {
    expect(await api.callFunction('WhoAmI')).toMatchObject({ UserId: dynamicsDemo.userId })
  })

  test('creates, and reads what it created', async () => {
    const id = await api.create<object, string>({
      collection: 'contacts',
      data: { firstname: 'Foreign', lastname: "O'Client" },
    })
    made.push(id)
    const contact = await api.retrieve<Contact>({ collection: 'contacts', key: id, select: ['fullname'] })
    expect(contact).toMatchObject({ contactid: id, fullname: "Foreign O'Client" })
    const shown = await api.create({ collection: 'accounts', data: { name: 'Foreign' }, returnRepresentation: true })
    expect(shown).toMatchObject({ name: 'Foreign', accountid: expect.any(String) })
  })

  test('updates a whole row, one column, and only what is there', async () => {
    const [key = ''] = made
    await api.update({ collection: 'contacts', key, data: { jobtitle: 'Tester' } })
    await api.updateSingleProperty({ collection: 'contacts', key, fieldValuePair: { lastname: 'Renamed' } })
    expect(await api.retrieve({ collection: 'contacts', key })).toMatchObject({
      jobtitle: 'Tester',
      fullname: 'Foreign Renamed',
    })
    const missing = '99999999-9999-4999-8999-999999999999'
    const error = await errorOf(api.update({ collection: 'contacts', key: missing, data: { jobtitle: 'x' } }))
    expect(error).toMatchObject({ status: 404, code: '0x80040217' })
  })

  test('upserts: makes, changes, and refuses either when told to', async () => {
    const upsert = (ifnonematch?: string, ifmatch?: string) =>
      api.upsert({
        collection: 'contacts',
        key: '88888888-8888-4888-8888-888888888888',
        data: { lastname: 'Upserted' },
        ...(ifnonematch !== undefined && { ifnonematch }),
        ...(ifmatch !== undefined && { ifmatch }),
      })
    expect(await errorOf(upsert(undefined, '*'))).toMatchObject({ status: 404 })
    expect(await upsert('*')).toBe('88888888-8888-4888-8888-888888888888')
    expect(await errorOf(upsert('*'))).toMatchObject({ status: 412, code: '0x80040237' })
    expect(await upsert()).toBe('88888888-8888-4888-8888-888888888888')
  })

  test('filters, orders, expands and counts', async () => {
    const { value, oDataCount } = await api.retrieveMultiple<Contact>({
      collection: 'contacts',
      select: ['fullname', '_parentcustomerid_value'],
      filter: "contains(lastname,'o''neil') and statecode eq 0",
      orderBy: ['fullname desc'],
      expand: [{ property: 'parentcustomerid_account', select: ['name'] }],
      count: true,
      includeAnnotations: '*',
    })
    expect(value.length).toBeGreaterThan(0)
    expect(oDataCount).toBe(value.length)
    const names = value.map(({ fullname }) => fullname.toLowerCase())
    expect(names).toEqual([...names].sort().reverse())
    expect(await api.count({ collection: 'contacts', filter: "contains(lastname,'o''neil')" })).toBe(value.length)
  })

  test('follows pages to the end', async () => {
    const paged = new DynamicsWebApi({ serverUrl: `${url}/`, onTokenRefresh: fetchToken, maxPageSize: 20 })
    const all = await paged.retrieveAll<Contact>({ collection: 'contacts', select: ['fullname'] })
    expect(new Set(all.value.map(({ contactid }) => contactid)).size).toBe(await api.count({ collection: 'contacts' }))
  })

  test('sends batches with references, and sees a refused change set undone', async () => {
    api.startBatch()
    void api.create({ collection: 'contacts', data: { lastname: 'InBatch' }, contentId: '1' })
    void api.create({
      collection: 'tasks',
      data: { subject: 'For $1', 'regardingobjectid_contact_task@odata.bind': '$1' },
    })
    const [contactId, taskId] = (await api.executeBatch()) as string[]
    const task = await api.retrieve({ collection: 'tasks', key: String(taskId) })
    expect(task).toMatchObject({ _regardingobjectid_value: contactId })

    api.startBatch()
    void api.create({ collection: 'contacts', data: { lastname: 'NeverMade' } })
    void api.create({ collection: 'contacts', data: { lastname: 'x'.repeat(51) } })
    const failures = await failureOf(api.executeBatch())
    expect(failures).toMatchObject([{ status: 400, error: { code: '0x80044331' } }])
    expect(await api.count({ collection: 'contacts', filter: "lastname eq 'NeverMade'" })).toBe(0)
  })

  test('reads a batch of queries', async () => {
    api.startBatch()
    void api.retrieveMultiple({ collection: 'contacts', select: ['fullname'], top: 2 })
    void api.retrieveMultiple({ collection: 'leads', select: ['fullname'], top: 1 })
    const [contacts, leads] = (await api.executeBatch()) as { value: unknown[] }[]
    expect([contacts?.value.length, leads?.value.length]).toEqual([2, 1])
  })

  test('links and unlinks rows', async () => {
    const contact = await api.create<object, string>({ collection: 'contacts', data: { lastname: 'Linked' } })
    const account = await api.create<object, string>({ collection: 'accounts', data: { name: 'Linking' } })
    const parent = async () => (await api.retrieve({ collection: 'contacts', key: contact }))._parentcustomerid_value
    const single = { collection: 'contacts', primaryKey: contact, navigationProperty: 'parentcustomerid_account' }
    await api.associateSingleValued({ ...single, relatedCollection: 'accounts', relatedKey: account })
    expect(await parent()).toBe(account)
    await api.disassociateSingleValued(single)
    expect(await parent()).toBeNull()
    const many = { collection: 'accounts', primaryKey: account, relationshipName: 'contact_customer_accounts' }
    await api.associate({ ...many, relatedCollection: 'contacts', relatedKey: contact })
    expect(await parent()).toBe(account)
    await api.disassociate({ ...many, relatedKey: contact })
    expect(await parent()).toBeNull()
  })

  test('reads metadata: entities, attributes by type, options, relationships', async () => {
    const { value } = await api.retrieveEntities({
      select: ['LogicalName', 'EntitySetName'],
      filter: 'IsActivity eq true',
    })
    expect(value.map((entity) => entity.EntitySetName)).toContain('new_chatsessions')
    const attributes = await api.retrieveAttributes({
      entityKey: "LogicalName='contact'",
      castType: 'Microsoft.Dynamics.CRM.PicklistAttributeMetadata',
      select: ['LogicalName'],
      expand: [{ property: 'OptionSet', select: ['Options'] }],
    })
    const gender = attributes.value.find(({ LogicalName }) => LogicalName === 'gendercode')
    expect(gender.OptionSet.Options).toHaveLength(2)
    const entity = await api.retrieveEntity({
      key: "LogicalName='task'",
      expand: [{ property: 'ManyToOneRelationships' }],
    })
    expect(entity.ManyToOneRelationships.length).toBeGreaterThan(0)
    expect(await api.retrieveGlobalOptionSet({ key: "Name='new_colors'" })).toMatchObject({ Name: 'new_colors' })
  })

  test('deletes', async () => {
    const [key = ''] = made
    expect(await api.deleteRecord({ collection: 'contacts', key })).toBe(true)
    expect(await errorOf(api.retrieve({ collection: 'contacts', key }))).toMatchObject({
      status: 404,
      code: '0x80040217',
    })
  })

  test('signs in again after its token has expired', async () => {
    await createControl(url).setSwitches({ expireTokens: true })
    expect(await api.callFunction('WhoAmI')).toMatchObject({ UserId: dynamicsDemo.userId })
  })
})

describe('plain fetch', () => {
  let token = ''
  beforeAll(async () => {
    token = await fetchToken()
  })

  const call = (method: string, path: string, body?: object, headers: Record<string, string> = {}) =>
    fetch(`${url}/api/data/v9.2/${path}`, {
      method,
      headers: {
        authorization: `Bearer ${token}`,
        accept: 'application/json',
        'odata-version': '4.0',
        'content-type': 'application/json',
        ...headers,
      },
      ...(body && { body: JSON.stringify(body) }),
    })

  test('goes the whole round: create, read, change under a condition, find, count, delete', async () => {
    const made = await call('POST', 'leads', { subject: 'Fetch', lastname: 'Ölçer', mobilephone: '+90 555 0100' })
    expect(made.status).toBe(204)
    const address = made.headers.get('odata-entityid') ?? ''
    expect(address).toMatch(/\/leads\([0-9a-f-]{36}\)$/)
    const path = address.slice(address.indexOf('leads('))

    const read = await call('GET', `${path}?$select=fullname,statuscode`)
    const row = (await read.json()) as Record<string, unknown>
    expect(row).toMatchObject({ fullname: 'Ölçer', statuscode: 1 })
    const etag = read.headers.get('etag') ?? ''
    expect((await call('PATCH', path, { statuscode: 2 }, { 'if-match': etag })).status).toBe(204)
    expect((await call('PATCH', path, { statuscode: 1 }, { 'if-match': etag })).status).toBe(412)

    const filter = encodeURIComponent("fullname eq 'ÖLÇER' and mobilephone eq '+90 555 0100'")
    expect(await (await call('GET', `leads/$count?$filter=${filter}`)).text()).toBe('1')
    expect((await call('DELETE', path)).status).toBe(204)
    expect((await call('GET', path)).status).toBe(404)
  })

  test('sends a batch by hand', async () => {
    const body = [
      '--b',
      'Content-Type: application/http',
      'Content-Transfer-Encoding: binary',
      '',
      'GET /api/data/v9.2/contacts?$top=1&$select=fullname HTTP/1.1',
      'Accept: application/json',
      '',
      '',
      '--b--',
      '',
    ].join('\r\n')
    const response = await fetch(`${url}/api/data/v9.2/$batch`, {
      method: 'POST',
      headers: { authorization: `Bearer ${token}`, 'content-type': 'multipart/mixed; boundary=b' },
      body,
    })
    const text = await response.text()
    expect(response.status).toBe(200)
    expect(text).toMatch(/HTTP\/1\.1 200 OK\r\n/)
    expect(text).toContain('"fullname"')
  })

  test('opens the page of a record', async () => {
    const [ada] = await createControl(url).records('contact', { lastname: 'Lovelace-Byrne' })
    const page = await fetch(`${url}/main.aspx?etn=contact&id=${String(ada?.['contactid'])}&pagetype=entityrecord`)
    expect(page.status).toBe(200)
    expect(await page.text()).toContain('Ada Lovelace-Byrne')
  })
})
