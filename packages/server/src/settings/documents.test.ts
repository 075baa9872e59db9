import { expect, test } from 'vitest'
import { openSettingsWorld, refusalOf, testAdmin } from '../testing/settings-world.ts'
import { addExportField } from './edit/export-fields.ts'
import { removeField } from './edit/field-list.ts'
import { updateDynamicsSettings } from './edit/general.ts'

const ada = testAdmin('Ada')
const grace = testAdmin('Grace')

test('a document goes back and forth, and settings are restored to what they were after a change, or before the first', async () => {
  const { change, read, exportField, settings, integrationId, prisma } = await openSettingsWorld('DYNAMICS')
  const before = await settings.exportDocument(ada, integrationId)
  await change(addExportField(exportField()))
  const after = await settings.exportDocument(ada, integrationId)
  expect(JSON.parse(JSON.stringify(after))).toEqual(after)
  const [origin, first] = await prisma.settingsChange.findMany({ orderBy: { version: 'asc' } })
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

  await settings.restore(grace, origin?.id ?? '', 5)
  expect(await settings.exportDocument(ada, integrationId)).toEqual(before)
})

test('restoring what the org has no more keeps the rest and marks it', async () => {
  const { change, read, exportField, settings, prisma, org } = await openSettingsWorld('DYNAMICS')
  const { changedId } = await change(addExportField(exportField()))
  const kept = await prisma.settingsChange.findFirst({ orderBy: { version: 'desc' } })
  await change(removeField('exportFields', changedId ?? ''))
  const account = org.entities.get('account')
  if (account) org.entities.set('account', { ...account, fields: account.fields.filter(({ name }) => name !== 'text') })
  await settings.restore(ada, kept?.id ?? '', 3)
  expect((await read()).settings.exportFields).toMatchObject([{ name: 'text', check: 'BROKEN' }])
})

test('settings are tried out without being kept', async () => {
  const { settings, integrationId, read } = await openSettingsWorld('DYNAMICS')
  const { integration } = await settings.tryOut(ada, integrationId, { provider: 'DYNAMICS', fetchCrmData: true })
  expect(integration.settings.fetchCrmData).toBe(true)
  expect((await read()).settings).toMatchObject({ fetchCrmData: false, version: 1 })
})

test('what a document cannot say is refused where it stands', async () => {
  const { settings, integrationId } = await openSettingsWorld('DYNAMICS')
  const importing = (document: unknown) => refusalOf(settings.importDocument(ada, integrationId, 1, document))
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
  expect(await importing({ provider: 'DYNAMICS', colour: 'red' })).toEqual([
    'input.document: There is no setting "colour" here: correct the name, or leave it out.',
  ])
  expect(await importing({})).toEqual(['input.document.provider: Say whose settings they are: DYNAMICS or SALESFORCE.'])
  expect(await importing('nothing')).toHaveLength(1)
})

test('an import warns of all that it changes, whatever section the change goes under', async () => {
  const { settings, integrationId, prisma, read } = await openSettingsWorld('DYNAMICS')
  const constant = { entityType: 'account', name: 'text', variableType: 'CONSTANT', fieldType: 'TEXT', value: 'x' }
  const [phone] = (await read()).defaultFields
  const document = {
    provider: 'DYNAMICS',
    allowActivityClosing: true,
    exportFields: [constant],
    backendFields: [constant],
    defaultFields: [{ entityType: phone?.kind.toLowerCase(), name: phone?.name, required: true, showOnForm: false }],
  }
  const { warnings } = await settings.importDocument(ada, integrationId, 1, document)
  expect(warnings).toEqual([
    expect.stringContaining('Notes cannot be closed'),
    expect.stringContaining('is required, but not on the form'),
    expect.stringContaining('is both an export field and a backend field'),
  ])
  expect(await prisma.settingsChange.findMany({ where: { version: 2 } })).toMatchObject([{ section: 'INTEGRATION' }])
  // What was so before is not told again.
  const again = await settings.importDocument(ada, integrationId, 2, { provider: 'DYNAMICS', searchFields: [] })
  expect(again.warnings).toEqual([])
})
