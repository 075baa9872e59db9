import { providerDefinitions } from '@backchannel/providers'
import { describe, expect, test } from 'vitest'
import type { SettingFieldType } from '../../integrations/settings.ts'
import { testIntegration } from '../../testing/integration.ts'
import { draftOf, withDraft } from '../draft.ts'
import { addBackendField, type BackendFieldInput } from '../edit/backend-fields.ts'
import type { Edit } from '../edit/edit.ts'
import { addEntity } from '../edit/entities.ts'
import { addExportField, type ExportFieldInput } from '../edit/export-fields.ts'
import { updateDynamicsSettings, updateSalesforceSettings } from '../edit/general.ts'
import { addShownField, type ShownFieldInput } from '../edit/shown-fields.ts'
import { checkStructure } from './structure.ts'

type Vendor = 'DYNAMICS' | 'SALESFORCE'
const accounts = { DYNAMICS: 'dynamics:account', SALESFORCE: 'salesforce:Account' }

/** The paths of the inputs that are refused, each once. */
function refused(provider: Vendor, ...edits: Edit[]): string[] {
  let integration = testIntegration(provider)
  let last: ReturnType<Edit> | undefined
  for (const edit of edits) {
    last = edit(draftOf(integration), integration)
    integration = withDraft(integration, last.draft)
  }
  const faults = checkStructure(integration, ['Page URL', 'Campaign'])
  return [...new Set(faults.map(({ subject, path }) => last?.place(subject, path).join('.') ?? ''))].sort()
}

const values: Record<SettingFieldType, Pick<ExportFieldInput, 'value' | 'values' | 'lookupValue'>> = {
  TEXT: { value: 'words' },
  WHOLE_NUMBER: { value: '42' },
  CURRENCY: { value: '12.50' },
  DATE: { value: '2026-01-31' },
  DATE_TIME: { value: '2026-01-31T10:00:00Z' },
  TWO_OPTIONS: { value: 'true' },
  OPTION_SET: { value: '1' },
  MULTI_OPTION_SET: { values: ['1', '2'] },
  STATUS_REASON: { value: '1' },
  LOOKUP: { lookupValue: { entityName: 'account', remoteId: '1' } },
}

