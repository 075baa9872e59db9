import { ProviderError } from '@backchannel/providers'
import { expect, test, vi } from 'vitest'
import { ConflictError, CrmError, NotAllowedError, ValidationError } from '../shared/errors.ts'
import { openSettingsWorld, testAdmin, testEntity, testField } from '../testing/settings-world.ts'
import { addBackendField } from './edit/backend-fields.ts'
import { updateDefaultFields } from './edit/default-fields.ts'
import { addEntity, removeEntity, reorderEntities, updateEntity } from './edit/entities.ts'
import { addExportField, type ExportFieldInput, updateExportField } from './edit/export-fields.ts'
import { removeField, reorderFields } from './edit/field-list.ts'
import { updateDynamicsSettings, updateSalesforceSettings } from './edit/general.ts'
import { addShownField } from './edit/shown-fields.ts'
import { settingProblems } from './problems.ts'
import type { Edit } from './service.ts'

const ada = testAdmin('Ada')
const grace = testAdmin('Grace')

async function open(provider: 'DYNAMICS' | 'SALESFORCE' = 'DYNAMICS') {
  const world = await openSettingsWorld(provider)
  const { settings, integrationId, read } = world
  const account = await world.entityTypeId(provider === 'DYNAMICS' ? 'account' : 'Account')
  return {
    ...world,
    account,
    change: async (edit: Edit) => settings.change(ada, integrationId, (await read()).settings.version, edit),
    exportField: (changes: Partial<ExportFieldInput> = {}): ExportFieldInput => ({
      entityTypeId: account,
      name: 'text',
      variableType: 'INPUT',
      fieldType: 'TEXT',
      label: 'Text',
      ...changes,
    }),
  }
}

/** The paths and messages of a refused change. */
async function refusal(work: Promise<unknown>): Promise<string[]> {
  const error = await work.then(
    () => null,
    (thrown: unknown) => thrown,
  )
  if (!(error instanceof ValidationError)) throw error ?? new Error('It was accepted')
  return error.fields.map(({ path, message }) => `${path.join('.')}: ${message}`)
}

