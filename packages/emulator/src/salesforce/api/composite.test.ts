import { describe, expect, test } from 'vitest'
import { startOrg } from '../fixture.ts'

type Org = ReturnType<typeof startOrg>

const base = '/services/data/v60.0'
const part = (referenceId: string, method: string, path: string, body?: unknown) => ({
  referenceId,
  method,
  url: `${base}/${path}`,
  ...(body === undefined ? {} : { body }),
})
const composite = (org: Org, compositeRequest: unknown[], allOrNone = false) =>
  org.call('POST', 'composite', { body: { allOrNone, compositeRequest } })
const count = async (org: Org, object: string) => (await org.query(`SELECT COUNT() FROM ${object}`)).json.totalSize

describe('composite', () => {
  test('later parts use what earlier ones answered', async () => {
    const org = startOrg(0)
    const answer = await composite(org, [
      part('c1', 'POST', 'sobjects/Contact', { LastName: 'King' }),
      part('t1', 'POST', 'sobjects/Task', { Subject: 'Chat', WhoId: '@{c1.id}' }),
      part('q1', 'GET', `query?q=${encodeURIComponent("SELECT Id, Who.Name FROM Task WHERE WhoId = '")}@{c1.id}'`),
      part('g1', 'GET', 'sobjects/Task/@{q1.records[0].Id}?fields=Subject'),
    ])
    expect(answer.status).toBe(200)
    const [c1, t1, q1, g1] = answer.json.compositeResponse
    expect(c1).toMatchObject({
      httpStatusCode: 201,
      referenceId: 'c1',
      httpHeaders: { Location: `${base}/sobjects/Contact/${c1.body.id}` },
    })
    expect(t1.httpStatusCode).toBe(201)
    expect(q1.body.records).toMatchObject([{ Id: t1.body.id, Who: { Name: 'King' } }])
    expect(g1.body).toMatchObject({ Subject: 'Chat' })
  })

  test('a failing part leaves the others alone, but for those that need it', async () => {
    const org = startOrg(0)
    org.control.setSwitches({ personAccountsOff: true })
    const answer = await composite(org, [
      part('l1', 'POST', 'sobjects/Lead', { LastName: 'Smith' }),
      part('t1', 'POST', 'sobjects/Task', { WhoId: '@{l1.id}' }),
      part('c1', 'POST', 'sobjects/Contact', { LastName: 'King' }),
    ])
    const [l1, t1, c1] = answer.json.compositeResponse
    expect([l1.httpStatusCode, l1.body[0].errorCode]).toEqual([400, 'REQUIRED_FIELD_MISSING'])
    expect([t1.httpStatusCode, t1.body[0].errorCode]).toEqual([400, 'PROCESSING_HALTED'])
    expect(c1.httpStatusCode).toBe(201)
    expect(await count(org, 'Contact')).toBe(1)
  })

  test('with allOrNone a failing part undoes all and the others say so', async () => {
    const org = startOrg(0)
    org.control.setSwitches({ personAccountsOff: true })
    const answer = await composite(
      org,
      [
        part('c1', 'POST', 'sobjects/Contact', { LastName: 'King' }),
        part('l1', 'POST', 'sobjects/Lead', { LastName: 'Smith' }),
        part('c2', 'POST', 'sobjects/Contact', { LastName: 'Queen' }),
      ],
      true,
    )
    const codes = answer.json.compositeResponse.map((one: { body: { errorCode: string }[] }) => one.body[0]?.errorCode)
    expect(codes).toEqual(['PROCESSING_HALTED', 'REQUIRED_FIELD_MISSING', 'PROCESSING_HALTED'])
    expect(await count(org, 'Contact')).toBe(0)
  })

  test('holds up to 25 parts, 5 of them queries', async () => {
    const org = startOrg(0)
    const queries = (number: number) =>
      Array.from({ length: number }, (_, index) => part(`q${index}`, 'GET', 'query?q=SELECT+COUNT()+FROM+Contact'))
    const reads = Array.from({ length: 26 }, (_, index) => part(`r${index}`, 'GET', 'limits'))
    expect((await composite(org, queries(5))).status).toBe(200)
    expect((await composite(org, queries(6))).json[0].errorCode).toBe('LIMIT_EXCEEDED')
    expect((await composite(org, reads)).json[0].errorCode).toBe('LIMIT_EXCEEDED')
  })

  test('a graph is all or nothing on its own', async () => {
    const org = startOrg(0)
    org.control.setSwitches({ personAccountsOff: true })
    const graphs = [
      { graphId: 'good', compositeRequest: [part('c', 'POST', 'sobjects/Contact', { LastName: 'A' })] },
      {
        graphId: 'bad',
        compositeRequest: [
          part('c', 'POST', 'sobjects/Contact', { LastName: 'B' }),
          part('l', 'POST', 'sobjects/Lead', { LastName: 'C' }),
        ],
      },
    ]
    const answer = await org.call('POST', 'composite/graph', { body: { graphs } })
    expect(answer.json.graphs.map((graph: { isSuccessful: boolean }) => graph.isSuccessful)).toEqual([true, false])
    expect(await count(org, 'Contact')).toBe(1)
  })
})

