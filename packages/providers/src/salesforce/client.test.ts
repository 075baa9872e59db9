import { setTimeout as sleep } from 'node:timers/promises'
import { afterEach, describe, expect, it } from 'vitest'
import type { SearchRequest, SearchTarget } from '../model/index.ts'
import {
  describeAnswer,
  openScriptedSalesforce,
  refusal,
  rows,
  type ScriptedSalesforce,
} from '../testing/scripted-salesforce.ts'

let org: ScriptedSalesforce

afterEach(() => org.close())

const contactId = '003dM00001vWOXJQA4'
const target = (entityName: string, kind: SearchTarget['kind']): SearchTarget => ({
  entityName,
  kind,
  selection: { attributes: [], fields: [] },
})
const byPhone = (...targets: SearchTarget[]): SearchRequest => ({
  by: [{ identifier: 'PHONE', value: '+15125550143' }],
  targets,
  first: 10,
  region: 'US',
})
const contacts = target('Contact', 'CONTACT')
const find = () => org.provider.findRecords('Contact', [contactId], { attributes: [], fields: [] })

describe('the session', () => {
  it('is renewed once for a 401, and the call repeated with the new token', async () => {
    org = await openScriptedSalesforce((request) =>
      request.headers['authorization'] === 'Bearer first' ? refusal(401, 'INVALID_SESSION_ID') : undefined,
    )
    await find()
    expect(org.data().map(({ headers }) => headers['authorization'])).toEqual(['Bearer second'])
    expect(org.requests.filter(({ path }) => path.endsWith('/token'))).toHaveLength(1)
  })

  it('is given up after a second 401: no loop', async () => {
    org = await openScriptedSalesforce((request) =>
      request.path.endsWith('/token') ? undefined : refusal(401, 'INVALID_SESSION_ID'),
    )
    await expect(find()).rejects.toMatchObject({ code: 'CRM_UNAUTHENTICATED' })
    expect(org.requests).toHaveLength(3)
  })

  it('is renewed also where the one that another process had got has ended as well', async () => {
    let ended: (string | undefined)[] = []
    org = await openScriptedSalesforce(({ headers }) =>
      ended.includes(headers['authorization']) ? refusal(401, 'INVALID_SESSION_ID') : undefined,
    )
    await find()
    const held = await org.tokens.read()
    await org.tokens.replace(held && { ...held, accessToken: 'theirs' })
    ended = ['Bearer first', 'Bearer theirs']
    org.requests.length = 0
    await find()
    expect(org.data().map(({ headers }) => headers['authorization'])).toEqual([...ended, 'Bearer second'])
    expect(org.requests.filter(({ path }) => path.endsWith('/token'))).toHaveLength(1)
  })

  it('never travels in an address', async () => {
    org = await openScriptedSalesforce((request) =>
      request.path.endsWith('/userinfo') ? { json: { name: 'Ada', preferred_username: 'ada@org.example' } } : undefined,
    )
    await org.provider.checkCredentials()
    expect(org.requests.every(({ query }) => ![...query.values()].includes('first'))).toBe(true)
  })
})

