import { describe, expect, test } from 'vitest'
import type { SettingsDocument } from '../settings-document.ts'
import { broughtAlong } from './bring-along.ts'
import { detailsOf } from './field-details.ts'
import { ACTIVITY, blankDraft, draftOf, type FieldDraft } from './field-draft.ts'
import { faultsOf, placedFaults } from './field-faults.ts'
import { backendInput, documentField, exportInput } from './field-input.ts'
import { type FieldRules, settingTypeFor, shapeOf } from './shape.ts'
import { withField } from './with-field.ts'

const type = (type: FieldRules['fieldTypes'][number]['type'], maxLength = false) => ({ type, label: type, maxLength })

const dynamics: FieldRules = {
  list: 'EXPORT',
  fieldTypes: [type('CURRENCY', true), type('DATE'), type('LOOKUP'), type('OPTION_SET'), type('TEXT', true)],
  variableLabel: 'Alive5 Custom Variable',
  variableFieldType: null,
  lookupHasLabel: true,
  subjectField: null,
  nameLabel: 'Field Name',
}
const salesforce: FieldRules = { ...dynamics, variableFieldType: 'TEXT' }
const backend: FieldRules = { ...dynamics, list: 'BACKEND', lookupHasLabel: false }
const withSubject: FieldRules = { ...backend, subjectField: 'Subject', lookupHasLabel: true }

const draft = (changes: Partial<FieldDraft>): FieldDraft => ({
  ...blankDraft,
  entityTypeId: 'account-id',
  name: 'revenue',
  fieldType: 'TEXT',
  ...changes,
})

describe('what the form asks', () => {
  test('a variable has no type in Dynamics and a fixed one in Salesforce', () => {
    const variable = draft({ variableType: 'CHAT_VARIABLE' })
    expect(shapeOf(variable, dynamics)).toMatchObject({
      fieldType: 'NONE',
      variable: true,
      constant: null,
      label: null,
    })
    expect(shapeOf(variable, salesforce)).toMatchObject({ fieldType: 'FIXED', variable: true })
  })

  test('a constant is a value or a record, by its type', () => {
    const constant = (fieldType: FieldDraft['fieldType']) =>
      shapeOf(draft({ variableType: 'CONSTANT', fieldType }), dynamics)
    expect(constant('TEXT').constant).toBe('VALUE')
    expect(constant('MULTI_OPTION_SET').constant).toBe('VALUES')
    expect(constant('LOOKUP').constant).toBe('RECORD')
    expect(constant(null).constant).toBeNull()
  })

  test('the label of a look-up among the backend fields is the business of the CRM', () => {
    const lookup = draft({ fieldType: 'LOOKUP' })
    expect(shapeOf(lookup, dynamics).label).toBe('DEMANDED')
    expect(shapeOf(lookup, backend).label).toBeNull()
    expect(shapeOf(lookup, withSubject).label).toBe('OPTIONAL')
  })

  test('the subject of an activity is one of a list, and always written', () => {
    const subject = draft({ entityTypeId: ACTIVITY, fieldType: 'TEXT' })
    expect(shapeOf(subject, withSubject)).toMatchObject({ fieldType: 'FIXED', choices: true, overwrite: false })
  })

  test('a type of the org becomes one that settings have', () => {
    expect(settingTypeFor('DECIMAL', dynamics)).toBe('CURRENCY')
    expect(settingTypeFor('PHONE', dynamics)).toBe('TEXT')
    expect(settingTypeFor('DATE_TIME', dynamics)).toBe('DATE')
    expect(settingTypeFor('OTHER', dynamics)).toBeNull()
  })
})

describe('what is sent', () => {
  test('only what the combination takes, whatever else was entered', () => {
    const full = draft({
      ...{ label: ' Revenue ', maxLength: '7', required: true, useCurrentDate: true, variable: 'Location' },
      ...{ constants: { TEXT: 'x', CURRENCY: '5' }, values: ['a'], relatedEntity: 'contact' },
    })
    const common = { entityTypeId: 'account-id', name: 'revenue', fieldType: 'TEXT' }
    expect(exportInput(full, dynamics)).toEqual({
      ...{ ...common, variableType: 'INPUT', label: 'Revenue', required: true, maxLength: 7 },
    })
    const constant = exportInput({ ...full, variableType: 'CONSTANT' }, dynamics)
    expect(constant).toEqual({ ...common, variableType: 'CONSTANT', value: 'x' })
    expect(exportInput({ ...full, variableType: 'CHAT_VARIABLE' }, dynamics)).toEqual({
      ...{ entityTypeId: 'account-id', name: 'revenue', variableType: 'CHAT_VARIABLE', variable: 'Location' },
    })
    expect(backendInput(full, backend)).toEqual({
      ...common,
      variableType: 'INPUT',
      label: 'Revenue',
      overwrite: false,
    })
  })

  test('optional fields of a look-up that are switched off are left out', () => {
    const lookup = draft({
      ...{
        fieldType: 'LOOKUP',
        relatedEntity: 'contact',
        searchFields: ['lastname'],
        filterField: 'x',
        filterValue: 'y',
      },
    })
    expect(exportInput(lookup, dynamics).lookup).toEqual({ relatedEntity: 'contact' })
    expect(exportInput({ ...lookup, optionalFields: true }, dynamics).lookup).toEqual({
      ...{ relatedEntity: 'contact', searchFields: ['lastname'], filter: { field: 'x', value: 'y' } },
    })
  })

  test('a subject with its further choices goes to the activity', () => {
    const subject = draft({ entityTypeId: ACTIVITY, name: 'Subject', choices: ['Callback'], label: 'About' })
    const input = backendInput(subject, withSubject)
    expect(input).toMatchObject({ target: 'ACTIVITY', fieldType: 'OPTION_SET', values: ['Callback'] })
    expect(input).not.toHaveProperty('entityTypeId')
    expect(documentField(input, null)).not.toHaveProperty('entityType')
  })

  test('a field that was read is sent as it was', () => {
    const saved = {
      ...{
        id: '1',
        entityType: { id: 'account-id', name: 'account' },
        name: 'since',
        variableType: 'CONSTANT' as const,
      },
      ...{ fieldType: 'DATE_TIME' as const, value: '2026-02-28T10:00:00Z' },
    }
    expect(exportInput(draftOf(saved), dynamics)).toMatchObject({ fieldType: 'DATE', value: '2026-02-28T10:00:00Z' })
  })
})

