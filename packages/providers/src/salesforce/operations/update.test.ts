import { afterEach, describe, expect, it } from 'vitest'
import type { FieldValue } from '../../model/index.ts'
import { openScriptedSalesforce, refusal, type ScriptedSalesforce } from '../../testing/scripted-salesforce.ts'

let org: ScriptedSalesforce
afterEach(() => org.close())

const reference = { entityName: 'Contact', remoteId: '003dM00001vWOXJQA4' }
const values: FieldValue[] = [{ name: 'Title', type: 'TEXT', value: 'Dr', values: null, reference: null }]
const patches = () => org.requests.filter(({ method }) => method === 'PATCH')
const saved = { status: 204 }

describe('changing a record', () => {
  it('lets duplicate rules pass, and depends on nothing unless a version is expected', async () => {
    org = await openScriptedSalesforce(({ method }) => (method === 'PATCH' ? saved : undefined))
    await org.provider.updateRecord(reference, { values })
    expect(patches().map(({ body }) => JSON.parse(body))).toEqual([{ Title: 'Dr' }])
    expect(patches()[0]?.headers).toMatchObject({ 'sforce-duplicate-rule-header': 'allowSave=true' })
    expect(patches()[0]?.headers['if-unmodified-since']).toBeUndefined()
  })

  it.each([
    ['2026-05-01T07:25:37.000Z', 'Fri, 01 May 2026 07:25:37 GMT'],
    // A part of a second must not make a conflict of what we read ourselves.
    ['2026-05-01T07:25:37.001Z', 'Fri, 01 May 2026 07:25:38 GMT'],
  ])('expecting %s it is made only where nothing changed since %s', async (expectedVersion, since) => {
    org = await openScriptedSalesforce(({ method }) =>
      method === 'PATCH' ? refusal(412, 'PRECONDITION_FAILED') : undefined,
    )
    await expect(org.provider.updateRecord(reference, { values, expectedVersion })).rejects.toMatchObject({
      code: 'CONFLICT',
      outcome: 'NOT_APPLIED',
    })
    expect(patches()[0]?.headers['if-unmodified-since']).toBe(since)
  })

  it('a field that the org has no longer is refused by name, and what we know of the object is asked anew', async () => {
    org = await openScriptedSalesforce(({ method }) =>
      method === 'PATCH'
        ? refusal(400, 'INVALID_FIELD', { message: "No such column 'Title' on sobject of type Contact" })
        : undefined,
    )
    const describes = () => org.requests.filter(({ path }) => path.endsWith('/Contact/describe')).length
    await org.provider.describeEntityType('Contact')
    await expect(org.provider.updateRecord(reference, { values })).rejects.toMatchObject({
      code: 'CRM_REJECTED',
      fields: [{ name: 'Title' }],
      metadataDoubtful: true,
    })
    expect(describes()).toBe(1)
    await org.provider.describeEntityType('Contact')
    expect(describes()).toBe(2)
  })
})
