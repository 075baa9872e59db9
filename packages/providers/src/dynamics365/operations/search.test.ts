import { describe, expect, it } from 'vitest'
import type { SearchBy, SearchRequest, SearchTarget } from '../../model/index.ts'
import { openScriptedDynamics, type Part, toBatch } from '../../testing/scripted-dynamics.ts'
import type { ScriptedRequest } from '../../testing/scripted-server.ts'

const id = '70bf4d48-34cb-ed11-b596-0022481d68cd'
const contact = { contactid: id, fullname: 'Alan Smith', telephone1: '(512) 555-1234', emailaddress1: 'alan@x.example' }
const empty: Part = [200, { value: [] }]
const noSuchTable: Part = [
  404,
  { error: { code: '0x8006088a', message: "Resource not found for the segment 'leads'." } },
]
const noRight: Part = [
  403,
  { error: { code: '0x80040220', message: 'Principal user is missing prvReadLead privilege' } },
]

const target = (kind: 'ACCOUNT' | 'CONTACT' | 'LEAD'): SearchTarget => ({
  entityName: kind.toLowerCase(),
  kind,
  selection: { attributes: [], fields: [] },
})
const phone: SearchBy = { identifier: 'PHONE', value: '+15125551234' }
const email: SearchBy = { identifier: 'EMAIL', value: "o'neil@x.example" }
const name: SearchBy = { identifier: 'FULL_NAME', value: 'Alan Smith' }
const request = (by: SearchBy[], kinds: ('ACCOUNT' | 'CONTACT' | 'LEAD')[] = ['CONTACT']): SearchRequest => ({
  by,
  targets: kinds.map(target),
  first: 10,
  region: 'US',
})
const filterOf = (sent: ScriptedRequest | undefined) => sent?.query.get('$filter') ?? ''