describe('one request', () => {
  it('a single query is a GET, several travel in one composite, a very long one too', async () => {
    org = await openScriptedSalesforce()
    const byName = (value: string, ...targets: SearchTarget[]) =>
      org.provider.searchRecords({ ...byPhone(...targets), by: [{ identifier: 'FULL_NAME', value }] })
    await byName('Ada', contacts)
    await byName('Ada', contacts, target('Lead', 'LEAD'))
    await byName('é'.repeat(3_000), contacts)
    expect(org.data().map(({ method, path }) => `${method} ${path}`)).toEqual([
      'GET /services/data/v60.0/query',
      'POST /services/data/v60.0/composite',
      'POST /services/data/v60.0/composite',
    ])
  })

  it('converted leads are left to their contacts, and only asked columns are selected', async () => {
    org = await openScriptedSalesforce()
    await org.provider.searchRecords({
      ...byPhone(target('Lead', 'LEAD')),
      by: [{ identifier: 'FULL_NAME', value: "Pat O'Neil\\" }],
    })
    expect(org.data()[0]?.query.get('q')).toBe(
      "SELECT Id,Name FROM Lead WHERE Name = 'Pat O\\'Neil\\\\' AND IsConverted = FALSE ORDER BY Id LIMIT 11",
    )
  })

  const accountsFailWith = (status: number, errorCode: string) =>
    openScriptedSalesforce((request) => {
      if (!request.path.endsWith('/composite')) return undefined
      const part = (httpStatusCode: number, body: unknown) => ({ httpStatusCode, body })
      const row = { Id: contactId, Name: 'Ada', Phone: '+15125550143' }
      return {
        json: {
          compositeResponse: [part(status, [{ errorCode, message: '…' }]), part(200, { records: [row] })],
        },
      }
    })

  it.each([
    [404, 'NOT_FOUND'],
    [403, 'INSUFFICIENT_ACCESS'],
  ])('gives what the others hold where the org answers %i %s for one entity type', async (status, code) => {
    org = await accountsFailWith(status, code)
    const result = await org.provider.searchRecords(byPhone(target('Account', 'ACCOUNT'), contacts))
    expect(result.targets.map(({ matches }) => matches.length)).toEqual([0, 1])
  })

  it.each([
    [400, 'QUERY_TIMEOUT', 'CRM_TIMEOUT'],
    [500, 'UNKNOWN_EXCEPTION', 'CRM_UNAVAILABLE'],
  ])('fails where one part fails with %i %s: what is missing is not passed over', async (status, errorCode, code) => {
    org = await accountsFailWith(status, errorCode)
    await expect(org.provider.searchRecords(byPhone(target('Account', 'ACCOUNT'), contacts))).rejects.toMatchObject({
      code,
    })
  })

  it('fails where every part failed, with the reason', async () => {
    org = await openScriptedSalesforce((request) =>
      request.path.endsWith('/query') ? refusal(400, 'QUERY_TIMEOUT') : undefined,
    )
    await expect(org.provider.searchRecords(byPhone(contacts))).rejects.toMatchObject({ code: 'CRM_TIMEOUT' })
  })

  it('a name that has gone stale is read again and asked without: nobody is blocked', async () => {
    let hidden = false
    org = await openScriptedSalesforce((request) => {
      if (hidden && request.path.endsWith('/Contact/describe')) {
        return describeAnswer('Contact', (fields) => fields.filter(({ name }) => name !== 'Email'))
      }
      const soql = request.query.get('q')
      if (soql === null) return undefined
      if (!soql.includes('Email')) return rows({ Id: contactId, Name: 'Ada', Phone: '+15125550143' })
      hidden = true
      return refusal(400, 'INVALID_FIELD', { message: "No such column 'Email' on entity 'Contact'." })
    })
    const request = byPhone(contacts)
    const result = await org.provider.searchRecords({
      ...request,
      by: [...request.by, { identifier: 'EMAIL', value: 'a@b.example' }],
    })
    expect(result.targets[0]?.matches).toHaveLength(1)
    expect(org.data()).toHaveLength(2)
  })
})

describe('an org whose queries are slow', () => {
  const slowly = async (used: number) => {
    org = await openScriptedSalesforce(async (request) => {
      const queries = request.path.endsWith('/composite') ? 3 : 1
      if (!request.path.includes('/describe')) await sleep(queries * 15)
      if (!request.path.endsWith('/query')) return undefined
      return { ...rows(), headers: { 'sforce-limit-info': `api-usage=${used}/100` } }
    })
    const byName = (...targets: SearchTarget[]) =>
      org.provider.searchRecords({ ...byPhone(...targets), by: [{ identifier: 'FULL_NAME', value: 'Ada' }] })
    const all = [contacts, target('Account', 'ACCOUNT'), target('Lead', 'LEAD')]
    for (let measured = 0; measured < 8; measured += 1) await byName(contacts)
    for (let measured = 0; measured < 8; measured += 1) await byName(...all)
    const before = org.data().length
    await byName(...all)
    return org
      .data()
      .slice(before)
      .map(({ method }) => method)
  }

  it('is asked side by side, as measured', async () => {
    expect(await slowly(10)).toEqual(['GET', 'GET', 'GET'])
  })

  it('is asked in one call all the same where the day’s budget runs low', async () => {
    expect(await slowly(85)).toEqual(['POST'])
  })
})

