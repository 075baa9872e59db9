import { describe, expect, test } from 'vitest'
import { defaultDynamicsOptions, defaultSalesforceOptions, type SettingsSnapshot } from '../../integrations/settings.ts'
import type { IntegrationSnapshot } from '../../integrations/snapshot.ts'
import { testIntegration } from '../../testing/integration.ts'
import { testEntities, testEntity, testField } from '../../testing/settings-world.ts'
import { draftOf, withDraft } from '../draft.ts'
import { addBackendField } from '../edit/backend-fields.ts'
import { updateDefaultFields } from '../edit/default-fields.ts'
import type { Edit } from '../edit/edit.ts'
import { addEntity } from '../edit/entities.ts'
import { addExportField, type ExportFieldInput } from '../edit/export-fields.ts'
import { addShownField, type ShownFieldInput } from '../edit/shown-fields.ts'
import { checkMetadata } from './metadata.ts'
import { nearest } from './nearest.ts'
import { entitiesAskedOf } from './org.ts'
import { subjectsOf } from './subjects.ts'

const entities = [
  ...testEntities('DYNAMICS'),
  testEntity('visit', [testField('subject', 'TEXT')], { isActivity: true }),
  testEntity('opportunity', [testField('topic', 'TEXT')], { creatable: false }),
]

/** What the org says of these settings: path and message of each fault. */
function faultsOf(integration: IntegrationSnapshot): string[] {
  const subjects = subjectsOf(integration)
  const asked = new Map(entitiesAskedOf(integration, subjects).map((name) => [name, true]))
  const org = {
    entity: (name: string) => {
      if (!asked.has(name)) throw new Error(`${name} was not asked of`)
      return entities.find((it) => it.name === name) ?? null
    },
    names: entities.map(({ name }) => name),
  }
  return checkMetadata(integration, subjects, org).map(({ path, message }) => `${path.join('.')}: ${message}`)
}

function edited(edit: Edit): string[] {
  const integration = testIntegration('DYNAMICS')
  return faultsOf(withDraft(integration, edit(draftOf(integration), integration).draft))
}

const exported = (input: Partial<ExportFieldInput>) =>
  edited(addExportField({ entityTypeId: 'dynamics:account', name: 'text', variableType: 'INPUT', ...input }))
const shown = (list: 'searchFields' | 'detailFields', input: Partial<ShownFieldInput>) =>
  edited(
    addShownField(list, {
      entityTypeId: 'dynamics:account',
      name: 'text',
      label: 'Label',
      fieldType: 'TEXT',
      ...input,
    }),
  )

test('a new integration leaves nothing to ask', () => {
  const integration = testIntegration('DYNAMICS')
  expect(entitiesAskedOf(integration, subjectsOf(integration))).toEqual([])
})

describe('a constant', () => {
  test.each([
    ['text', 'TEXT', 'words', true],
    ['text', 'TEXT', 'x'.repeat(21), false],
    ['number', 'WHOLE_NUMBER', '100', true],
    ['number', 'WHOLE_NUMBER', '101', false],
    ['money', 'CURRENCY', '12.50', true],
    ['money', 'CURRENCY', '12.505', false],
    ['day', 'DATE', '2026-01-31', true],
    ['moment', 'DATE', '2026-01-31T10:00:00Z', true],
    ['flag', 'TWO_OPTIONS', 'true', true],
    ['choice', 'OPTION_SET', '2', true],
    ['choice', 'OPTION_SET', 'Option 2', false],
    ['open', 'OPTION_SET', 'anything', true],
    ['reason', 'STATUS_REASON', '3', true],
    ['reason', 'STATUS_REASON', '4', false],
  ] as const)('of %s as %s: %s is taken: %s', (name, fieldType, value, isTaken) => {
    const faults = exported({ name, variableType: 'CONSTANT', fieldType, value })
    expect(faults.map((it) => it.split(':')[0])).toEqual(isTaken ? [] : ['value'])
  })

  test('that is a look-up points where the field may point', () => {
    const link = (entityName: string) =>
      exported({
        name: 'link',
        variableType: 'CONSTANT',
        fieldType: 'LOOKUP',
        lookupValue: { entityName, remoteId: '1' },
      })
    expect(link('contact')).toEqual([])
    expect(link('opportunity')).toEqual([
      'lookupValue.entityName: link points to account or contact or lead, not to opportunity.',
    ])
    expect(link('Contact')).toEqual([
      'lookupValue.entityName: There is no entity Contact in the org Microsoft Dynamics 365, or our user there may not see it. Do you mean contact?',
    ])
  })
})