describe('a search in Dynamics', () => {
  it('over three entity types with all identifiers is one batch, without a word about metadata', async () => {
    const { provider, requests } = await openScriptedDynamics(() =>
      toBatch([empty, [200, { value: [contact] }], empty]),
    )
    const result = await provider.searchRecords(request([phone, email, name], ['ACCOUNT', 'CONTACT', 'LEAD']))
    expect(requests.map(({ method, path }) => `${method} ${path}`)).toEqual(['POST /api/data/v9.2/$batch'])
    expect(result.matchedBy).toBe('PHONE')
    expect(result.targets.map(({ entityName, matches }) => [entityName, matches.length])).toEqual([
      ['account', 0],
      ['contact', 1],
      ['lead', 0],
    ])
  })

  it('over one entity type is a plain GET that fetches only what decides, active rows first', async () => {
    const { provider, requests } = await openScriptedDynamics(() => ({ json: { value: [contact] } }))
    await provider.searchRecords(request([email]))
    expect(requests).toHaveLength(1)
    expect(Object.fromEntries(requests[0]?.query ?? [])).toEqual({
      $select: 'fullname,emailaddress1,emailaddress2,emailaddress3',
      $filter:
        "(emailaddress1 eq 'o''neil@x.example' or emailaddress2 eq 'o''neil@x.example' or emailaddress3 eq 'o''neil@x.example')",
      $orderby: 'statecode,modifiedon desc,contactid',
      $top: '11',
    })
    expect(requests[0]?.headers.prefer).toBeUndefined()
  })

  it('holds a target’s conditions beside whatever is looked for', async () => {
    const { provider, data } = await openScriptedDynamics(() => ({ json: { value: [] } }))
    const filters = [{ name: 'lastname', type: 'TEXT', value: "O'Neil", relatedEntity: null } as const]
    const values = [{ name: 'parentcustomerid', type: 'LOOKUP', value: id, relatedEntity: null } as const]
    await provider.searchRecords({ ...request([email]), targets: [{ ...target('CONTACT'), filters, values }] })
    expect(filterOf(data()[0])).toBe(
      "(emailaddress1 eq 'o''neil@x.example' or emailaddress2 eq 'o''neil@x.example' or emailaddress3 eq 'o''neil@x.example')" +
        ` and lastname eq 'O''Neil' and _parentcustomerid_value eq ${id}`,
    )
    await provider.searchRecords({ ...request([]), targets: [{ ...target('CONTACT'), values }] })
    expect(filterOf(data()[1])).toBe(`_parentcustomerid_value eq ${id}`)
  })

  it('asks all phone fields for exact spellings, and for digits in order only when nothing was hit', async () => {
    const { provider, requests } = await openScriptedDynamics(() => ({ json: { value: [] } }))
    await provider.searchRecords(request([phone]))
    expect(requests).toHaveLength(2)
    for (const field of ['telephone1', 'mobilephone', 'telephone2', 'telephone3']) {
      expect(filterOf(requests[0])).toContain(
        `Microsoft.Dynamics.CRM.In(PropertyName='${field}',PropertyValues=["+1512`,
      )
      expect(filterOf(requests[1])).toContain(`contains(${field},'5%1%2%5%5%5%1%2%3%4')`)
    }
  })

  it('D-SEA-01: looks for a term in name, e-mail and phone, with its wildcards as text', async () => {
    const { provider, requests } = await openScriptedDynamics(() => ({ json: { value: [contact] } }))
    await provider.searchRecords(request([{ identifier: 'TERM', value: 'a_b%' }]))
    expect(filterOf(requests[0])).toBe(
      "(contains(fullname,'a[_]b[%]') or contains(emailaddress1,'a[_]b[%]') or contains(emailaddress2,'a[_]b[%]') or contains(emailaddress3,'a[_]b[%]'))",
    )
  })

  it.each([
    ['lacks', noSuchTable],
    ['does not let us read', noRight],
  ])('gives what the others hold where the org %s one entity type', async (_, refusal) => {
    const { provider } = await openScriptedDynamics(() => toBatch([[200, { value: [contact] }], refusal]))
    const result = await provider.searchRecords(request([phone], ['CONTACT', 'LEAD']))
    expect(result.targets.map(({ matches }) => matches.length)).toEqual([1, 0])
  })

  it('says so where we may read nothing at all, and is empty where there is nothing to read', async () => {
    const forbidden = await openScriptedDynamics(() => toBatch([noRight, noRight]))
    await expect(forbidden.provider.searchRecords(request([email], ['CONTACT', 'LEAD']))).rejects.toMatchObject({
      code: 'CRM_FORBIDDEN',
    })
    const absent = await openScriptedDynamics(() => ({ status: 404, json: noSuchTable[1] }))
    expect((await absent.provider.searchRecords(request([email], ['LEAD']))).matchedBy).toBeNull()
  })

  it('fails where one part fails for another reason', async () => {
    const { provider } = await openScriptedDynamics(() =>
      toBatch([empty, [500, { error: { code: '0x80040216', message: '…' } }]]),
    )
    await expect(provider.searchRecords(request([email], ['CONTACT', 'LEAD']))).rejects.toMatchObject({
      code: 'CRM_UNAVAILABLE',
    })
  })

  it('D-ORD-08: asks nothing where nothing is known', async () => {
    const { provider, requests } = await openScriptedDynamics(() => toBatch([empty]))
    expect((await provider.searchRecords(request([]))).targets).toEqual([
      { entityName: 'contact', matches: [], more: false },
    ])
    await provider.searchRecords(request([{ identifier: 'PHONE', value: '%' }]))
    expect(requests).toHaveLength(0)
  })

  it('for an account number leaves out entity types without one', async () => {
    const { provider, requests } = await openScriptedDynamics(() => ({ json: { value: [] } }))
    const by: SearchBy[] = [{ identifier: 'ACCOUNT_ID', value: 'AC-17' }]
    await provider.searchRecords(request(by, ['ACCOUNT', 'CONTACT', 'LEAD']))
    expect(requests.map(({ path }) => path)).toEqual(['/api/data/v9.2/accounts'])
    expect(filterOf(requests[0])).toBe("accountnumber eq 'AC-17'")
  })
})
