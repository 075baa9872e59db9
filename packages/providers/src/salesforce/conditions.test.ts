import { describe, expect, it } from 'vitest'
import type { FieldTest } from '../search/index.ts'
import { describedField } from '../testing/scripted-salesforce.ts'
import { anyOf, conditionsOf, toCondition } from './conditions.ts'
import { toObjectMetadata } from './metadata.ts'

const field = (name: string, type: string, more: object = {}) => describedField(name, { type, ...more })

const object = toObjectMetadata(
  {
    name: 'Account',
    label: 'Account',
    createable: true,
    fields: [
      field('Id', 'id'),
      field('Name', 'string', { nameField: true }),
      field('Site', 'string'),
      field('Description', 'textarea', { filterable: false }),
      field('Phone', 'phone'),
      field('AnnualRevenue', 'currency', { precision: 18 }),
      field('Since__c', 'date'),
      field('Seen__c', 'datetime'),
      field('Key__c', 'boolean'),
      field('Industry', 'picklist'),
      field('Regions__c', 'multipicklist'),
      field('ParentId', 'reference', { referenceTo: ['Account'], relationshipName: 'Parent' }),
      field('CaseId', 'reference', { referenceTo: ['Case'], relationshipName: 'Case' }),
      field('OwnerId', 'reference', { referenceTo: ['Group', 'User'], relationshipName: 'Owner' }),
      field('Loose__c', 'reference', { referenceTo: ['Account'], relationshipName: null }),
    ],
  },
  'Backchannel_Key__c',
)

const id = '001dM00001vWOXJQA4'
const lookup = (name: string, text: string, more: Partial<Extract<FieldTest, { kind: 'LOOKUP' }>> = {}): FieldTest => ({
  kind: 'LOOKUP',
  field: name,
  text,
  part: false,
  relatedEntity: null,
  ...more,
})

describe('one test of a field, as SOQL', () => {
  it.each<[FieldTest, string[]]>([
    [{ kind: 'TEXT', field: 'Site', text: "O'Neil", part: false }, ["Site = 'O\\'Neil'"]],
    [{ kind: 'TEXT', field: 'Site', text: '50%_', part: true }, ["Site LIKE '%50\\%\\_%'"]],
    [{ kind: 'NUMBER', field: 'AnnualRevenue', number: '2000' }, ['AnnualRevenue = 2000']],
    [{ kind: 'NUMBER', field: 'AnnualRevenue', number: '-0.50' }, ['AnnualRevenue = -0.50']],
    [{ kind: 'DAY', field: 'Since__c', day: '2026-01-31' }, ['Since__c = 2026-01-31']],
    [
      { kind: 'DAY', field: 'Seen__c', day: '2026-01-31' },
      ['(Seen__c >= 2026-01-31T00:00:00Z AND Seen__c < 2026-02-01T00:00:00Z)'],
    ],
    [
      { kind: 'TIME', field: 'Seen__c', time: '2026-01-31T10:00:00.700Z' },
      ['(Seen__c >= 2026-01-31T10:00:00Z AND Seen__c < 2026-01-31T10:00:01Z)'],
    ],
    [{ kind: 'TRUTH', field: 'Key__c', truth: true }, ['Key__c = TRUE']],
    [{ kind: 'TRUTH', field: 'Key__c', truth: false }, ['Key__c = FALSE']],
    [{ kind: 'OPTIONS', field: 'Industry', options: ['Banking', "R'n'D"] }, ["Industry IN ('Banking','R\\'n\\'D')"]],
    [{ kind: 'OPTIONS', field: 'Regions__c', options: ['North'] }, ["Regions__c INCLUDES ('North')"]],
    [lookup('ParentId', 'Acme'), ["Parent.Name = 'Acme'"]],
    [lookup('ParentId', 'Acme', { part: true }), ["Parent.Name LIKE '%Acme%'"]],
    [lookup('ParentId', id), [`(Parent.Name = '${id}' OR ParentId = '${id}')`]],
    [lookup('ParentId', id, { part: true }), [`Parent.Name LIKE '%${id}%'`]],
    // A word of so many letters is a name: the org takes no key whose check letters are wrong.
    [lookup('ParentId', 'Internationalisers'), ["Parent.Name = 'Internationalisers'"]],
    [lookup('ParentId', 'Supercalifragil'), ["Parent.Name = 'Supercalifragil'"]],
    [lookup('CaseId', '00001026'), ["Case.CaseNumber = '00001026'"]],
    [lookup('OwnerId', 'Ada', { relatedEntity: 'User' }), ["(Owner.Name = 'Ada' AND Owner.Type = 'User')"]],
    [lookup('OwnerId', 'Ada'), ["Owner.Name = 'Ada'"]],
    [lookup('Loose__c', id), [`Loose__c = '${id}'`]],
    [lookup('Loose__c', 'Acme'), []],
    // Salesforce keeps days from 1700 to 4000, and refuses a query that names another.
    [{ kind: 'DAY', field: 'Since__c', day: '4000-12-31' }, ['Since__c = 4000-12-31']],
    [{ kind: 'DAY', field: 'Since__c', day: '1699-12-31' }, []],
    [{ kind: 'DAY', field: 'Seen__c', day: '9999-12-31' }, []],
    [{ kind: 'TIME', field: 'Seen__c', time: '+010000-01-01T00:00:00.000Z' }, []],
    [{ kind: 'TIME', field: 'Seen__c', time: '-000001-12-31T00:00:00.000Z' }, []],
  ])('%j', (test, conditions) => {
    expect(toCondition(test, object)).toEqual(conditions)
  })

  it.each(['2000 OR Id != null', '', '1e5', 'NaN'])('%j is no number, wherever it comes from', (number) => {
    expect(() => toCondition({ kind: 'NUMBER', field: 'AnnualRevenue', number }, object)).toThrow('not a number')
  })

  it.each(['TODAY', "2026-01-31' OR", '2026-01-3'])('%j is no day', (day) => {
    expect(() => toCondition({ kind: 'DAY', field: 'Since__c', day }, object)).toThrow('not a day')
  })

  it('a field by any other name than an API name is refused', () => {
    expect(() => toCondition({ kind: 'TRUTH', field: 'Key__c = TRUE OR Id', truth: true }, object)).toThrow('API name')
  })
})

