import { describe, expect, it } from 'vitest'
import type { FieldCondition, SearchTarget } from '../model/index.ts'
import { describedField } from '../testing/scripted-salesforce.ts'
import { toObjectMetadata } from './metadata.ts'
import { toTargetQuery } from './target-query.ts'

const field = (name: string, type: string, more: object = {}) => describedField(name, { type, ...more })
const object = toObjectMetadata(
  {
    name: 'Account',
    label: 'Account',
    createable: true,
    fields: [
      field('Id', 'id'),
      field('Name', 'string', { nameField: true }),
      field('Since__c', 'date'),
      field('Seen__c', 'datetime'),
      field('Parent__c', 'reference', { referenceTo: ['Account'], relationshipName: 'Parent__r' }),
      field('Loose__c', 'reference', { referenceTo: ['Account'], relationshipName: null }),
    ],
  },
  'Backchannel_Key__c',
)
const condition = (name: string, value: string, type: FieldCondition['type'] = 'TEXT'): FieldCondition => ({
  ...{ name, type, value, relatedEntity: null },
})

/** The query for everything named Acme in accounts. */
function toSoql(changes: Partial<SearchTarget>, value = 'Acme') {
  const target: SearchTarget = {
    entityName: 'Account',
    kind: 'ACCOUNT',
    selection: { attributes: [], fields: [] },
    ...changes,
  }
  const request = { by: [{ identifier: 'TERM' as const, value }], targets: [target], first: 5, region: 'US' }
  const criteria = [{ kind: 'TERM' as const, value, phonePattern: null }]
  return toTargetQuery(object, target, { request, criteria, limit: 6, instanceUrl: 'https://o.example' })?.soql
}

describe('what a target demands', () => {
  it.each(['filters', 'values'] as const)('stands beside whatever is looked for, in %s', (kind) => {
    expect(toSoql({ [kind]: [condition('Parent__c', 'Group')] })).toContain(
      "WHERE Name LIKE '%Acme%' AND Parent__r.Name = 'Group' ORDER BY",
    )
  })

  it.each([
    ['Loose__c', 'Group'],
    ['Since__c', '9999-12-31'],
    ['Seen__c', '1600-01-01'],
    ['Since__c', 'tomorrow'],
  ])('is refused where %s cannot be asked for %s, rather than left out, which would show more', (name, value) => {
    for (const kind of ['filters', 'values']) {
      expect(() => toSoql({ [kind]: [condition(name, value)] })).toThrow(
        expect.objectContaining({ code: 'CRM_REJECTED', fields: [expect.objectContaining({ name })] }),
      )
    }
  })

  it('is searched only where the term can be of the type', () => {
    const termFields = [condition('Since__c', '', 'DATE'), condition('Seen__c', '', 'DATE_TIME')]
    expect(toSoql({ termFields }, '9999-12-31')).toContain("WHERE Name LIKE '%9999-12-31%' ORDER BY")
    expect(toSoql({ termFields }, '2024-01-31')).toContain('Since__c = 2024-01-31 OR (Seen__c >= 2024-01-31T')
  })
})
