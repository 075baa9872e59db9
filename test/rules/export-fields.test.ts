import { expect } from 'vitest'
import type { Provider } from '../gateway/searching.ts'
import {
  account,
  accountForm,
  accountRow,
  constant,
  exported,
  faultsOfField,
  input,
  inputsOfAll,
  refuseName,
  typed,
} from './support/exporting.ts'
import { create, entityIdOf, fieldOn, type Given, held, namesOn, writes } from './support/forms.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins } = openRules()

const both = (row: string) => ({ DYNAMICS: `D-EXP-${row}`, SALESFORCE: `S-EXP-${row}` })

const vehicle = {
  DYNAMICS: { name: 'opportunity', primaryField: 'name', field: 'description', more: [] as Given[] },
  SALESFORCE: { name: 'Vehicle__c', primaryField: 'Name', field: 'Plate__c', more: [] as Given[] },
}

async function addEntity(crm: RuleCrm) {
  const { name, primaryField } = vehicle[crm.provider]
  const document = await crm.document()
  const added = {
    name,
    displayName: 'Deal',
    primaryField,
    primaryFieldLabel: 'Deal name',
    searchable: true,
    creatable: true,
  }
  return { entityTypes: [...(document['entityTypes'] as object[]), added] }
}

twins(both('01'), 'a field of an added entity is written when one of its records is made', async (crm) => {
  const { name, primaryField, field } = vehicle[crm.provider]
  const exportFields = [{ entityType: name, name: field, variableType: 'CONSTANT', fieldType: 'TEXT', value: 'AB-12' }]
  await crm.settings({ ...(await addEntity(crm)), exportFields })
  const made = await create(crm, name, { values: [{ name: primaryField, value: 'Exported' }] })
  expect(await held(crm, name, made)).toMatchObject({ [primaryField]: 'Exported', [field]: 'AB-12' })
})

twins(
  both('02'),
  'a constant is written at each creation, is not on the form, and no other value is taken',
  async (crm) => {
    const field = typed(crm, 'TEXT')
    await exported(crm, constant(field))
    expect(namesOn(await accountForm(crm))).not.toContain(field.name)
    expect(await accountRow(crm)).toMatchObject({ [field.name]: field.held })
    expect(await accountRow(crm, [{ name: field.name, value: 'Another' }])).toMatchObject({ [field.name]: field.held })
  },
)

twins(both('03'), 'an input is on the form, and what the agent gives each time reaches the CRM', async (crm) => {
  const field = typed(crm, 'TEXT')
  await exported(crm, input(field))
  const { id, label } = fieldOn(await accountForm(crm), field.name)
  expect(label).toBe(`Give ${field.name}`)
  for (const value of ['First', 'Second']) {
    expect(await accountRow(crm, [{ fieldId: id, value }])).toMatchObject({ [field.name]: value })
  }
})

twins(both('04'), 'a required input that is left out stops the creation', async (crm) => {
  const field = typed(crm, 'TEXT')
  await exported(crm, input(field, { required: true }))
  expect(fieldOn(await accountForm(crm), field.name).required).toBe(true)
  await crm.control.clearCalls()
  const path = ['input', 'values', field.name]
  expect(await account(crm)).toMatchObject({ __typename: 'ValidationError', fields: [{ path }] })
  expect(await writes(crm)).toEqual([])
})

twins(both('05'), 'a name that the org does not have is refused, with the nearest right one', (crm) =>
  refuseName(crm, { variableType: 'CONSTANT', fieldType: 'TEXT', value: 'x' }),
)

twins(both('06'), 'fields can be of the three default entities and of added ones', async (crm) => {
  await crm.settings(await addEntity(crm))
  const { running, org } = crm
  const { integration } = await running.execute(
    'query ($id: ID!) { integration(id: $id) { entityTypes { id name kind } } }',
    { id: org.id },
  )
  expect(integration.entityTypes.map(({ kind }: { kind: string }) => kind)).toEqual([
    'ACCOUNT',
    'CONTACT',
    'LEAD',
    'CUSTOM',
  ])
  const { name, field } = vehicle[crm.provider]
  const described = { name: field, variableType: 'INPUT', fieldType: 'TEXT', label: 'More' }
  expect(await faultsOfField(crm, described, name)).toEqual([])
})

twins(both('07'), 'there are three variable types: chat variable, constant and input', async ({ running }) => {
  const { __type } = await running.execute('{ __type(name: "VariableType") { enumValues { name } } }')
  expect(__type.enumValues.map(({ name }: { name: string }) => name).toSorted()).toEqual([
    'CHAT_VARIABLE',
    'CONSTANT',
    'INPUT',
  ])
})