describe('the conditions of an identifier', () => {
  const fields = {
    phones: ['Phone', 'AnnualRevenue', 'Description'],
    emails: [],
    names: ['Name'],
    accountIds: ['AnnualRevenue', 'Site'],
  }
  const sameAs = (name: string, value: string): FieldTest | null => {
    if (name !== 'AnnualRevenue') return { kind: 'TEXT', field: name, text: value, part: false }
    return /^\d+$/.test(value) ? { kind: 'NUMBER', field: name, number: value } : null
  }
  const of = (criterion: Parameters<typeof conditionsOf>[0], terms: readonly FieldTest[] = []) =>
    conditionsOf(criterion, fields, object, { terms, sameAs })

  it('compare each field by its type, and leave out what cannot hold the value', () => {
    expect(of({ kind: 'ACCOUNT_ID', value: '17' })).toEqual(['AnnualRevenue = 17', "Site = '17'"])
    expect(of({ kind: 'ACCOUNT_ID', value: 'AC-17' })).toEqual(["Site = 'AC-17'"])
  })

  it('look for a number in texts only', () => {
    expect(of({ kind: 'PHONE_SPELLINGS', spellings: ['+1512'] })).toEqual(["Phone IN ('+1512')"])
  })

  it('name no field that the org lets nobody filter by', () => {
    expect(of({ kind: 'PHONE_PATTERNS', patterns: [['512']] })).toEqual(["Phone LIKE '%512%'"])
    expect(of({ kind: 'TERM', value: 'x', phonePattern: ['512'] })).toEqual(["Name LIKE '%x%'", "Phone LIKE '%512%'"])
  })

  it('look for a term in its own fields besides', () => {
    const terms: FieldTest[] = [{ kind: 'NUMBER', field: 'AnnualRevenue', number: '2000' }]
    expect(of({ kind: 'TERM', value: '2000', phonePattern: null }, terms)).toEqual([
      "Name LIKE '%2000%'",
      'AnnualRevenue = 2000',
    ])
  })

  it('any of them is enough, each is asked once', () => {
    expect(anyOf([])).toBeNull()
    expect(anyOf(['A = 1', 'A = 1'])).toBe('A = 1')
    expect(anyOf(['A = 1', 'B = 2'])).toBe('(A = 1 OR B = 2)')
  })
})