describe.each(['DYNAMICS', 'SALESFORCE'] as const)('%s', (provider) => {
  const types = providerDefinitions[provider].descriptor.fieldTypes
  const exported = (input: Partial<ExportFieldInput>) =>
    refused(
      provider,
      addExportField({ entityTypeId: accounts[provider], name: 'field', variableType: 'INPUT', ...input }),
    )
  const backend = (input: Partial<BackendFieldInput>) =>
    refused(
      provider,
      addBackendField({
        entityTypeId: accounts[provider],
        name: 'field',
        variableType: 'INPUT',
        fieldType: 'TEXT',
        ...input,
      }),
    )

  test.each(types)('a constant of type $type takes its value and nothing else', ({ type }) => {
    const fieldType = type as SettingFieldType
    const constant = { ...values[fieldType], variableType: 'CONSTANT' as const, fieldType }
    const [member = ''] = Object.keys(values[fieldType])
    expect(exported(constant)).toEqual([])
    expect(backend(constant)).toEqual([])
    expect(exported({ variableType: 'CONSTANT', fieldType })).toEqual([`field.${member}`])
    expect(backend({ variableType: 'CONSTANT', fieldType })).toEqual([`field.${member}`])
    const input = { label: 'Label', required: true, maxLength: 5, useCurrentDate: true }
    expect(exported({ ...constant, ...input, lookup: { relatedEntity: 'contact' } })).toEqual([
      'field.label',
      'field.lookup',
      'field.maxLength',
      'field.required',
      'field.useCurrentDate',
    ])
    const others = { ...values.TEXT, ...values.MULTI_OPTION_SET, ...values.LOOKUP, ...values[fieldType] }
    const foreign = Object.keys(others).filter((name) => name !== member)
    expect(exported({ ...constant, ...others })).toEqual(foreign.map((name) => `field.${name}`).sort())
  })

  test.each(types)('an input of type $type takes what the form asks for', ({ type, maxLength }) => {
    const fieldType = type as SettingFieldType
    const lookup = fieldType === 'LOOKUP' ? { lookup: { relatedEntity: 'contact' } } : {}
    const input = { fieldType, label: 'Label', ...lookup }
    expect(exported({ ...input, required: true })).toEqual([])
    expect(exported({ ...input, label: ' ' })).toEqual(['field.label'])
    expect(exported({ ...input, maxLength: 5 })).toEqual(maxLength ? [] : ['field.maxLength'])
    expect(exported({ ...input, useCurrentDate: true })).toEqual(type === 'DATE' ? [] : ['field.useCurrentDate'])
    expect(exported({ ...input, variable: 'Page URL' })).toEqual(['field.variable'])
    if (type !== 'LOOKUP')
      expect(exported({ ...input, lookup: { relatedEntity: 'contact' } })).toEqual(['field.lookup'])
    else expect(exported({ ...input, lookup: null })).toEqual(['field.lookup.relatedEntity'])
    const withLabel = provider === 'DYNAMICS' && type === 'LOOKUP' ? ['field.label'] : []
    const withoutLabel = type === 'LOOKUP' ? [] : ['field.label']
    expect(backend(input)).toEqual(withLabel)
    expect(backend({ ...input, label: null })).toEqual(withoutLabel)
  })

  test.each(types.filter(({ maxLength }) => maxLength))('a maximum length of $type counts characters', ({ type }) => {
    for (const maxLength of [0, -1, 1.5]) {
      expect(exported({ fieldType: type, label: 'Label', maxLength })).toEqual(['field.maxLength'])
    }
  })

  test('a type of the other vendor is refused', () => {
    const foreign = provider === 'DYNAMICS' ? 'MULTI_OPTION_SET' : 'WHOLE_NUMBER'
    expect(exported({ fieldType: foreign, label: 'Label' })).toEqual(['field.fieldType'])
    expect(backend({ fieldType: foreign, label: 'Label' })).toEqual(['field.fieldType'])
    expect(exported({ label: 'Label' })).toEqual(['field.fieldType'])
    expect(() => exported({ fieldType: 'DECIMAL', label: 'Label' })).toThrow('cannot be of the type')
  })

  test('a date may be given with its time or without: the org decides', () => {
    for (const value of ['2026-01-31', '2026-01-31T10:00:00Z']) {
      expect(exported({ variableType: 'CONSTANT', fieldType: 'DATE', value })).toEqual([])
      expect(exported({ variableType: 'CONSTANT', fieldType: 'DATE_TIME', value })).toEqual([])
    }
    expect(exported({ variableType: 'CONSTANT', fieldType: 'DATE', value: '31.1.2026' })).toEqual(['field.value'])
  })

  test('a chat variable is one that the workspace knows, letter by letter', () => {
    const variable = (name: string | null, changes = {}) =>
      exported({ variableType: 'CHAT_VARIABLE', variable: name, ...changes })
    expect(variable('Page URL')).toEqual([])
    expect(variable('Campaign')).toEqual([])
    expect(variable('campaign')).toEqual(['field.variable'])
    expect(variable(null)).toEqual(['field.variable'])
    expect(variable('Page URL', { value: 'x' })).toEqual(['field.value'])
    expect(variable('Page URL', { fieldType: 'TEXT' })).toEqual(provider === 'DYNAMICS' ? ['field.fieldType'] : [])
    expect(variable('Page URL', { fieldType: 'CURRENCY' })).toEqual(['field.fieldType'])
    expect(() => backend({ variableType: 'CHAT_VARIABLE' })).toThrow('a constant or an input')
  })

  test('a built-in field of the form is not exported too, and none is there twice', () => {
    const phone = { DYNAMICS: 'telephone1', SALESFORCE: 'Phone' }[provider]
    expect(exported({ name: phone, fieldType: 'TEXT', label: 'Phone' })).toEqual(['field.name'])
    const once = addExportField({
      entityTypeId: accounts[provider],
      name: 'field',
      variableType: 'INPUT',
      fieldType: 'TEXT',
      label: 'Field',
    })
    expect(refused(provider, once, once)).toEqual(['field.name'])
    expect(exported({ entityTypeId: 'another', fieldType: 'TEXT', label: 'Label' })).toEqual(['field.entityTypeId'])
    expect(exported({ name: ' ', fieldType: 'TEXT', label: 'Label' })).toEqual(['field.name'])
  })

  test.each(['searchFields', 'detailFields'] as const)(
    'a filter of %s needs its value, and a look-up its entity',
    (list) => {
      const shown = (input: Partial<ShownFieldInput>) =>
        refused(
          provider,
          addShownField(list, {
            entityTypeId: accounts[provider],
            name: 'field',
            label: 'Field',
            fieldType: 'CURRENCY',
            ...input,
          }),
        )
      expect(shown({ filter: { field: 'field', value: '500' } })).toEqual([])
      expect(shown({ filter: { field: 'field', value: ' ' } })).toEqual(['field.filter.value'])
      expect(shown({ filter: { field: 'field', value: 'much' } })).toEqual(['field.filter.value'])
      expect(shown({ filter: { field: 'other', value: '500' } })).toEqual(['field.filter.field'])
      expect(shown({ filter: { field: 'field', value: '500', relatedEntity: 'contact' } })).toEqual([
        'field.filter.relatedEntity',
      ])
      const lookup = { fieldType: 'LOOKUP' } as const
      expect(shown({ ...lookup, filter: { field: 'field', value: 'Ada' } })).toEqual(['field.filter.relatedEntity'])
      expect(shown({ ...lookup, filter: { field: 'field', value: 'Ada', relatedEntity: 'contact' } })).toEqual([])
      expect(shown({ label: '' })).toEqual(['field.label'])
    },
  )

  const update = provider === 'DYNAMICS' ? updateDynamicsSettings : updateSalesforceSettings
  test('the search order has each of its three identifiers once', () => {
    expect(refused(provider, update({ searchOrder: ['EMAIL', 'FULL_NAME', 'PHONE'] }))).toEqual([])
    expect(refused(provider, update({ searchOrder: ['EMAIL', 'PHONE'] }))).toEqual(['input.searchOrder'])
    expect(refused(provider, update({ searchOrder: ['EMAIL', 'PHONE', 'PHONE'] }))).toEqual(['input.searchOrder'])
  })

  test('automatic SMS push that is on names one of the three entity types and a field', () => {
    const push = (autoSmsPush: object) => refused(provider, update({ autoSmsPush: { enabled: true, ...autoSmsPush } }))
    expect(push({ entityTypeId: accounts[provider], field: 'telephone1' })).toEqual([])
    expect(push({})).toEqual(['input.autoSmsPush.entityTypeId', 'input.autoSmsPush.field'])
    expect(refused(provider, update({ autoSmsPush: { enabled: false } }))).toEqual([])
    const added = addEntity({ name: 'x', displayName: 'X', primaryField: 'x', primaryFieldLabel: 'X' })
    const toAdded: Edit = (draft, integration) =>
      update({ autoSmsPush: { enabled: true, entityTypeId: draft.entityTypes[3]?.id, field: 'x' } })(draft, integration)
    expect(refused(provider, added, toAdded)).toEqual(['input.autoSmsPush.entityTypeId'])
  })

  test('automatic chat push that is on has rules, and each is whole', () => {
    const push = (...rules: { entityTypeId: string; field: string }[]) =>
      refused(
        provider,
        update({ autoChatPush: { enabled: true, rules: rules.map((it) => ({ identifier: 'PHONE', ...it })) } }),
      )
    const whole = { entityTypeId: accounts[provider], field: 'phone' }
    expect(push(whole)).toEqual([])
    expect(push()).toEqual(['input.autoChatPush.rules'])
    expect(push({ ...whole, field: ' ' })).toEqual(['input.autoChatPush.rules.0.field'])
    expect(push(whole, { ...whole, entityTypeId: 'another' })).toEqual(['input.autoChatPush.rules.1.entityTypeId'])
    expect(push(whole, whole)).toEqual(['input.autoChatPush.rules.1.field'])
  })
})

