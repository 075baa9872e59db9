import { describe, expect, it } from 'vitest'
import { ProviderError } from '../errors.ts'
import type { FieldType, FieldValue } from '../model/index.ts'
import { toRowBody } from './values.ts'

const given = (name: string, type: FieldType, value: string | null, more: Partial<FieldValue> = {}): FieldValue => ({
  name,
  type,
  value,
  values: null,
  reference: null,
  ...more,
})

describe('values as Salesforce wants them', () => {
  it('S-EXP-18 to S-EXP-24: each type is its own JSON', () => {
    expect(
      toRowBody([
        given('Opt__c', 'TWO_OPTIONS', 'true'),
        given('AnnualRevenue', 'CURRENCY', '1234.50'),
        given('NumberOfEmployees', 'WHOLE_NUMBER', '-12'),
        given('Description', 'MULTILINE_TEXT', "O'Neil\n%"),
        given('Birthdate', 'DATE', '2001-02-03'),
        given('Seen__c', 'DATE_TIME', '2026-01-31T10:00:00+01:00'),
        given('Industry', 'OPTION_SET', 'Energy'),
        given('Interests__c', 'MULTI_OPTION_SET', null, { values: ['four', 'six'] }),
        given('Regions__c', 'MULTI_OPTION_SET', null, { values: [] }),
        given('AccountId', 'LOOKUP', null, { reference: { entityName: 'Account', remoteId: '001dM00001vWOXJQA4' } }),
        given('Title', 'TEXT', ''),
        given('Department', 'TEXT', null),
      ]),
    ).toEqual({
      Opt__c: true,
      AnnualRevenue: 1234.5,
      NumberOfEmployees: -12,
      Description: "O'Neil\n%",
      Birthdate: '2001-02-03',
      Seen__c: '2026-01-31T10:00:00+01:00',
      Industry: 'Energy',
      Interests__c: 'four;six',
      Regions__c: null,
      AccountId: '001dM00001vWOXJQA4',
      Title: null,
      Department: null,
    })
  })

  it('names every value that is not of its type, before anything is sent', () => {
    const wrong = [
      given('A__c', 'TWO_OPTIONS', 'yes'),
      given('B__c', 'CURRENCY', '1,234'),
      given('C__c', 'WHOLE_NUMBER', '1.5'),
      // Beyond what JSON can write, which would come out as null and empty the field.
      given('G__c', 'CURRENCY', '9'.repeat(400)),
      given('D__c', 'DATE', '31.01.2026'),
      given('E__c', 'DATE_TIME', '2026-01-31T10:00:00'),
      given('H__c', 'DATE', '2026-02-30'),
      given('I__c', 'DATE_TIME', '2026-02-30T10:00:00Z'),
      given('F__c', 'TEXT', 'fine'),
    ]
    expect.assertions(2)
    try {
      toRowBody(wrong)
    } catch (error) {
      expect(error).toBeInstanceOf(ProviderError)
      expect((error as ProviderError).fields.map((field) => field.name)).toEqual([
        'A__c',
        'B__c',
        'C__c',
        'G__c',
        'D__c',
        'E__c',
        'H__c',
        'I__c',
      ])
    }
  })

  it.each(['__proto__', 'Name"', 'a b'])('takes no field called %j', (name) => {
    expect(() => toRowBody([given(name, 'TEXT', 'x')])).toThrow('not the API name')
  })
})
