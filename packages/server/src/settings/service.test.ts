import { expect, test } from 'vitest'
import { ConflictError, NotAllowedError } from '../shared/errors.ts'
import { openSettingsWorld, refusalOf, testAdmin, testEntity, testField } from '../testing/settings-world.ts'
import { addBackendField } from './edit/backend-fields.ts'
import { updateDefaultFields } from './edit/default-fields.ts'
import { addEntity, removeEntity, reorderEntities, updateEntity } from './edit/entities.ts'
import { addExportField, updateExportField } from './edit/export-fields.ts'
import { removeField, reorderFields } from './edit/field-list.ts'
import { updateDynamicsSettings, updateSalesforceSettings } from './edit/general.ts'
import { addShownField } from './edit/shown-fields.ts'

const ada = testAdmin('Ada')
const grace = testAdmin('Grace')

test('a change is in force at once, counts the version, and is recorded with who, what, before and after', async () => {
  const { change, read, prisma } = await openSettingsWorld('DYNAMICS')
  const { changedId, integration, warnings } = await change(updateDynamicsSettings({ allowNewCreation: true }))
  expect({ changedId, warnings }).toEqual({ changedId: null, warnings: [] })
  expect(integration).toBe(await read())
  expect(integration.settings).toMatchObject({ version: 2, dynamics: { allowNewCreation: true } })
  const [origin, record] = await prisma.settingsChange.findMany({ orderBy: { version: 'asc' } })
  expect(origin).toMatchObject({ version: 1, by: 'Backchannel', section: 'CONNECTION', before: null, after: null })
  expect([record]).toMatchObject([
    {
      version: 2,
      by: 'Ada',
      section: 'INTEGRATION',
      summary: 'Changed the integration settings',
      before: { allowNewCreation: false },
      after: { allowNewCreation: true },
      document: { provider: 'DYNAMICS', allowNewCreation: true },
    },
  ])
  expect(await prisma.event.findMany({ orderBy: { id: 'asc' } })).toMatchObject([
    { kind: 'INTEGRATION_CHANGED', integrationId: 'integration-1' },
    { kind: 'SETTINGS_CHANGED', integrationId: 'integration-1', settingsChangeId: record?.id },
  ])
})

test('a change that changes nothing keeps the version and leaves no record', async () => {
  const { change, read, prisma } = await openSettingsWorld('DYNAMICS')
  await change(updateDynamicsSettings({ allowNewCreation: false, searchOrder: ['PHONE', 'EMAIL', 'FULL_NAME'] }))
  expect((await read()).settings.version).toBe(1)
  expect(await prisma.settingsChange.count()).toBe(0)
})

test('of two admins who saw the same version the second is told who was first, and nothing of theirs is lost', async () => {
  const { settings, integrationId, read } = await openSettingsWorld('DYNAMICS')
  await settings.change(ada, integrationId, 1, updateDynamicsSettings({ fetchCrmData: true }))
  const late = settings.change(grace, integrationId, 1, updateDynamicsSettings({ allowNewCreation: true }))
  const error = await late.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ConflictError)
  expect(error).toMatchObject({ version: 2, changedBy: 'Ada', changedAt: expect.any(Date) })
  expect((await read()).settings).toMatchObject({ fetchCrmData: true, dynamics: { allowNewCreation: false } })
})

test('of many changes at the same moment one is kept', async () => {
  const { settings, integrationId, read, prisma } = await openSettingsWorld('DYNAMICS')
  const results = await Promise.allSettled(
    Array.from({ length: 8 }, (_, index) =>
      settings.change(ada, integrationId, 1, addEntity(entity({ name: `entity${index}`, creatable: false }))),
    ),
  )
  // None of them exists, and what does not exist is refused.
  expect(results.every(({ status }) => status === 'rejected')).toBe(true)
  const orders = [
    ['EMAIL', 'PHONE', 'FULL_NAME'],
    ['FULL_NAME', 'PHONE', 'EMAIL'],
    ['PHONE', 'FULL_NAME', 'EMAIL'],
  ] as const
  const changes = await Promise.allSettled(
    orders.map((searchOrder) => settings.change(ada, integrationId, 1, updateDynamicsSettings({ searchOrder }))),
  )
  expect(changes.filter(({ status }) => status === 'fulfilled')).toHaveLength(1)
  expect((await read()).settings.version).toBe(2)
  expect(await prisma.settingsChange.count({ where: { version: { gt: 1 } } })).toBe(1)
})

