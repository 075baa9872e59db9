import type { EntityDescriptor, FieldDescriptor, FieldType } from '@backchannel/providers'
import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import type { BackendField, EntityTypeSnapshot, ExportField } from '../integrations/settings.ts'
import { encodeId } from '../shared/global-id.ts'
import { checked, testIntegration } from '../testing/integration.ts'
import { planForm, readForm } from './form.ts'
import { planRecord } from './record-plan.ts'

function field(name: string, type: FieldType = 'TEXT', more: Partial<FieldDescriptor> = {}): FieldDescriptor {
  const limits = { maxLength: null, minimum: null, maximum: null, precision: null }
  const shape = { label: name, type, required: false, writable: true, filterable: true }
  return { name, ...shape, ...limits, options: [], restricted: true, targets: [], ...more }
}

const metadata: EntityDescriptor = {
  ...{ name: 'account', label: 'Account', kind: 'ACCOUNT', isActivity: false, creatable: true },
  ...{ idField: 'accountid', primaryField: 'name', recordTypes: [] },
  fields: [
    ...['name', 'accountnumber', 'telephone1', 'description', 'town'].map((name) => field(name)),
    field('short', 'TEXT', { maxLength: 5 }),
    field('amount', 'CURRENCY', { precision: 2, maximum: 1_000_000 }),
    field('count', 'WHOLE_NUMBER'),
    field('since', 'DATE'),
    field('seen', 'DATE_TIME'),
    field('agreed', 'TWO_OPTIONS'),
    field('grade', 'OPTION_SET', { options: [{ value: '1', label: 'Gold' }] }),
    field('owner', 'LOOKUP', { targets: ['contact'] }),
  ],
}

const entityType = testIntegration('DYNAMICS').entityTypes[0] as EntityTypeSnapshot

const value = { value: null, values: null, lookupValue: null, label: null, lookup: null }

function exportField(name: string, more: Partial<ExportField>): ExportField {
  const setting = { ...checked, ...value, id: `export-${name}`, entityTypeId: entityType.id, name, position: 0 }
  const plain = { required: false, maxLength: null, useCurrentDate: false, variable: null, fieldType: null }
  return { ...setting, ...plain, variableType: 'CONSTANT', ...more }
}

function backendField(name: string, more: Partial<BackendField>): BackendField {
  const setting = { ...checked, ...value, id: `backend-${name}`, entityTypeId: entityType.id, name, position: 0 }
  const plain = { target: 'RECORD', variableType: 'CONSTANT', fieldType: 'TEXT', overwrite: true } as const
  return { ...setting, ...plain, ...more }
}

interface Case {
  exportFields?: ExportField[]
  backendFields?: BackendField[]
  values?: { name: string; value: string }[]
  variables?: { name: string; value: string }[] | null
}

function plan({ exportFields = [], backendFields = [], values = [], variables = null }: Case) {
  const integration = testIntegration('DYNAMICS', {}, { exportFields, backendFields })
  const known = { integration, entityType, metadata, accountKind: null }
  const form = planForm({ ...known, activityMetadata: null, visitor: null, moment: { now: 0, timeZone: 'UTC' } })
  const read = readForm(form, { values: [{ name: 'name', value: 'Litware' }, ...values] })
  expect(read.faults).toEqual([])
  const { steps, notes } = planRecord({ ...known, recordType: null, read, variables })
  const planned = steps[0]?.values ?? []
  return { planned, notes, held: Object.fromEntries(planned.map(({ name, write }) => [name, write.value])) }
}

const variable = (name: string) => exportField(name, { variableType: 'CHAT_VARIABLE', variable: 'Said' })
const said = (name: string, text: string) =>
  plan({ exportFields: [variable(name)], variables: [{ name: 'Said', value: text }] })

describe('what is written when a record is made', () => {
  it('says where each value comes from', () => {
    const { planned } = plan({
      exportFields: [
        exportField('town', { fieldType: 'TEXT', value: 'Austin' }),
        exportField('count', { fieldType: 'WHOLE_NUMBER', variableType: 'INPUT', label: 'How many' }),
        variable('description'),
      ],
      backendFields: [backendField('grade', { fieldType: 'OPTION_SET', value: '1' })],
      values: [{ name: 'count', value: '3' }],
      variables: [{ name: 'Said', value: 'Hello' }],
    })
    expect(planned.map(({ name, origin }) => [name, origin.kind, origin.settingId])).toEqual([
      ['name', 'DEFAULT', null],
      ['count', 'INPUT', encodeId('ExportField', 'export-count')],
      ['town', 'CONSTANT', encodeId('ExportField', 'export-town')],
      ['description', 'CHAT_VARIABLE', encodeId('ExportField', 'export-description')],
      ['grade', 'BACKEND_CONSTANT', encodeId('BackendField', 'backend-grade')],
    ])
  })

  it.each([
    [true, 'Backend'],
    [false, 'Export'],
  ])(
    'A-37: of two settings for one field, with overwrite %s the value is that of the %s field',
    (overwrite, expected) => {
      const { held, planned } = plan({
        exportFields: [exportField('town', { fieldType: 'TEXT', value: 'Export' })],
        backendFields: [backendField('town', { value: 'Backend', overwrite })],
      })
      expect(held['town']).toBe(expected)
      expect(planned.filter(({ name }) => name === 'town')).toHaveLength(1)
      // There is nothing to keep in a record that is being made.
      expect(planned.every(({ keepExisting }) => !keepExisting)).toBe(true)
    },
  )

  it('A-37: what the form gave for a built-in field gives way to a backend field that overwrites', () => {
    const values = [{ name: 'telephone1', value: '1' }]
    const of = (overwrite: boolean) => ({
      values,
      backendFields: [backendField('telephone1', { value: '2', overwrite })],
    })
    expect(plan(of(true)).held['telephone1']).toBe('2')
    expect(plan(of(false)).held['telephone1']).toBe('1')
  })
})