test('only Dynamics 365 lets an added entity type be closed to search', () => {
  const added = addEntity({ name: 'x', displayName: 'X', primaryField: 'x', primaryFieldLabel: 'X', searchable: false })
  expect(refused('DYNAMICS', added)).toEqual([])
  expect(refused('SALESFORCE', added)).toEqual(['input.searchable'])
})

test.each([
  ['TASK', 'Task', []],
  ['TASK', 'tAsK', []],
  ['TASK', 'Tusk', ['input.activityTypeName']],
  ['TASK', '', ['input.activityTypeName']],
  ['CUSTOM_ACTIVITY', 'new_visit', []],
  ['CUSTOM_ACTIVITY', undefined, ['input.activityTypeName']],
  ['NOTES', 'whatever', []],
] as const)('chats saved to %s with the name %s', (chatsSaveTo, activityTypeName, faults) => {
  expect(refused('DYNAMICS', updateDynamicsSettings({ chatsSaveTo, activityTypeName }))).toEqual(faults)
})

test('a subject field is of Salesforce’s activity, a picklist, and there once', () => {
  const subject = (changes: Partial<BackendFieldInput> = {}) =>
    addBackendField({
      target: 'ACTIVITY',
      name: 'Subject',
      variableType: 'CONSTANT',
      fieldType: 'OPTION_SET',
      value: 'Call',
      ...changes,
    })
  expect(refused('SALESFORCE', subject())).toEqual([])
  expect(refused('SALESFORCE', subject({ name: 'Status' }))).toEqual(['field.name'])
  expect(refused('SALESFORCE', subject({ fieldType: 'TEXT' }))).toEqual(['field.fieldType'])
  expect(refused('SALESFORCE', subject({ entityTypeId: accounts.SALESFORCE }))).toEqual(['field.entityTypeId'])
  expect(refused('SALESFORCE', subject(), subject())).toEqual(['field.name', 'field.target'])
  expect(refused('DYNAMICS', subject())).toEqual(['field.target'])
})

test('the session of Salesforce has bounds', () => {
  const session = (sessionIdleMinutes: number, sessionGraceSeconds = 60) =>
    refused('SALESFORCE', updateSalesforceSettings({ sessionIdleMinutes, sessionGraceSeconds }))
  expect(session(1)).toEqual([])
  expect(session(0)).toEqual(['input.sessionIdleMinutes'])
  expect(session(1.5, 0)).toEqual(['input.sessionGraceSeconds', 'input.sessionIdleMinutes'])
  expect([session(120, 14), session(120, 15)]).toEqual([['input.sessionGraceSeconds'], []])
})

test('texts have an end', () => {
  expect(refused('SALESFORCE', updateSalesforceSettings({ subjectSuffix: 'x'.repeat(101) }))).toEqual([
    'input.subjectSuffix',
  ])
})

test('settings of one vendor are not those of the other', () => {
  expect(() => refused('SALESFORCE', updateDynamicsSettings({ allowNewCreation: true }))).toThrow('Salesforce')
})