test('a change is in force at once, counts the version, and is recorded with who, what, before and after', async () => {
  const { change, read, prisma } = await open()
  const { changedId, integration, warnings } = await change(updateDynamicsSettings({ allowNewCreation: true }))
  expect({ changedId, warnings }).toEqual({ changedId: null, warnings: [] })
  expect(integration).toBe(await read())
  expect(integration.settings).toMatchObject({ version: 2, dynamics: { allowNewCreation: true } })
  expect(await prisma.settingsChange.findMany()).toMatchObject([
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
  const [record] = await prisma.settingsChange.findMany()
  expect(await prisma.event.findMany({ orderBy: { id: 'asc' } })).toMatchObject([
    { kind: 'INTEGRATION_CHANGED', integrationId: 'integration-1' },
    { kind: 'SETTINGS_CHANGED', integrationId: 'integration-1', settingsChangeId: record?.id },
  ])
})

test('a change that changes nothing keeps the version and leaves no record', async () => {
  const { change, read, prisma } = await open()
  await change(updateDynamicsSettings({ allowNewCreation: false, searchOrder: ['PHONE', 'EMAIL', 'FULL_NAME'] }))
  expect((await read()).settings.version).toBe(1)
  expect(await prisma.settingsChange.count()).toBe(0)
})

test('of two admins who saw the same version the second is told who was first, and nothing of theirs is lost', async () => {
  const { settings, integrationId, read } = await open()
  await settings.change(ada, integrationId, 1, updateDynamicsSettings({ fetchCrmData: true }))
  const late = settings.change(grace, integrationId, 1, updateDynamicsSettings({ allowNewCreation: true }))
  const error = await late.catch((thrown: unknown) => thrown)
  expect(error).toBeInstanceOf(ConflictError)
  expect(error).toMatchObject({ version: 2, changedBy: 'Ada', changedAt: expect.any(Date) })
  expect((await read()).settings).toMatchObject({ fetchCrmData: true, dynamics: { allowNewCreation: false } })
})

test('of many changes at the same moment one is kept', async () => {
  const { settings, integrationId, read, prisma } = await open()
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
  expect(await prisma.settingsChange.count()).toBe(1)
})

test('what was just written is what is read, a thousand times', async () => {
  const { change, read } = await open()
  for (let round = 0; round < 1_000; round++) {
    const on = round % 2 === 0
    await change(updateDynamicsSettings({ fetchCrmData: on }))
    expect((await read()).settings.fetchCrmData).toBe(on)
  }
  expect((await read()).settings.version).toBe(1_001)
}, 120_000)

test('a field is added, changed, moved and removed; its id stays', async () => {
  const { change, read, exportField, account, entityTypeId } = await open()
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
  expect(await refusal(change(updateExportField(id, exportField({ entityTypeId: contact }))))).toEqual([
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
  const { change, exportField, org } = await open()
  org.entities.set('opportunity', testEntity('opportunity', [testField('topic', 'TEXT')]))
  expect(await refusal(change(addExportField(exportField({ name: 'Text' }))))).toEqual([
    'field.name: There is no field Text in account, or our user there may not see it. Do you mean text?',
  ])
  expect(await refusal(change(addEntity(entity({ name: 'Oportunity' }))))).toEqual([
    'input.name: There is no entity Oportunity in the org Microsoft Dynamics 365, or our user there may not see it. Do you mean opportunity?',
  ])
  expect(await refusal(change(addEntity(entity({ primaryField: 'Topic' }))))).toEqual([
    'input.primaryField: There is no field Topic in opportunity, or our user there may not see it. Do you mean topic?',
  ])
  await change(addEntity(entity()))
  expect(await refusal(change(addEntity(entity({ name: 'CONTACT' }))))).toContain(
    'input.name: CONTACT is among the entity types already.',
  )
})

test('what the settings have in use is not removed unawares', async () => {
  const { change, org, entityTypeId, read, account } = await open()
  org.entities.set('opportunity', testEntity('opportunity', [testField('topic', 'TEXT'), testField('size', 'TEXT')]))
  const { changedId } = await change(addEntity(entity()))
  const id = changedId ?? ''
  await change(addShownField('detailFields', { entityTypeId: id, name: 'size', label: 'Size', fieldType: 'TEXT' }))
  await change(
    updateDynamicsSettings({
      autoChatPush: { enabled: true, rules: [{ identifier: 'PHONE', entityTypeId: id, field: 'size' }] },
    }),
  )
  expect(await refusal(change(removeEntity(id, false)))).toEqual([
    'withDependents: Opportunity is used by the detail field size, the automatic chat push by size. Remove them first, or remove it with its dependents.',
  ])
  expect(await refusal(change(updateEntity(id, { searchable: false })))).toEqual([
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
  const { change, account, read } = await open()
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
  const { change, org } = await open('SALESFORCE')
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
  expect(await refusal(change(addBackendField(subject)))).toContain(
    'field.target: There is a subject field already, and an activity has one subject.',
  )
})

test('the record of a constant look-up is found, and kept by its name', async () => {
  const { change, read, account, org } = await open()
  const constant = (remoteId: string) =>
    addExportField({
      entityTypeId: account,
      name: 'link',
      variableType: 'CONSTANT',
      fieldType: 'LOOKUP',
      lookupValue: { entityName: 'account', remoteId },
    })
  expect(await refusal(change(constant('record-2')))).toEqual([
    'field.lookupValue.remoteId: There is no record record-2 of account in the org, or our user there may not see it.',
  ])
  await change(constant('record-1'))
  expect((await read()).settings.exportFields).toMatchObject([{ lookupValue: { name: 'Fourth Coffee' } }])
  expect(org.asked).toContain('find')
})

test('while the org is not connected settings are kept unchecked, and checked when it is looked at again', async () => {
  const { change, read, exportField, disconnect, reconnect, look, org, account } = await open()
  await disconnect()
  await change(addExportField(exportField()))
  await change(addExportField(exportField({ name: 'gone' })))
  await change(
    addExportField({
      entityTypeId: account,
      name: 'link',
      variableType: 'CONSTANT',
      fieldType: 'LOOKUP',
      lookupValue: { entityName: 'account', remoteId: 'record-1' },
    }),
  )
  const states = async () => (await read()).settings.exportFields.map(({ check }) => check)
  expect(await states()).toEqual(['UNCHECKED', 'UNCHECKED', 'UNCHECKED'])
  expect(org.asked).toEqual([])

  await reconnect()
  await look(null)
  await vi.waitFor(async () => expect(await states()).toEqual(['OK', 'BROKEN', 'OK']))
  const integration = await read()
  expect(integration.settings.exportFields[2]?.lookupValue?.name).toBe('Fourth Coffee')
  expect(settingProblems(integration)).toEqual([
    {
      code: 'NOT_FOUND',
      message: 'Export field gone: There is no field gone in account, or our user there may not see it.',
      since: expect.any(Date),
      settingIds: [expect.any(String)],
      section: 'EXPORT',
    },
  ])
})

test('where the connected org cannot be asked nothing is saved', async () => {
  const { change, read, exportField, org } = await open()
  org.failure = new ProviderError('CRM_TIMEOUT', { message: 'No answer.' })
  await expect(change(addExportField(exportField()))).rejects.toThrow(CrmError)
  expect((await read()).settings).toMatchObject({ version: 1, exportFields: [] })
  // What the org has no say in is saved all the same.
  await change(updateDynamicsSettings({ fetchCrmData: true }))
})

test('a setting that broke in the org is marked, stands in nobody else’s way, and is whole again with its field', async () => {
  const { change, read, exportField, org, look } = await open()
  const whole = org.entities.get('account') ?? testEntity('account', [])
  await change(addExportField(exportField()))
  await change(addExportField(exportField({ name: 'money', fieldType: 'CURRENCY', label: 'Money' })))
  const states = async () => (await read()).settings.exportFields.map(({ check }) => check)

  org.entities.set('account', { ...whole, fields: whole.fields.filter(({ name }) => name !== 'text') })
  await look('account')
  await vi.waitFor(async () => expect(await states()).toEqual(['BROKEN', 'OK']))
  const { version } = (await read()).settings
  expect(version).toBe(3)
  await change(addExportField(exportField({ name: 'number', fieldType: 'WHOLE_NUMBER', label: 'Number' })))
  expect(await states()).toEqual(['BROKEN', 'OK', 'OK'])

  org.entities.set('account', whole)
  await look('account')
  await vi.waitFor(async () => expect(await states()).toEqual(['OK', 'OK', 'OK']))
  expect((await read()).settings.exportFields[0]).toMatchObject({ problem: null, brokenSince: null })
})

test('a look at what was seen already asks nothing', async () => {
  const { change, exportField, org, look } = await open()
  await change(addExportField(exportField()))
  await look('account')
  await vi.waitFor(() => expect(org.asked.length).toBeGreaterThan(1))
  const asked = org.asked.length
  for (let times = 0; times < 5; times++) await look('account')
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(org.asked).toHaveLength(asked)
})

test('a document goes back and forth, and settings are restored to what they were after a change', async () => {
  const { change, read, exportField, settings, integrationId, prisma } = await open()
  await change(addExportField(exportField()))
  const after = await settings.exportDocument(ada, integrationId)
  expect(JSON.parse(JSON.stringify(after))).toEqual(after)
  const [first] = await prisma.settingsChange.findMany()
  await change(addExportField(exportField({ name: 'number', fieldType: 'WHOLE_NUMBER', label: 'Number' })))
  await change(updateDynamicsSettings({ chatsSaveTo: 'TASK', activityTypeName: 'task' }))
  expect((await read()).settings.dynamics?.activityTypeName).toBe('Task')

  const restored = await settings.restore(grace, first?.id ?? '', (await read()).settings.version)
  expect(restored.integration.settings.version).toBe(5)
  expect(await settings.exportDocument(ada, integrationId)).toEqual(after)
  const last = await prisma.settingsChange.findFirst({ orderBy: { version: 'desc' } })
  expect(last).toMatchObject({ by: 'Grace', section: 'INTEGRATION', document: after })

  const again = await settings.importDocument(ada, integrationId, 5, after)
  expect(again.integration.settings.version).toBe(5)
})

test('restoring what the org has no more keeps the rest and marks it', async () => {
  const { change, read, exportField, settings, prisma, org } = await open()
  const { changedId } = await change(addExportField(exportField()))
  const [kept] = await prisma.settingsChange.findMany()
  await change(removeField('exportFields', changedId ?? ''))
  const account = org.entities.get('account')
  if (account) org.entities.set('account', { ...account, fields: account.fields.filter(({ name }) => name !== 'text') })
  await settings.restore(ada, kept?.id ?? '', 3)
  expect((await read()).settings.exportFields).toMatchObject([{ name: 'text', check: 'BROKEN' }])
})

test('settings are tried out without being kept', async () => {
  const { settings, integrationId, read } = await open()
  const { integration } = await settings.tryOut(ada, integrationId, { provider: 'DYNAMICS', fetchCrmData: true })
  expect(integration.settings.fetchCrmData).toBe(true)
  expect((await read()).settings).toMatchObject({ fetchCrmData: false, version: 1 })
})

test('what a document cannot say is refused where it stands', async () => {
  const { settings, integrationId } = await open()
  const importing = (document: unknown) => refusal(settings.importDocument(ada, integrationId, 1, document))
  expect(await importing({ provider: 'SALESFORCE' })).toEqual([
    'input.document.provider: These are settings for SALESFORCE; this integration is DYNAMICS.',
  ])
  const field = { entityType: 'account', name: 'text', variableType: 'INPUT', fieldType: 'TEXT', label: 'Text' }
  const [twice, unknown] = [
    await importing({ provider: 'DYNAMICS', exportFields: [field, field] }),
    await importing({ provider: 'DYNAMICS', exportFields: [{ ...field, entityType: 'accounts' }] }),
  ]
  expect(twice).toEqual([
    'input.document.exportFields.1.name: text is among the export fields of this entity type already.',
  ])
  expect(unknown).toEqual([
    'input.document.exportFields.0.entityType: There is no entity type accounts in these settings.',
  ])
  expect(await importing({ provider: 'DYNAMICS', colour: 'red' })).toHaveLength(1)
  expect(await importing('nothing')).toHaveLength(1)
})