describe('limits', () => {
  it('are read from every answer', async () => {
    org = await openScriptedSalesforce((request) => ({
      ...(request.path.endsWith('/describe') ? describeAnswer('Contact') : rows()),
      headers: { 'sforce-limit-info': 'api-usage=101/15000, per-app-api-usage=17/250(appName=x)' },
    }))
    expect(org.provider.limits()).toEqual({ used: null, limit: null, throttledUntil: null })
    await find()
    expect(org.provider.limits()).toEqual({ used: 101, limit: 15_000, throttledUntil: null })
  })

  it('a used-up daily budget pauses everything but a check for a quarter of an hour', async () => {
    let exhausted = true
    org = await openScriptedSalesforce((request) => {
      if (exhausted && request.path.endsWith('/query')) {
        return refusal(403, 'REQUEST_LIMIT_EXCEEDED', { message: 'TotalRequests Limit exceeded.' })
      }
      return request.path.endsWith('/userinfo') ? { json: { name: 'Ada' } } : undefined
    })
    await expect(find()).rejects.toMatchObject({ code: 'CRM_QUOTA_EXHAUSTED' })
    const sent = org.requests.length
    await expect(find()).rejects.toMatchObject({ code: 'CRM_QUOTA_EXHAUSTED', retryAfter: 900 })
    expect(org.requests).toHaveLength(sent)
    expect(org.provider.limits().throttledUntil).toBe(org.clock.now + 900_000)
    exhausted = false
    await expect(org.provider.checkCredentials()).resolves.toMatchObject({ connectedAs: 'Ada' })
    org.clock.now += 901_000
    await expect(find()).resolves.toEqual([null])
  })

  it('too many long calls at a time pause for a moment only', async () => {
    org = await openScriptedSalesforce((request) =>
      request.path.endsWith('/query')
        ? refusal(403, 'REQUEST_LIMIT_EXCEEDED', { message: 'ConcurrentRequests Limit exceeded.' })
        : undefined,
    )
    await expect(find()).rejects.toMatchObject({ code: 'CRM_RATE_LIMITED' })
    expect(org.provider.limits().throttledUntil).toBe(org.clock.now + 5_000)
  })
})

describe('answers that are no data', () => {
  it.each([
    [200, '<html>Down for maintenance</html>'],
    [404, '<html>wrong host</html>'],
    [200, '{"records":'],
    [200, '{"unexpected":true}'],
  ])('%i %s is CRM_UNAVAILABLE, and nothing of it is told', async (status, text) => {
    org = await openScriptedSalesforce((request) => (request.path.endsWith('/query') ? { status, text } : undefined))
    const failure = await find().catch((error: unknown) => error)
    expect(failure).toMatchObject({ code: 'CRM_UNAVAILABLE' })
    expect(String(failure)).not.toContain('html')
  })
})

it('every call is told with its name, status and outcome, and without its query', async () => {
  org = await openScriptedSalesforce((request) =>
    request.path.endsWith('/query') ? refusal(400, 'MALFORMED_QUERY') : undefined,
  )
  await find().catch(() => undefined)
  expect(org.calls.map(({ operation, method, status, error }) => [operation, method, status, error])).toEqual([
    ['describe', 'GET', 200, null],
    ['find', 'GET', 400, 'CRM_REJECTED'],
  ])
  expect(JSON.stringify(org.calls)).not.toContain('SELECT')
})