test('what was just written is what is read, time after time', async () => {
  const { change, read } = await openSettingsWorld('DYNAMICS')
  for (let round = 0; round < 50; round++) {
    const on = round % 2 === 0
    await change(updateDynamicsSettings({ fetchCrmData: on }))
    expect((await read()).settings.fetchCrmData).toBe(on)
  }
  expect((await read()).settings.version).toBe(51)
})

test('a field is added, changed, moved and removed; its id stays', async () => {
  const { change, read, exportField, account, entityTypeId } = await openSettingsWorld('DYNAMICS')
  const { changedId } = await change(addExportField(exportField()))
  await change(addExportField(exportField({ name: 'number', fieldType: 'WHOLE_NUMBER', label: 'Number' })))
  const id = changedId ?? ''
  await change(updateExportField(id, exportField({ label: 'Words', required: true, maxLength: 10 })))
  const [text, number] = (await read()).settings.exportFields
  expect(text).toMatchObject({ id, label: 'Words', required: true, maxLength: 10, position: 0, check: 'OK' })
  expect(number).toMatchObject({ name: 'number', position: 1 })

  await change(reorderFields('exportFields', [number?.id ?? '', id]))
  expect((await read()).settings.exportFields.map(({ name, position }) => [name, position])).toEqual([
    ['number', 0],
    ['text', 1],
  ])
  await change(removeField('exportFields', number?.id ?? ''))
  expect((await read()).settings.exportFields).toMatchObject([{ id, position: 0, entityTypeId: account }])
  const contact = await entityTypeId('contact')
  expect(await refusalOf(change(updateExportField(id, exportField({ entityTypeId: contact }))))).toEqual([
    'field.name: There is no field text in contact, or our user there may not see it.',
  ])
})

const entity = (changes: object = {}) => ({
  name: 'opportunity',
  displayName: 'Opportunity',
  primaryField: 'topic',
  primaryFieldLabel: 'Topic',
  ...changes,
})

test('a name that the org does not have is refused with the one that was meant', async () => {
  const { change, exportField, org } = await openSettingsWorld('DYNAMICS')
  org.entities.set('opportunity', testEntity('opportunity', [testField('topic', 'TEXT')]))
  expect(await refusalOf(change(addExportField(exportField({ name: 'Text' }))))).toEqual([
    'field.name: There is no field Text in account, or our user there may not see it. Do you mean text?',
  ])
  expect(await refusalOf(change(addEntity(entity({ name: 'Oportunity' }))))).toEqual([
    'input.name: There is no entity Oportunity in the org Microsoft Dynamics 365, or our user there may not see it. Do you mean opportunity?',
  ])
  expect(await refusalOf(change(addEntity(entity({ primaryField: 'Topic' }))))).toEqual([
    'input.primaryField: There is no field Topic in opportunity, or our user there may not see it. Do you mean topic?',
  ])
  await change(addEntity(entity()))
  expect(await refusalOf(change(addEntity(entity({ name: 'CONTACT' }))))).toContain(
    'input.name: CONTACT is among the entity types already.',
  )
})

test('what the settings have in use is not removed unawares', async () => {
  const { change, org, entityTypeId, read, account } = await openSettingsWorld('DYNAMICS')
  org.entities.set('opportunity', testEntity('opportunity', [testField('topic', 'TEXT'), testField('size', 'TEXT')]))
  const { changedId } = await change(addEntity(entity()))
  const id = changedId ?? ''
  await change(addShownField('detailFields', { entityTypeId: id, name: 'size', label: 'Size', fieldType: 'TEXT' }))
  await change(
    updateDynamicsSettings({
      autoChatPush: { enabled: true, rules: [{ identifier: 'PHONE', entityTypeId: id, field: 'size' }] },
    }),
  )
  expect(await refusalOf(change(removeEntity(id, false)))).toEqual([
    'withDependents: Opportunity is used by the detail field size, the automatic chat push by size. Remove them first, or remove it with its dependents.',
  ])
  expect(await refusalOf(change(updateEntity(id, { searchable: false })))).toEqual([
    'input.searchable: An automatic push looks for records of Opportunity, and their search is off: both cannot be.',
  ])
  await change(removeEntity(id, true))
  expect(await read()).toMatchObject({
    entityTypes: [{ name: 'account' }, { name: 'contact' }, { name: 'lead' }],
    settings: { detailFields: [], autoChatPush: { enabled: false, rules: [] } },
  })
  await expect(change(removeEntity(account, true))).rejects.toThrow(NotAllowedError)
  const ids = await Promise.all(['lead', 'account', 'contact'].map(entityTypeId))
  await change(reorderEntities(ids))
  expect((await read()).entityTypes.map(({ name }) => name)).toEqual(['lead', 'account', 'contact'])
})