describe('A-26: a chat variable is made into the type of its field, or left out', () => {
  it.each([
    ['town', '  Austin ', 'Austin'],
    ['amount', '1,250.50', '1250.50'],
    ['count', '1,250', '1250'],
    ['since', '2026-02-28T23:00:00Z', '2026-02-28'],
    ['seen', '2026-02-28', '2026-02-28T00:00:00Z'],
    ['agreed', 'Yes', 'true'],
    ['agreed', '0', 'false'],
    ['grade', 'gold', '1'],
    ['grade', '1', '1'],
    ['short', 'too long', 'too l'],
    ['short', 'hell\u{1F600}', 'hell'],
  ])('%s takes %j as %j', (name, text, expected) => {
    expect(said(name, text).held[name]).toBe(expected)
  })

  it.each([
    ['amount', 'umer'],
    ['amount', '1.250,50'],
    ['amount', '2000000'],
    ['count', '2.5'],
    ['since', 'tomorrow'],
    ['seen', '2026-02-30'],
    ['agreed', 'perhaps'],
    ['grade', 'Silver'],
    ['owner', 'Dana Fox'],
  ])('%s does not take %j, which is said, and the rest is written', (name, text) => {
    const { held, notes } = said(name, text)
    expect(held).toEqual({ name: 'Litware' })
    expect(notes).toMatchObject([{ code: 'VARIABLE_UNFIT', settingId: encodeId('ExportField', `export-${name}`) }])
  })

  it('says when a text was cut', () => {
    expect(said('short', 'too long').notes).toMatchObject([{ code: 'VALUE_CUT' }])
  })

  it('never plans what the form itself would refuse, whatever was said', () => {
    const names = metadata.fields.map(({ name }) => name).filter((name) => name !== 'name')
    fc.assert(
      fc.property(fc.constantFrom(...names), fc.string({ unit: 'binary' }), (name, text) => {
        const { planned, notes } = said(name, text)
        const written = planned.find((it) => it.name === name)?.write.value
        if (written === undefined) return text.trim() === '' || notes.length === 1
        const input = exportField(name, { variableType: 'INPUT', fieldType: settingType(name), label: name })
        return plan({ exportFields: [input], values: [{ name, value: written ?? '' }] }).held[name] === written
      }),
    )
  })
})

const settingType = (name: string) => metadata.fields.find((it) => it.name === name)?.type as ExportField['fieldType']

describe('a setting that does not fit the org any more is left out, and the rest is written', () => {
  it.each([
    ['is gone', exportField('gone', { fieldType: 'TEXT', value: 'x' }), 'FIELD_MISSING'],
    ['is of another type', exportField('count', { fieldType: 'DATE', value: '2026-01-01' }), 'FIELD_TYPE_CHANGED'],
    ['has no such option', exportField('grade', { fieldType: 'OPTION_SET', value: '7' }), 'VALUE_UNFIT'],
    [
      'points elsewhere',
      exportField('owner', {
        fieldType: 'LOOKUP',
        lookupValue: { entityName: 'lead', remoteId: '1', name: 'Fox' },
      }),
      'VALUE_UNFIT',
    ],
  ])('its field %s', (_what, stale, code) => {
    const { held, notes } = plan({ exportFields: [stale, exportField('town', { fieldType: 'TEXT', value: 'Austin' })] })
    expect(held).toEqual({ name: 'Litware', town: 'Austin' })
    expect(notes).toMatchObject([{ code, settingId: encodeId('ExportField', stale.id) }])
  })

  it('A-28: a chat variable counts as it is spelled', () => {
    const exportFields = [variable('town')]
    const coded = (variables: { name: string; value: string }[]) =>
      plan({ exportFields, variables }).notes.map((it) => it.code)
    expect(coded([{ name: 'said', value: 'x' }])).toEqual(['VARIABLE_MISSPELLED'])
    expect(coded([])).toEqual(['VARIABLE_NOT_GIVEN'])
    expect(plan({ exportFields, variables: null }).notes).toEqual([])
  })
})
