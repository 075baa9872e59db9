import { describe, expect, it } from 'vitest'
import type { FieldTest } from '../search/index.ts'
import { toFieldFilter } from './field-filter.ts'
import type { FieldMetadata } from './metadata-rows.ts'

const id = '70bf4d48-34cb-ed11-b596-0022481d68cd'
const field = (changes: Partial<FieldMetadata> = {}): FieldMetadata => ({
  name: 'x',
  label: 'X',
  type: 'TEXT',
  required: false,
  writable: true,
  updatable: true,
  filterable: true,
  maxLength: null,
  minimum: null,
  maximum: null,
  precision: null,
  options: [],
  restricted: true,
  targets: [],
  column: 'x',
  bareDate: false,
  ...changes,
})
const lookup = (text: string, part: boolean): FieldTest => ({
  kind: 'LOOKUP',
  field: 'x',
  text,
  part,
  relatedEntity: null,
})
const paths = ['parentcustomerid_account/name', 'parentcustomerid_contact/fullname']

describe('questions to fields as OData', () => {
  it.each<[FieldTest, Partial<FieldMetadata>, string]>([
    [{ kind: 'TEXT', field: 'x', text: "O'N_", part: false }, {}, "x eq 'O''N_'"],
    [{ kind: 'TEXT', field: 'x', text: "O'N_", part: true }, {}, "contains(x,'O''N[_]')"],
    [{ kind: 'NUMBER', field: 'x', number: '-500.50' }, {}, 'x eq -500.50'],
    [{ kind: 'DAY', field: 'x', day: '2024-02-29' }, { bareDate: true }, 'x eq 2024-02-29'],
    [{ kind: 'DAY', field: 'x', day: '2024-12-31' }, {}, '(x ge 2024-12-31T00:00:00Z and x lt 2025-01-01T00:00:00Z)'],
    [{ kind: 'TIME', field: 'x', time: '2024-01-31T10:00:00.000Z' }, {}, 'x eq 2024-01-31T10:00:00.000Z'],
    [{ kind: 'TIME', field: 'x', time: '2024-01-31T10:00:00.000Z' }, { bareDate: true }, 'x eq 2024-01-31'],
    [{ kind: 'TRUTH', field: 'x', truth: false }, {}, 'x eq false'],
    [{ kind: 'OPTIONS', field: 'x', options: ['7'] }, { type: 'STATUS_REASON' }, 'x eq 7'],
    [
      { kind: 'OPTIONS', field: 'x', options: ['7', '8'] },
      { type: 'OPTION_SET' },
      'Microsoft.Dynamics.CRM.In(PropertyName=\'x\',PropertyValues=["7","8"])',
    ],
    [
      { kind: 'OPTIONS', field: 'x', options: ['7', '8'] },
      { type: 'MULTI_OPTION_SET' },
      "Microsoft.Dynamics.CRM.ContainValues(PropertyName='x',PropertyValues=['7','8'])",
    ],
    [lookup(id.toUpperCase(), false), { type: 'LOOKUP', column: '_x_value' }, `_x_value eq ${id}`],
    [
      lookup("O'N", false),
      { type: 'LOOKUP', column: '_x_value' },
      "(parentcustomerid_account/name eq 'O''N' or parentcustomerid_contact/fullname eq 'O''N')",
    ],
  ])('%j becomes what crm-apis.md 1.5 says', (test, changes, filter) => {
    expect(toFieldFilter(test, field(changes), paths)).toBe(filter)
  })

  it('leave out a lookup whose targets cannot be asked for their names', () => {
    expect(toFieldFilter(lookup('Acme', true), field({ type: 'LOOKUP' }), [])).toBeNull()
  })

  it('ask for the last day that there is without naming the next', () => {
    const lastDay = '(x ge 9999-12-31T00:00:00Z and x le 9999-12-31T23:59:59Z)'
    expect(toFieldFilter({ kind: 'DAY', field: 'x', day: '9999-12-31' }, field(), [])).toBe(lastDay)
  })

  it.each<FieldTest>([
    { kind: 'DAY', field: 'x', day: '0000-01-01' },
    { kind: 'DAY', field: 'x', day: '1752-12-31' },
    { kind: 'TIME', field: 'x', time: '+010000-01-01T11:59:59.000Z' },
    { kind: 'TIME', field: 'x', time: '-000001-12-31T00:00:00.000Z' },
  ])('leave out %j, which no row can hold', (test) => {
    expect(toFieldFilter(test, field(), [])).toBeNull()
    expect(toFieldFilter(test, field({ bareDate: true }), [])).toBeNull()
  })

  it.each<FieldTest>([
    { kind: 'NUMBER', field: 'x', number: '1 or 1 eq 1' },
    { kind: 'DAY', field: 'x', day: '2024-01-31 or 1 eq 1' },
    { kind: 'TIME', field: 'x', time: '2024-01-31 or now' },
    { kind: 'OPTIONS', field: 'x', options: ["1'] or 1 eq 1"] },
  ])('never let %j through', (test) => {
    expect(() => toFieldFilter(test, field(), [])).toThrow(RangeError)
  })
})