const typesOf: Record<Provider, readonly string[]> = {
  DYNAMICS: ['CURRENCY', 'DATE', 'LOOKUP', 'OPTION_SET', 'STATUS_REASON', 'TEXT', 'TWO_OPTIONS', 'WHOLE_NUMBER'],
  SALESFORCE: ['TWO_OPTIONS', 'CURRENCY', 'TEXT', 'DATE', 'LOOKUP', 'OPTION_SET', 'MULTI_OPTION_SET'],
}

async function offeredTypes({ running, provider }: RuleCrm): Promise<string[]> {
  const { providers } = await running.execute('{ providers { provider fieldTypes { type inExport maxLength } } }')
  const of = providers.find((it: { provider: string }) => it.provider === provider)
  return of.fieldTypes.filter((it: { inExport: boolean }) => it.inExport).map((it: { type: string }) => it.type)
}

for (const [provider, row, outcome] of [
  ['DYNAMICS', 'D-EXP-11', 'there are exactly eight field types'],
  ['SALESFORCE', 'S-EXP-10', 'there are exactly seven field types'],
] as const) {
  twins({ [provider]: row }, outcome, async (crm) => {
    expect((await offeredTypes(crm)).toSorted()).toEqual(typesOf[provider].toSorted())
    for (const field of inputsOfAll(crm)) expect(await faultsOfField(crm, field)).toEqual([])
    const { name } = typed(crm, 'TEXT')
    const other = provider === 'DYNAMICS' ? 'MULTI_OPTION_SET' : 'WHOLE_NUMBER'
    const refused = await faultsOfField(crm, { name, variableType: 'INPUT', fieldType: other, label: 'Other' })
    expect(refused).toContain('field.fieldType')
  })
}

const inputsOn = async (crm: RuleCrm) =>
  (await accountForm(crm)).fields.filter(({ group }) => group === 'EXPORT').map(({ label }) => label)

const labelled = (crm: RuleCrm, type: string, label: string) => input(typed(crm, type), { label })

twins(
  { DYNAMICS: 'D-EXP-42', SALESFORCE: 'S-EXP-39' },
  'inputs are on the form in the order that the admin gives them',
  async (crm) => {
    const entityTypeId = await entityIdOf(crm, crm.names.account.entity)
    await exported(crm, labelled(crm, 'TEXT', 'A'), labelled(crm, 'CURRENCY', 'B'), labelled(crm, 'DATE', 'C'))
    expect(await inputsOn(crm)).toEqual(['A', 'B', 'C'])
    const { integration } = await crm.running.execute(
      'query ($id: ID!, $of: ID!) { integration(id: $id) { settings { exportFields(entityTypeId: $of) { id label } } } }',
      { id: crm.org.id, of: entityTypeId },
    )
    const ids = Object.fromEntries(
      integration.settings.exportFields.map((it: { label: string; id: string }) => [it.label, it.id]),
    )
    const operation = `mutation ($integrationId: ID!, $expectedVersion: Int!, $ids: [ID!]!) {
    reorderExportFields(integrationId: $integrationId, expectedVersion: $expectedVersion, ids: $ids) { __typename }
  }`
    const order = [ids['C'], ids['A'], ids['B']]
    const reordered = { integrationId: crm.org.id, expectedVersion: await crm.version(), ids: order }
    expect((await crm.running.execute(operation, reordered)).reorderExportFields.__typename).toBe('SettingsSuccess')
    expect(await inputsOn(crm)).toEqual(['C', 'A', 'B'])
  },
)

twins(
  { DYNAMICS: 'D-EXP-44', SALESFORCE: 'S-EXP-41' },
  'the place of constants in the list does not change the order of inputs',
  async (crm) => {
    const [a, b] = [labelled(crm, 'TEXT', 'A'), labelled(crm, 'CURRENCY', 'B')]
    const fixed = constant(typed(crm, 'OPTION_SET'))
    for (const order of [
      [a, fixed, b],
      [fixed, a, b],
      [a, b, fixed],
    ]) {
      await exported(crm, ...order)
      expect(await inputsOn(crm)).toEqual(['A', 'B'])
    }
  },
)

twins({ DYNAMICS: 'D-EXP-45', SALESFORCE: 'S-EXP-42' }, 'inputs are not sorted by name', async (crm) => {
  await exported(crm, labelled(crm, 'TEXT', 'Z'), labelled(crm, 'CURRENCY', 'A'))
  expect(await inputsOn(crm)).toEqual(['Z', 'A'])
})
