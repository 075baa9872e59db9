import type { FieldType } from '@backchannel/providers'
import { describe, expect, it } from 'vitest'
import { checkValue, type ValueRules } from './field-value.ts'

const rules = (type: FieldType, more: Partial<ValueRules> = {}): ValueRules => ({
  name: 'field',
  label: 'Field',
  type,
  multiple: false,
  maxLength: null,
  minimum: null,
  maximum: null,
  precision: null,
  options: [],
  restricted: true,
  targets: [],
  ...more,
})

describe('a value is checked before the CRM sees it', () => {
  it.each<[FieldType, string]>([
    ['WHOLE_NUMBER', '-42'],
    ['CURRENCY', '1250.50'],
    ['DATE', '2026-02-28'],
    ['DATE_TIME', '2026-01-31T14:05:00+01:00'],
    ['TWO_OPTIONS', 'false'],
    ['EMAIL', "pat.o'neil@example.com"],
    ['TEXT', 'any \\ text % with _ signs'],
  ])('%s takes %s', (type, value) => {
    expect(checkValue(rules(type), { value })).toMatchObject({ fault: null, value: { value, type } })
  })

  it.each<[FieldType, string]>([
    ['WHOLE_NUMBER', '4.2'],
    ['WHOLE_NUMBER', '1,000'],
    ['CURRENCY', '$5'],
    ['DATE', '2026-02-30'],
    ['DATE', '31.01.2026'],
    ['DATE_TIME', '2026-01-31T14:05:00'],
    ['DATE_TIME', '2026-02-30T14:05:00Z'],
    ['TWO_OPTIONS', 'yes'],
    ['EMAIL', 'nobody'],
  ])('%s refuses %s in words', (type, value) => {
    const { fault } = checkValue(rules(type), { value })
    expect(fault).toMatch(/^Field must be .+\.$/)
  })

  it('numbers keep to their range and precision', () => {
    const narrow = rules('CURRENCY', { minimum: 0, maximum: 100, precision: 2 })
    expect(checkValue(narrow, { value: '-1' }).fault).toBe('Field must be at least 0.')
    expect(checkValue(narrow, { value: '100.5' }).fault).toBe('Field must be at most 100.')
    expect(checkValue(narrow, { value: '1.234' }).fault).toBe('Field takes 2 digits behind the dot.')
  })

  it('a restricted option set takes only its options, several where it may', () => {
    const options = [
      { value: '1', label: 'One' },
      { value: '2', label: 'Two' },
    ]
    expect(checkValue(rules('OPTION_SET', { options }), { value: 'One' }).fault).toContain('one of its options')
    const several = rules('MULTI_OPTION_SET', { options, multiple: true })
    expect(checkValue(several, { values: ['1', '2'] }).value?.values).toEqual(['1', '2'])
    expect(checkValue(rules('OPTION_SET', { options }), { values: ['1'] }).fault).toContain('takes one value')
    expect(checkValue(rules('OPTION_SET', { options, restricted: false }), { value: 'Other' }).fault).toBeNull()
  })

  it('text keeps to the length that the CRM takes', () => {
    expect(checkValue(rules('TEXT', { maxLength: 3 }), { value: 'four' }).fault).toBe(
      'Field is too long: 4 characters, and it takes 3.',
    )
  })
})