test('a type that the org does not have for the field is refused by the name of the one it has', () => {
  expect(exported({ fieldType: 'CURRENCY', label: 'Text' })).toEqual([
    'fieldType: text is of the type Text Box in the org, not Currency.',
  ])
  expect(shown('searchFields', { fieldType: 'LOOKUP' })).toHaveLength(1)
  expect(exported({ name: 'essay', fieldType: 'TEXT', label: 'Essay' })).toEqual([])
})

test('what is written can be written, and is no longer than the field', () => {
  expect(exported({ name: 'formula', fieldType: 'TEXT', label: 'Formula' })).toEqual([
    'name: formula cannot be written: the org makes it by itself, or our user may not.',
  ])
  expect(exported({ fieldType: 'TEXT', label: 'Text', maxLength: 20 })).toEqual([])
  expect(exported({ fieldType: 'TEXT', label: 'Text', maxLength: 21 })).toEqual([
    'maxLength: text takes 20 characters in the org.',
  ])
})

test('a chat variable goes into a field of any type', () => {
  expect(exported({ name: 'money', variableType: 'CHAT_VARIABLE', variable: 'Page URL' })).toEqual([])
  expect(exported({ name: 'moneys', variableType: 'CHAT_VARIABLE', variable: 'Page URL' })).toEqual([
    'name: There is no field moneys in account, or our user there may not see it. Do you mean money?',
  ])
})

test('a look-up input names fields that its entity has', () => {
  const lookup = (spec: object) =>
    exported({ name: 'link', fieldType: 'LOOKUP', label: 'Link', lookup: { relatedEntity: 'account', ...spec } })
  expect(lookup({ searchFields: ['text', 'number'], displayField: 'money' })).toEqual([])
  expect(
    lookup({ searchFields: ['text', 'essay', 'none'], displayField: 'nothing' }).map((it) => it.split(':')[0]),
  ).toEqual(['lookup.searchFields.1', 'lookup.searchFields.2', 'lookup.displayField'])
  expect(lookup({ filter: { field: 'choice', value: '1' } })).toEqual([])
  expect(lookup({ filter: { field: 'choice', value: '9' } })).toHaveLength(1)
  expect(lookup({ filter: { field: 'link', value: 'Ada' } })).toEqual([
    'lookup.filter.relatedEntity: Name the entity that the look-up points to.',
  ])
  expect(lookup({ relatedEntity: 'opportunity' })).toHaveLength(1)
})

test('what is searched by can be searched by; what is only shown need not', () => {
  const essay = { name: 'essay', fieldType: 'TEXT' } as const
  expect(shown('searchFields', essay)).toEqual(['name: The org cannot look for values of essay.'])
  expect(shown('detailFields', essay)).toEqual([])
  expect(shown('detailFields', { ...essay, filter: { field: 'essay', value: 'x' } })).toHaveLength(1)
  const choice = { name: 'choice', fieldType: 'OPTION_SET' } as const
  expect(shown('detailFields', { ...choice, filter: { field: 'choice', value: '1' } })).toEqual([])
  expect(shown('detailFields', { ...choice, filter: { field: 'choice', value: '7' } })).toHaveLength(1)
})