test('what is saved and asks for a look comes with a warning', async () => {
  const { change, account, read } = await openSettingsWorld('DYNAMICS')
  const closing = await change(updateDynamicsSettings({ allowActivityClosing: true }))
  expect(closing.warnings).toEqual([
    'Notes cannot be closed. Choose Task under Chats Save To, or switch Allow Activity Closing off.',
  ])
  const phone = (await read()).defaultFields.find(({ kind }) => kind === 'ACCOUNT')
  const hidden = await change(updateDefaultFields([{ id: phone?.id ?? '', required: true, showOnForm: false }]))
  expect(hidden.warnings).toEqual([`Account ${phone?.name} is required, but not on the form: it is not asked for.`])

  const field = {
    entityTypeId: account,
    name: 'text',
    fieldType: 'TEXT',
    value: 'x',
    variableType: 'CONSTANT',
  } as const
  await change(addExportField(field))
  const both = await change(addBackendField({ ...field, overwrite: true }))
  expect(both.warnings).toEqual([
    'Account text is both an export field and a backend field: when a record is made, the backend field, which overwrites, decides.',
  ])
})

test('Salesforce asks for a subject field while subjects may change', async () => {
  const { change, org } = await openSettingsWorld('SALESFORCE')
  org.entities.set('Task', testEntity('Task', [testField('Subject', 'OPTION_SET', { restricted: false })]))
  const on = await change(updateSalesforceSettings({ allowActivitySubjectChange: true }))
  expect(on.warnings).toHaveLength(1)
  const subject = {
    target: 'ACTIVITY',
    name: 'Subject',
    fieldType: 'OPTION_SET',
    variableType: 'INPUT',
    label: 'Subject',
  } as const
  expect((await change(addBackendField(subject))).warnings).toEqual([])
  expect(await refusalOf(change(addBackendField(subject)))).toContain(
    'field.target: There is a subject field already, and an activity has one subject.',
  )
})

test('the record of a constant look-up is found, and kept by its name', async () => {
  const { change, read, account, org } = await openSettingsWorld('DYNAMICS')
  const constant = (remoteId: string) =>
    addExportField({
      entityTypeId: account,
      name: 'link',
      variableType: 'CONSTANT',
      fieldType: 'LOOKUP',
      lookupValue: { entityName: 'account', remoteId },
    })
  expect(await refusalOf(change(constant('record-2')))).toEqual([
    'field.lookupValue.remoteId: There is no record record-2 of account in the org, or our user there may not see it.',
  ])
  await change(constant('record-1'))
  expect((await read()).settings.exportFields).toMatchObject([{ lookupValue: { name: 'Fourth Coffee' } }])
  expect(org.asked).toContain('find')
})

test('activities that cannot be closed are told of', async () => {
  const { change, org } = await openSettingsWorld('DYNAMICS')
  for (const name of ['letter', 'visit']) {
    org.entities.set(name, testEntity(name, [testField('subject', 'TEXT')], { isActivity: true }))
  }
  const custom = (activityTypeName: string) =>
    change(updateDynamicsSettings({ allowActivityClosing: true, chatsSaveTo: 'CUSTOM_ACTIVITY', activityTypeName }))
  expect((await custom('letter')).warnings).toEqual([
    'letter has no completed state: its activities cannot be closed, and stay open.',
  ])
  expect((await custom('visit')).warnings).toEqual([])
})

test('a chat variable that is not declared any more stands in the way of its own field alone', async () => {
  const { change, account, variables } = await openSettingsWorld('DYNAMICS')
  const field = { entityTypeId: account, name: 'text', variableType: 'CHAT_VARIABLE', variable: 'Campaign' } as const
  const { changedId } = await change(addExportField(field))
  variables.delete('Campaign')
  await change(updateDynamicsSettings({ fetchCrmData: true }))
  await change(addExportField({ ...field, name: 'number', variable: 'Page URL' }))
  expect(await refusalOf(change(updateExportField(changedId ?? '', { ...field, name: 'money' })))).toEqual([
    'field.variable: There is no chat variable "Campaign". Declare it in the workspace first.',
  ])
})
