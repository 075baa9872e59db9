/** Record types of Salesforce: which there are to choose from, and what each of them offers. */
import { expect, it } from 'vitest'
import { create, fieldOn, formOf, held, writes } from '../rules/support/forms.ts'
import { openRules, type RuleCrm } from '../rules/support/rules.ts'

const { crm: crmOf } = openRules({ people: 10 })

const grade = {
  entityType: 'Lead',
  name: 'Lead_Grade__c',
  variableType: 'INPUT',
  fieldType: 'OPTION_SET',
  label: 'Grade',
}
const values = [
  { name: 'LastName', value: 'Typed' },
  { name: 'Company', value: 'Litware' },
]

async function opened(exportFields: object[] = [grade]): Promise<RuleCrm> {
  const crm = crmOf('SALESFORCE')
  await crm.settings({ exportFields })
  return crm
}

const gradesOn = async (crm: RuleCrm, recordType?: string) =>
  fieldOn(await formOf(crm, 'Lead', recordType ? { recordType } : {}), grade.name).options.map(({ value }) => value)

it('the form offers the record types, and the options that the chosen one has; without a choice those of the default', async () => {
  const crm = await opened()
  const { recordTypes } = await formOf(crm, 'Lead')
  expect(recordTypes).toHaveLength(2)
  expect(recordTypes).toContainEqual({ name: 'Partner_Lead', isPerson: false })
  expect(await gradesOn(crm)).toEqual(['A', 'B', 'C'])
  expect(await gradesOn(crm, 'Partner_Lead')).toEqual(['A', 'B'])
  const accounts = await formOf(crm, 'Account')
  const persons = await formOf(crm, 'Account', { accountKind: 'PERSON' })
  expect(accounts.recordTypes.map(({ isPerson }) => isPerson)).toEqual([false])
  expect(persons.recordTypes.map(({ isPerson }) => isPerson)).toEqual([true])
})

it('a record is made of the chosen record type; a value that it does not offer is a field error before the CRM', async () => {
  const crm = await opened()
  const partner = { recordType: 'Partner_Lead', allowDuplicate: true }
  await crm.control.clearCalls()
  const refused = await create(crm, 'Lead', { ...partner, values: [...values, { name: grade.name, value: 'C' }] })
  const path = ['input', 'values', '2', grade.name]
  expect(refused).toMatchObject({ __typename: 'ValidationError', fields: [{ path }] })
  expect(await writes(crm)).toEqual([])
  const made = await create(crm, 'Lead', { ...partner, values: [...values, { name: grade.name, value: 'B' }] })
  const [recordType] = await crm.control.records('RecordType', { DeveloperName: 'Partner_Lead' })
  expect(await held(crm, 'Lead', made)).toMatchObject({ [grade.name]: 'B', RecordTypeId: recordType?.['Id'] })
})

it('a constant that the chosen record type does not offer is left out, which is said', async () => {
  const { label: _, ...constant } = { ...grade, variableType: 'CONSTANT', value: 'C' }
  const crm = await opened([constant])
  const made = await create(crm, 'Lead', { values, recordType: 'Partner_Lead', allowDuplicate: true })
  expect((await held(crm, 'Lead', made))[grade.name] ?? null).toBeNull()
  expect(made.warnings?.join()).toMatch(/Lead Grade is left out/)
})

it('a record type that there is not is refused by its argument', async () => {
  const crm = await opened()
  expect(await formOf(crm, 'Lead', { recordType: 'Nonsense' })).toMatchObject({ __typename: 'ValidationError' })
  const refused = await create(crm, 'Lead', { values, recordType: 'Nonsense' })
  expect(refused).toMatchObject({ __typename: 'ValidationError', fields: [{ path: ['input', 'recordType'] }] })
  const contact = await create(crm, 'Contact', { values: values.slice(0, 1), accountKind: 'PERSON' })
  expect(contact).toMatchObject({ __typename: 'ValidationError', fields: [{ path: ['input', 'accountKind'] }] })
})
