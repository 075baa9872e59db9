import { ProviderError } from '@backchannel/providers'
import { expect, test, vi } from 'vitest'
import { CrmError } from '../shared/errors.ts'
import { openSettingsWorld, testEntity } from '../testing/settings-world.ts'
import { addExportField } from './edit/export-fields.ts'
import { updateDynamicsSettings } from './edit/general.ts'
import { settingProblems } from './problems.ts'

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
  const { change, exportField, org, look } = await openSettingsWorld('DYNAMICS')
  await change(addExportField(exportField()))
  await look('account')
  await vi.waitFor(() => expect(org.asked.length).toBeGreaterThan(1))
  const asked = org.asked.length
  for (let times = 0; times < 5; times++) await look('account')
  await new Promise((resolve) => setTimeout(resolve, 20))
  expect(org.asked).toHaveLength(asked)
})
