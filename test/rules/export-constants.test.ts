import { expect } from 'vitest'
import type { Provider } from '../gateway/searching.ts'
import { accountRow, constant, exported, faultsOfField, typed } from './support/exporting.ts'
import { makeContact } from './support/forms.ts'
import { openRules } from './support/rules.ts'
import { lookupFields, typedFields } from './support/typed-fields.ts'

const { twins } = openRules()

twins(
  { DYNAMICS: 'D-EXP-17', SALESFORCE: 'S-EXP-16' },
  'a constant of any type but look-up has a value',
  async (crm) => {
    for (const field of Object.values(typedFields[crm.provider])) {
      const member = field.values ? 'values' : 'value'
      const { value: _, values: __, ...empty } = constant(field) as { value?: string; values?: string[] }
      expect(await faultsOfField(crm, empty)).toEqual([`field.${member}`])
      expect(await faultsOfField(crm, constant(field))).toEqual([])
    }
  },
)

twins(
  { DYNAMICS: 'D-EXP-18', SALESFORCE: 'S-EXP-17' },
  'a constant look-up names entity and record instead of a value',
  async (crm) => {
    const { name, related } = lookupFields[crm.provider]
    const field = { name, variableType: 'CONSTANT', fieldType: 'LOOKUP' }
    const { id } = await makeContact(crm, 'Pointed')
    expect(await faultsOfField(crm, field)).toEqual(['field.lookupValue'])
    expect(await faultsOfField(crm, { ...field, value: id })).toContain('field.value')
    const wrongEntity = { ...field, lookupValue: { entityName: crm.names.lead.entity, remoteId: id } }
    expect(await faultsOfField(crm, wrongEntity)).toEqual(['field.lookupValue.entityName'])
    expect(await faultsOfField(crm, { ...field, lookupValue: { entityName: related, remoteId: id } })).toEqual([])
  },
)

const constantRows: readonly [string, Partial<Record<Provider, string>>][] = [
  ['CURRENCY', { DYNAMICS: 'D-EXP-19', SALESFORCE: 'S-EXP-19' }],
  ['DATE', { DYNAMICS: 'D-EXP-20', SALESFORCE: 'S-EXP-21' }],
  ['OPTION_SET', { DYNAMICS: 'D-EXP-22', SALESFORCE: 'S-EXP-23' }],
  ['STATUS_REASON', { DYNAMICS: 'D-EXP-23' }],
  ['TEXT', { DYNAMICS: 'D-EXP-24', SALESFORCE: 'S-EXP-20' }],
  ['TWO_OPTIONS', { DYNAMICS: 'D-EXP-25', SALESFORCE: 'S-EXP-18' }],
  ['WHOLE_NUMBER', { DYNAMICS: 'D-EXP-26' }],
  ['MULTI_OPTION_SET', { SALESFORCE: 'S-EXP-24' }],
]

for (const [type, rows] of constantRows) {
  twins(
    rows,
    `a constant of type ${type} is held as the CRM wants it, and one of another type is refused`,
    async (crm) => {
      const field = typed(crm, type)
      const wrong = { ...constant(field), ...field.wrong }
      expect(await faultsOfField(crm, wrong)).toEqual([`field.${field.values ? 'values' : 'value'}`])
      await exported(crm, constant(field))
      expect(await accountRow(crm)).toMatchObject({ [field.name]: field.held })
    },
  )
}

twins({ DYNAMICS: 'D-EXP-21', SALESFORCE: 'S-EXP-22' }, 'a constant look-up points to its record', async (crm) => {
  const { name, heldAs, related } = lookupFields[crm.provider]
  const { id } = await makeContact(crm, 'Pointed')
  const lookupValue = { entityName: related, remoteId: id, name: 'Clarke' }
  await exported(crm, { name, variableType: 'CONSTANT', fieldType: 'LOOKUP', lookupValue })
  expect(await accountRow(crm)).toMatchObject({ [heldAs]: id })
})

twins({ DYNAMICS: 'D-EXP-20' }, 'a constant of type date with a time is held as that moment', async (crm) => {
  const field = { name: 'lastonholdtime', variableType: 'CONSTANT', fieldType: 'DATE_TIME' }
  await exported(crm, { ...field, value: '2026-02-28T10:00:00+01:00' })
  expect(await accountRow(crm)).toMatchObject({ lastonholdtime: '2026-02-28T09:00:00Z' })
  // Metadata decides whether a date has a time.
  await exported(crm, { ...field, fieldType: 'DATE', value: '2026-02-28' })
  expect(await accountRow(crm)).toMatchObject({ lastonholdtime: '2026-02-28T00:00:00Z' })
})