describe('batch', () => {
  test('answers each part on its own and says whether one failed', async () => {
    const org = startOrg(0)
    const body = {
      batchRequests: [
        { method: 'GET', url: 'v60.0/limits' },
        { method: 'GET', url: 'v60.0/query?q=SELECT+Nope+FROM+Contact' },
        { method: 'POST', url: 'v60.0/sobjects/Contact', richInput: { LastName: 'King' } },
      ],
    }
    const answer = await org.call('POST', 'composite/batch', { body })
    expect(answer.json.hasErrors).toBe(true)
    const [limits, query, created] = answer.json.results
    expect(limits.result.DailyApiRequests.Max).toBeGreaterThan(0)
    expect([query.statusCode, query.result[0].errorCode]).toEqual([400, 'INVALID_FIELD'])
    expect([created.statusCode, created.result.success]).toEqual([201, true])
  })
})

describe('collections', () => {
  test('lists of anything but objects are refused, here and in composite calls', async () => {
    const org = startOrg(0)
    const paths = ['composite', 'composite/batch', 'composite/graph', 'composite/sobjects', 'composite/tree/Account']
    const body = { records: [null], compositeRequest: [null], batchRequests: [null], graphs: [null] }
    for (const path of paths) {
      const answer = await org.call('POST', path, { body })
      expect([path, answer.status, answer.json[0]?.errorCode]).toEqual([path, 400, 'JSON_PARSER_ERROR'])
    }
  })

  test('create, change, read and delete rows one by one, with statusCode in their errors', async () => {
    const org = startOrg(0)
    org.control.setSwitches({ personAccountsOff: true })
    const records = [
      { attributes: { type: 'Contact' }, LastName: 'A' },
      { attributes: { type: 'Lead' }, LastName: 'B' },
    ]
    const created = await org.call('POST', 'composite/sobjects', { body: { records } })
    const [first, second] = created.json
    expect(first).toMatchObject({ success: true, errors: [] })
    expect(second).toEqual({
      success: false,
      errors: [
        {
          statusCode: 'REQUIRED_FIELD_MISSING',
          message: 'Required fields are missing: [Company]',
          fields: ['Company'],
        },
      ],
    })
    const changed = await org.call('PATCH', 'composite/sobjects', {
      body: { records: [{ attributes: { type: 'Contact' }, id: first.id, Title: 'T' }] },
    })
    expect(changed.json).toEqual([{ id: first.id, success: true, errors: [] }])
    const read = await org.call('GET', `composite/sobjects/Contact?ids=${first.id},003dM000AAAAAZZQY5&fields=Title`)
    expect(read.json).toMatchObject([{ Title: 'T' }, null])
    const deleted = await org.call('DELETE', `composite/sobjects?ids=${first.id},${first.id}`)
    expect(deleted.json).toMatchObject([
      { id: first.id, success: true },
      { success: false, errors: [{ statusCode: 'ENTITY_IS_DELETED' }] },
    ])
  })

  test('with allOrNone one bad row undoes the rest', async () => {
    const org = startOrg(0)
    const records = [{ attributes: { type: 'Contact' }, LastName: 'A' }, { attributes: { type: 'Contact' } }]
    const answer = await org.call('POST', 'composite/sobjects', { body: { allOrNone: true, records } })
    expect(answer.json.map((one: { errors: { statusCode: string }[] }) => one.errors[0]?.statusCode)).toEqual([
      'ALL_OR_NONE_OPERATION_ROLLED_BACK',
      'REQUIRED_FIELD_MISSING',
    ])
    expect(await count(org, 'Contact')).toBe(0)
  })

  test('upsert by an external id and tell which rows are new', async () => {
    const org = startOrg(0)
    const upsert = (...keys: string[]) =>
      org.call('PATCH', 'composite/sobjects/Task/Backchannel_Key__c', {
        body: { records: keys.map((key) => ({ attributes: { type: 'Task' }, Backchannel_Key__c: key })) },
      })
    await upsert('a')
    const again = await upsert('a', 'b')
    expect(again.json.map((one: { created: boolean }) => one.created)).toEqual([false, true])
    expect(await count(org, 'Task')).toBe(2)
  })

  test('a tree is made with its children or not at all', async () => {
    const org = startOrg(0)
    const tree = (lastName: string | null) => ({
      records: [
        {
          attributes: { type: 'Account', referenceId: 'a' },
          Name: 'Acme',
          Contacts: { records: [{ attributes: { type: 'Contact', referenceId: 'c' }, LastName: lastName }] },
        },
      ],
    })
    const refused = await org.call('POST', 'composite/tree/Account', { body: tree(null) })
    expect(refused).toMatchObject({ status: 400, json: { hasErrors: true, results: [{ referenceId: 'c' }] } })
    expect(await count(org, 'Account')).toBe(0)
    const made = await org.call('POST', 'composite/tree/Account', { body: tree('King') })
    expect(made).toMatchObject({
      status: 201,
      json: { hasErrors: false, results: [{ referenceId: 'a' }, { referenceId: 'c' }] },
    })
    expect((await org.query("SELECT Account.Name FROM Contact WHERE Account.Name = 'Acme'")).json.totalSize).toBe(1)
  })
})
