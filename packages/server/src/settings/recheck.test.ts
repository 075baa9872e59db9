import { ProviderError } from '@backchannel/providers'
import { expect, test } from 'vitest'
import { CrmError } from '../shared/errors.ts'
import { openSettingsWorld, testEntity } from '../testing/settings-world.ts'
import { addExportField } from './edit/export-fields.ts'
import { reorderFields } from './edit/field-list.ts'
import { updateDynamicsSettings } from './edit/general.ts'
import { settingProblems } from './problems.ts'

/** Long enough for whatever is under way in memory and in the database. */
const settle = () => new Promise((resolve) => setTimeout(resolve, 100))

test('while the org is not connected settings are kept unchecked, and checked when it is looked at again', async () => {
  const { change, read, exportField, disconnect, reconnect, look, org, account } = await openSettingsWorld('DYNAMICS')
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
  await expect.poll(() => states()).toEqual(['OK', 'BROKEN', 'OK'])
  const integration = await read()
  expect(integration.settings.exportFields[2]?.lookupValue?.name).toBe('Fourth Coffee')
  expect(settingProblems(integration)).toEqual([
    {
      code: 'VALIDATION',
      message: 'Export field gone: There is no field gone in account, or our user there may not see it.',
      since: expect.any(Date),
      settingIds: [expect.any(String)],
      section: 'EXPORT',
    },
  ])
})

test('where the connected org cannot be asked nothing is saved', async () => {
  const { change, read, exportField, org } = await openSettingsWorld('DYNAMICS')
  org.failure = new ProviderError('CRM_TIMEOUT', { message: 'No answer.' })
  await expect(change(addExportField(exportField()))).rejects.toThrow(CrmError)
  expect((await read()).settings).toMatchObject({ version: 1, exportFields: [] })
  // What the org has no say in is saved all the same.
  await change(updateDynamicsSettings({ fetchCrmData: true }))
})

test('a setting that broke in the org is marked, stands in nobody else’s way, and is whole again with its field', async () => {
  const { change, read, exportField, org, look } = await openSettingsWorld('DYNAMICS')
  const whole = org.entities.get('account') ?? testEntity('account', [])
  await change(addExportField(exportField()))
  await change(addExportField(exportField({ name: 'money', fieldType: 'CURRENCY', label: 'Money' })))
  const states = async () => (await read()).settings.exportFields.map(({ check }) => check)

  org.entities.set('account', { ...whole, fields: whole.fields.filter(({ name }) => name !== 'text') })
  await look('account')
  await expect.poll(() => states()).toEqual(['BROKEN', 'OK'])
  const { version } = (await read()).settings
  expect(version).toBe(3)
  await change(addExportField(exportField({ name: 'number', fieldType: 'WHOLE_NUMBER', label: 'Number' })))
  expect(await states()).toEqual(['BROKEN', 'OK', 'OK'])

  org.entities.set('account', whole)
  await look('account')
  await expect.poll(() => states()).toEqual(['OK', 'OK', 'OK'])
  expect((await read()).settings.exportFields[0]).toMatchObject({ problem: null, brokenSince: null })
})

test('a constant whose record is missing stays broken until the record is there', async () => {
  const { change, read, disconnect, reconnect, look, org, account } = await openSettingsWorld('DYNAMICS')
  await disconnect()
  await change(
    addExportField({
      entityTypeId: account,
      name: 'link',
      variableType: 'CONSTANT',
      fieldType: 'LOOKUP',
      lookupValue: { entityName: 'account', remoteId: 'record-2' },
    }),
  )
  const state = async () => (await read()).settings.exportFields[0]
  await reconnect()
  await look(null)
  await expect.poll(() => state()).toMatchObject({ check: 'BROKEN' })

  await look('account')
  await look('contact')
  await settle()
  expect(await state()).toMatchObject({ check: 'BROKEN', problem: expect.stringContaining('record-2') })

  org.records.set('record-2', 'Litware')
  await look(null)
  await expect.poll(() => state()).toMatchObject({ check: 'OK', lookupValue: { name: 'Litware' } })
})

test('a check that failed is made again at the next look at the same', async () => {
  const { change, read, exportField, org, look, errors } = await openSettingsWorld('DYNAMICS')
  const whole = org.entities.get('account') ?? testEntity('account', [])
  await change(addExportField(exportField()))
  org.entities.set('account', { ...whole, fields: whole.fields.filter(({ name }) => name !== 'text') })
  org.failure = new ProviderError('CRM_TIMEOUT', { message: 'No answer.' })
  await look('account')
  await expect.poll(() => errors).toHaveLength(1)
  org.failure = null
  await look('account')
  await expect.poll(async () => (await read()).settings.exportFields).toMatchObject([{ check: 'BROKEN' }])
})

test('what a process remembers of an org marks nothing: what it would change is asked anew', async () => {
  const { change, read, exportField, org, look, prisma, account } = await openSettingsWorld('DYNAMICS')
  const whole = org.entities.get('account') ?? testEntity('account', [])
  // Added in the org and set by another process a moment ago; this one still knows the account without it.
  org.remembered.set('account', { ...whole, fields: whole.fields.filter(({ name }) => name !== 'link') })
  await change(
    addExportField({
      ...exportField({ name: 'link', fieldType: 'LOOKUP', label: 'Contact' }),
      lookup: { relatedEntity: 'contact' },
    }),
  )
  expect((await read()).settings.exportFields).toMatchObject([{ entityTypeId: account, check: 'OK' }])
  const events = await prisma.event.count()
  org.asked.length = 0
  await look('contact')
  await expect.poll(() => org.asked).toContain('describe account anew')
  await settle()
  expect((await read()).settings.exportFields).toMatchObject([{ check: 'OK' }])
  expect(await prisma.event.count()).toBe(events)
})

test('a check that ends after a change was saved leaves what the change says, and a change leaves what a check found', async () => {
  const { change, read, exportField, org, look, during } = await openSettingsWorld('DYNAMICS')
  const whole = org.entities.get('account') ?? testEntity('account', [])
  await change(addExportField(exportField()))
  await change(addExportField(exportField({ name: 'number', fieldType: 'WHOLE_NUMBER', label: 'Number' })))
  const [text, number] = (await read()).settings.exportFields
  const states = async () =>
    Object.fromEntries((await read()).settings.exportFields.map(({ name, check }) => [name, check]))

  // Somebody looks between the reading of the settings and the keeping of their new order.
  org.entities.set('account', { ...whole, fields: whole.fields.filter(({ name }) => name !== 'text') })
  await during(
    async () => {
      await look('account')
      await expect.poll(() => states()).toEqual({ text: 'BROKEN', number: 'OK' })
    },
    () => change(reorderFields('exportFields', [number?.id ?? '', text?.id ?? ''])),
  )
  expect((await read()).settings.exportFields.map(({ name }) => name)).toEqual(['number', 'text'])
  expect(await states()).toEqual({ text: 'BROKEN', number: 'OK' })
})

test('a look at what was seen already asks nothing', async () => {
  const { change, exportField, org, look } = await openSettingsWorld('DYNAMICS')
  await change(addExportField(exportField()))
  await look('account')
  await expect.poll(() => org.asked.length).toBeGreaterThan(1)
  const asked = org.asked.length
  for (let times = 0; times < 5; times++) await look('account')
  await settle()
  expect(org.asked).toHaveLength(asked)
})