test('an entity that our user may not create is not offered for creation', () => {
  const opportunity = { name: 'opportunity', displayName: 'O', primaryField: 'topic', primaryFieldLabel: 'Topic' }
  expect(edited(addEntity(opportunity))).toEqual([
    'creatable: Our user may not create opportunity in the org Microsoft Dynamics 365.',
  ])
  expect(edited(addEntity({ ...opportunity, creatable: false }))).toEqual([])
})

test('what the org demands stays on the form', () => {
  const phone = { id: 'dynamics:ACCOUNT:telephone1', showOnForm: false }
  expect(edited(updateDefaultFields([phone]))).toEqual([])
  const field = entities[0]?.fields.find(({ name }) => name === 'telephone1')
  if (field) field.required = true
  expect(edited(updateDefaultFields([phone]))).toEqual([
    'showOnForm: The org demands telephone1 of every new account: it cannot be taken off the form.',
  ])
  if (field) field.required = false
})

test('settings that are no list name what the org has', () => {
  const general = (settings: Partial<SettingsSnapshot>) => faultsOf(testIntegration('DYNAMICS', {}, settings))
  const dynamics = (activityTypeName: string) =>
    general({ dynamics: { ...defaultDynamicsOptions, chatsSaveTo: 'CUSTOM_ACTIVITY', activityTypeName } })
  expect(dynamics('visit')).toEqual([])
  expect(dynamics('Visit')).toHaveLength(1)
  expect(dynamics('account')).toEqual([
    'activityTypeName: account is no activity: whoever made it did not tick "Define as an activity entity".',
  ])
  const contact = 'dynamics:contact'
  expect(
    general({ autoSmsPush: { enabled: true, entityTypeId: contact, field: 'telephone2', identifier: 'PHONE' } }),
  ).toEqual([
    'autoSmsPush.field: There is no field telephone2 in contact, or our user there may not see it. Do you mean telephone1?',
  ])
  const rules = [
    { identifier: 'PHONE', entityTypeId: contact, field: 'telephone1' },
    { identifier: 'EMAIL', entityTypeId: contact, field: 'mail' },
  ] as const
  expect(general({ autoChatPush: { enabled: true, rules, tagSingleMatchUnasked: false } })).toEqual([
    'autoChatPush.rules.1.field: There is no field mail in contact, or our user there may not see it.',
  ])
})

test('Salesforce says where an account keeps its e-mail, and what a subject may be', () => {
  const integration = testIntegration(
    'SALESFORCE',
    {},
    { salesforce: { ...defaultSalesforceOptions, accountEmailField: 'Mail__c' } },
  )
  const subject = addBackendField({
    target: 'ACTIVITY',
    name: 'Subject',
    variableType: 'CONSTANT',
    fieldType: 'OPTION_SET',
    value: 'Call',
  })
  const all = withDraft(integration, subject(draftOf(integration), integration).draft)
  const options = [{ value: 'Email', label: 'Email' }]
  const task = testEntity('Task', [testField('Subject', 'OPTION_SET', { options })])
  const org = (fields: ReturnType<typeof testField>[]) => ({
    entity: (name: string) => (name === 'Task' ? task : testEntity(name, fields)),
    names: [],
  })
  const find = (fields: ReturnType<typeof testField>[]) =>
    checkMetadata(all, subjectsOf(all), org(fields)).map(({ path }) => path.join('.'))
  expect(find([])).toEqual(['accountEmailField', 'value'])
  expect(find([testField('Mail__c', 'EMAIL')])).toEqual(['value'])
  expect(find([testField('Mail__c', 'CURRENCY')])).toEqual(['accountEmailField', 'value'])
})

test.each([
  ['Industry', ['industry', 'Industry__c'], 'industry'],
  ['industy', ['industry', 'revenue'], 'industry'],
  ['titel', ['site', 'title'], 'title'],
  ['telephone', ['telephone1', 'telephone2'], 'telephone1'],
  ['colour', ['revenue', 'site'], null],
  ['id', ['or', 'in'], 'in'],
  ['x', [], null],
])('%s among %s means %s', (name, names, meant) => {
  expect(nearest(name, names)).toBe(meant)
})
