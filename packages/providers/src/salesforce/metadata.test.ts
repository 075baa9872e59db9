import { describe, expect, it } from 'vitest'
import { type DescribeAnswer, toObjectMetadata, toSummaries } from './metadata.ts'

type Field = DescribeAnswer['fields'][number]

const field = (name: string, type: string, more: Partial<Field> = {}): Field => ({
  name,
  label: `${name} label`,
  type,
  length: 0,
  nillable: true,
  defaultedOnCreate: false,
  createable: true,
  filterable: true,
  ...more,
})

const describeOf = (fields: Field[], more: Partial<DescribeAnswer> = {}) =>
  toObjectMetadata({ name: 'Lead', label: 'Lead', createable: true, fields, ...more }, 'Backchannel_Key__c')

const only = (described: Field) => describeOf([described]).descriptor.fields[0]

describe('describe answers', () => {
  it.each([
    ['string', 'TEXT'],
    ['textarea', 'MULTILINE_TEXT'],
    ['phone', 'PHONE'],
    ['email', 'EMAIL'],
    ['url', 'URL'],
    ['picklist', 'OPTION_SET'],
    ['combobox', 'OPTION_SET'],
    ['multipicklist', 'MULTI_OPTION_SET'],
    ['boolean', 'TWO_OPTIONS'],
    ['int', 'WHOLE_NUMBER'],
    ['double', 'DECIMAL'],
    ['percent', 'DECIMAL'],
    ['currency', 'CURRENCY'],
    ['date', 'DATE'],
    ['datetime', 'DATE_TIME'],
    ['reference', 'LOOKUP'],
    ['address', 'OTHER'],
    ['something new', 'OTHER'],
    ['constructor', 'OTHER'],
    ['__proto__', 'OTHER'],
  ])('the type %s is %s', (type, neutral) => {
    expect(only(field('F__c', type))?.type).toBe(neutral)
  })

  it('A-22: required is what the org refuses a create without', () => {
    const required = (more: Partial<Field>) => only(field('F__c', 'string', more))?.required
    expect(required({ nillable: false })).toBe(true)
    expect(required({ nillable: true })).toBe(false)
    expect(required({ nillable: false, defaultedOnCreate: true })).toBe(false)
    expect(required({ nillable: false, createable: false })).toBe(false)
  })

  it('limits come along: characters of texts, digits of numbers, options that are active', () => {
    expect(only(field('F__c', 'string', { length: 80 }))?.maxLength).toBe(80)
    expect(only(field('F__c', 'reference', { length: 18 }))?.maxLength).toBeNull()
    expect(only(field('F__c', 'currency', { precision: 18, scale: 2 }))).toMatchObject({
      precision: 2,
      maximum: 1e16 - 1,
      minimum: 1 - 1e16,
    })
    expect(only(field('F__c', 'int', { digits: 8 }))).toMatchObject({ precision: 0, maximum: 99_999_999 })
    const picklistValues = [
      { active: true, value: 'a', label: 'A' },
      { active: false, value: 'b', label: 'B' },
      { active: true, value: 'c', label: null },
    ]
    expect(only(field('F__c', 'picklist', { picklistValues, restrictedPicklist: true }))).toMatchObject({
      options: [
        { value: 'a', label: 'A' },
        { value: 'c', label: 'c' },
      ],
      restricted: true,
    })
  })

  it('a lookup knows its targets and the path to their name', () => {
    const metadata = describeOf([
      field('AccountId', 'reference', { referenceTo: ['Account'], relationshipName: 'Account' }),
      field('Case__c', 'reference', { referenceTo: ['Case'], relationshipName: 'Case__r' }),
      field('Odd__c', 'reference', { referenceTo: ['constructor'], relationshipName: 'Odd__r' }),
      field('WhoId', 'reference', { referenceTo: ['Contact', 'Lead'], relationshipName: 'Who' }),
      field('Loose__c', 'reference', { referenceTo: [], relationshipName: null }),
    ])
    expect(metadata.fields.get('WhoId')?.targets).toEqual(['Contact', 'Lead'])
    expect([...metadata.namePaths]).toEqual([
      ['AccountId', 'Account.Name'],
      ['Case__c', 'Case__r.CaseNumber'],
      ['Odd__c', 'Odd__r.Name'],
      ['WhoId', 'Who.Name'],
    ])
  })

  it.each([
    ['external ID, unique and long enough', {}, 'Backchannel_Key__c'],
    ['not unique', { unique: false }, null],
    ['no external ID', { externalId: false }, null],
    ['read-only', { createable: false }, null],
    ['too short for a UUID', { length: 20 }, null],
  ])('a key field that is %s counts accordingly', (_, more, keyField) => {
    const key = field('Backchannel_Key__c', 'string', { externalId: true, unique: true, length: 64, ...more })
    expect(describeOf([key]).keyField).toBe(keyField)
  })

  it('record types are those that may be chosen', () => {
    const info = (developerName: string, more = {}) => ({
      active: true,
      available: true,
      defaultRecordTypeMapping: false,
      developerName,
      master: false,
      name: `${developerName} label`,
      recordTypeId: `id of ${developerName}`,
      ...more,
    })
    const { recordTypes } = describeOf([], {
      recordTypeInfos: [
        info('Master', { master: true }),
        info('Business', { defaultRecordTypeMapping: true }),
        info('Retired', { active: false }),
        info('Foreign', { available: false }),
      ],
    })
    expect(recordTypes).toEqual([{ id: 'id of Business', name: 'Business', label: 'Business label', isDefault: true }])
  })

  it('the global list is cut down to what people work with', () => {
    const object = (name: string, more = {}) => ({
      name,
      label: name,
      createable: true,
      queryable: true,
      layoutable: true,
      ...more,
    })
    const summaries = toSummaries({
      sobjects: [
        object('Account'),
        object('Task'),
        object('Vehicle__c', { createable: false }),
        object('AccountHistory', { layoutable: false }),
        object('Old', { deprecatedAndHidden: true }),
        object('Setting__c', { customSetting: true }),
      ],
    })
    expect(summaries).toEqual([
      { name: 'Account', label: 'Account', isActivity: false, creatable: true },
      { name: 'Task', label: 'Task', isActivity: true, creatable: true },
      { name: 'Vehicle__c', label: 'Vehicle__c', isActivity: false, creatable: false },
    ])
  })
})
