import { describe, expect, test } from 'vitest'
import type { FieldCondition, FieldType } from '../model/index.ts'
import { conditionTest, type TestedField, termHits, termTests } from './field-tests.ts'

const field = (type: FieldType, changes: Partial<TestedField> = {}): TestedField => ({
  name: 'f',
  type,
  options: [],
  restricted: true,
  filterable: true,
  minimum: null,
  maximum: null,
  ...changes,
})
const condition = (type: FieldType, value: string): FieldCondition => ({ name: 'f', type, value, relatedEntity: null })
const industry = [
  { value: '1', label: 'Accounting' },
  { value: '7', label: 'Consulting' },
]

describe('a term', () => {
  test.each<[string, FieldType]>([
    ['umer', 'CURRENCY'],
    ['5,00', 'CURRENCY'],
    ['1e3', 'DECIMAL'],
    ['7.5', 'WHOLE_NUMBER'],
    ['2024-02-31', 'DATE'],
    ['31.01.2024', 'DATE'],
    ['yesterday', 'DATE_TIME'],
    ['maybe', 'TWO_OPTIONS'],
    ['umer', 'OPTION_SET'],
    ['umer', 'STATUS_REASON'],
    ['umer', 'MULTI_OPTION_SET'],
    ['umer', 'OTHER'],
  ])('A-34: %s cannot be a %s, which is left out', (term, type) => {
    expect(termTests(term, [field(type, { options: industry })])).toEqual([])
  })

  test('that no value of the field can be, or that no filter may name, leaves the field out', () => {
    expect(termTests('500', [field('WHOLE_NUMBER', { maximum: 100 })])).toEqual([])
    expect(termTests('-1', [field('CURRENCY', { minimum: 0 })])).toEqual([])
    expect(termTests('x', [field('MULTILINE_TEXT', { filterable: false })])).toEqual([])
  })

  test.each<[string, FieldType, object]>([
    ['umer', 'TEXT', { kind: 'TEXT', text: 'umer', part: true }],
    ['500', 'CURRENCY', { kind: 'NUMBER', number: '500' }],
    ['-7', 'WHOLE_NUMBER', { kind: 'NUMBER', number: '-7' }],
    ['0.5', 'DECIMAL', { kind: 'NUMBER', number: '0.5' }],
    ['2024-02-29', 'DATE', { kind: 'DAY', day: '2024-02-29' }],
    ['2024-02-29', 'DATE_TIME', { kind: 'DAY', day: '2024-02-29' }],
    ['2024-02-29T12:00:00+01:00', 'DATE_TIME', { kind: 'TIME', time: '2024-02-29T11:00:00.000Z' }],
    ['Yes', 'TWO_OPTIONS', { kind: 'TRUTH', truth: true }],
    ['FALSE', 'TWO_OPTIONS', { kind: 'TRUTH', truth: false }],
    ['consulting', 'OPTION_SET', { kind: 'OPTIONS', options: ['7'] }],
    ['7', 'STATUS_REASON', { kind: 'OPTIONS', options: ['7'] }],
    ['Accounting', 'MULTI_OPTION_SET', { kind: 'OPTIONS', options: ['1'] }],
    ['Acme', 'LOOKUP', { kind: 'LOOKUP', text: 'Acme', part: true, relatedEntity: null }],
  ])('%s is asked of a %s in the form of its type', (term, type, expected) => {
    expect(termTests(term, [field(type, { options: industry })])).toEqual([{ field: 'f', ...expected }])
  })

  test('is read by the labels that the org gives two options, and by all options of a label', () => {
    const consent = [
      { value: 'false', label: 'Allow' },
      { value: 'true', label: 'Do Not Allow' },
    ]
    expect(termTests('do not allow', [field('TWO_OPTIONS', { options: consent })])).toMatchObject([{ truth: true }])
    const twice = [...industry, { value: '8', label: 'consulting' }]
    expect(termTests('Consulting', [field('OPTION_SET', { options: twice })])).toMatchObject([{ options: ['7', '8'] }])
  })
})

describe('a condition', () => {
  test('compares text and lookups whole, and takes unlisted options only where the CRM does', () => {
    expect(conditionTest(condition('TEXT', 'Acme'), field('TEXT'))).toMatchObject({ part: false })
    const lookup = { ...condition('LOOKUP', 'Acme'), relatedEntity: 'account' }
    expect(conditionTest(lookup, field('LOOKUP'))).toMatchObject({ part: false, relatedEntity: 'account' })
    expect(conditionTest(condition('OPTION_SET', 'New'), field('OPTION_SET'))).toBeNull()
    expect(conditionTest(condition('OPTION_SET', 'New'), field('OPTION_SET', { restricted: false }))).toMatchObject({
      options: ['New'],
    })
  })

  test('takes an option by its value before the label of another, and true and false by themselves', () => {
    const crossed = [
      { value: 'Hot', label: 'Warm' },
      { value: 'Warm', label: 'Hot' },
    ]
    const options = field('OPTION_SET', { options: crossed })
    expect(conditionTest(condition('OPTION_SET', 'Hot'), options)).toMatchObject({ options: ['Hot'] })
    expect(termTests('Hot', [options])).toMatchObject([{ options: ['Hot', 'Warm'] }])
    const consent = field('TWO_OPTIONS', {
      options: [
        { value: 'false', label: 'True' },
        { value: 'true', label: 'False' },
      ],
    })
    expect(conditionTest(condition('TWO_OPTIONS', 'true'), consent)).toMatchObject({ truth: true })
  })

  test('goes by what the field is, not by what the setting says', () => {
    expect(conditionTest(condition('TEXT', '500'), field('CURRENCY'))).toMatchObject({ kind: 'NUMBER' })
  })
})

test.each<[FieldType, string, string, boolean | null]>([
  ['CURRENCY', '500', '500.00', true],
  ['CURRENCY', '500', '5000', null],
  ['DATE_TIME', '2024-01-31', '2024-01-31T23:59:59Z', true],
  ['DATE_TIME', '2024-01-31', '2024-02-01T00:00:00Z', null],
  ['TWO_OPTIONS', 'yes', 'true', true],
  ['TWO_OPTIONS', 'yes', 'false', null],
  ['OPTION_SET', 'Consulting', '7', true],
  ['OPTION_SET', 'Consulting', '1', null],
  ['TEXT', 'ACME', 'acme', true],
  ['TEXT', 'cme', 'Acmé', false],
  ['LOOKUP', 'Acme', 'Acme Ltd', false],
  ['TEXT', 'Acme', 'Other', null],
])('a %s is %s by a row that holds %s: %s', (type, term, held, exact) => {
  const hits = termHits(termTests(term, [field(type, { options: industry })]), () => [held])
  expect(hits).toEqual(exact === null ? [] : [{ field: 'f', exact }])
})