describe('what is wrong', () => {
  test('each input that must be filled and is not', () => {
    expect(faultsOf(draft({ name: ' ', label: 'x' }), dynamics)).toEqual({ name: 'Choose the field.' })
    expect(Object.keys(faultsOf(draft({ variableType: 'CONSTANT' }), dynamics))).toEqual(['value'])
    const pointing = draft({ variableType: 'CONSTANT', fieldType: 'LOOKUP' })
    expect(Object.keys(faultsOf(pointing, dynamics))).toEqual(['entityName', 'lookupValue'])
    expect(Object.keys(faultsOf(draft({ label: 'x', maxLength: '1.5' }), dynamics))).toEqual(['maxLength'])
    expect(faultsOf(draft({ label: 'x', maxLength: ' 12 ' }), dynamics)).toEqual({})
  })

  test('faults of the gateway stand at the inputs that show', () => {
    const filtered = draft({ fieldType: 'LOOKUP', optionalFields: true, filterField: 'x' })
    expect(placedFaults({ field: 'a', value: 'b', remoteId: 'c' }, filtered, dynamics)).toEqual({
      ...{ filterField: 'a', filterValue: 'b', lookupValue: 'c' },
    })
    const constant = draft({ variableType: 'CONSTANT' })
    expect(placedFaults({ value: 'b' }, constant, dynamics)).toEqual({ value: 'b' })
  })
})

test('a field that is picked brings its type and label along, and what it points to', () => {
  const options = { rules: dynamics, brought: 'Before' }
  const picked = { label: 'Revenue', type: 'CURRENCY', targets: [] } as const
  expect(broughtAlong(draft({ label: 'Before' }), picked, options)).toEqual({ fieldType: 'CURRENCY', label: 'Revenue' })
  expect(broughtAlong(draft({ label: 'Written' }), picked, options).label).toBe('Written')
  const lookup = { label: 'Primary Contact', type: 'LOOKUP', targets: ['contact'] } as const
  expect(broughtAlong(draft({}), lookup, options)).toMatchObject({
    ...{ relatedEntity: 'contact', record: { entityName: 'contact', remoteId: '', name: '' } },
  })
})

test('the settings hold the field in its place, or behind all others where it is new or moves', () => {
  const row = (entityType: string, name: string, label = name) => ({ entityType, name, label })
  const document = { exportFields: [row('account', 'a'), row('account', 'b')] } as unknown as SettingsDocument
  const names = (changed: SettingsDocument) => changed.exportFields.map(({ label }) => label)
  const before = { entityType: 'account', name: 'a' }
  expect(names(withField('EXPORT', before, row('account', 'a', 'A'))(document))).toEqual(['A', 'b'])
  expect(names(withField('EXPORT', before, row('lead', 'a', 'A'))(document))).toEqual(['b', 'A'])
  expect(names(withField('EXPORT', null, row('account', 'c'))(document))).toEqual(['a', 'b', 'c'])
  expect(names(document)).toEqual(['a', 'b'])
})

test('a row of the list says what is set', () => {
  const field = { id: '1', entityType: { id: 'x', name: 'account' }, name: 'a', variableType: 'CONSTANT' as const }
  const told = (more: object) => detailsOf({ ...field, ...more }, (it) => it)
  expect(told({ fieldType: 'TWO_OPTIONS', value: 'false' })).toEqual(['TWO_OPTIONS', 'always no'])
  expect(told({ fieldType: 'MULTI_OPTION_SET', values: ['x', 'y'], overwrite: true })).toEqual([
    ...['MULTI_OPTION_SET', 'always x, y', 'overwrites'],
  ])
  expect(told({ variableType: 'INPUT', fieldType: 'TEXT', required: true, maxLength: 5 })).toEqual([
    ...['TEXT', 'required', '5 characters at most'],
  ])
})
