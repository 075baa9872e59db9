/** Where the two CRMs differ: what one has and the other has not, to read, to write and to do. */
import { expect, test } from 'vitest'
import { delivered, startConversation, tag } from '../gateway/conversing.ts'
import { entityTypeOf, type Provider, providers, searchRecords } from '../gateway/searching.ts'
import { addField, change, faultsOf } from '../gateway/setting-up.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const rules = openRules()

const schemaTypes: Record<Provider, { read: string; write: string }> = {
  DYNAMICS: { read: 'DynamicsSettings', write: 'UpdateDynamicsSettingsInput' },
  SALESFORCE: { read: 'SalesforceSettings', write: 'UpdateSalesforceSettingsInput' },
}

/** The CRMs whose settings have a member: to read, to write and in the document. */
async function havers(member: string): Promise<Provider[]> {
  const have: Provider[] = []
  for (const provider of providers) {
    const { read, write } = schemaTypes[provider]
    const { output, input } = await rules
      .running()
      .execute(
        `{ output: __type(name: "${read}") { fields { name } } input: __type(name: "${write}") { inputFields { name } } }`,
      )
    const named = ({ name }: { name: string }) => name === member
    const found = [
      output.fields.some(named),
      input.inputFields.some(named),
      member in (await rules.crm(provider).document()),
    ]
    expect(new Set(found), `${provider} ${member}`).toHaveProperty('size', 1)
    if (found[0]) have.push(provider)
  }
  return have
}

interface Descriptor {
  provider: Provider
  fieldTypes: { type: string; label: string; inExport: boolean; maxLength: boolean }[]
  settings: {
    entitySearchSwitch: boolean
    variableLabel: string
    variableFieldType: string | null
    backendLookupHasLabel: boolean
    backendTargets: string[]
    activitySubjectField: string | null
    detailFieldLabel: string
    backendFieldName: string
  }
}

async function descriptors(): Promise<Record<Provider, Descriptor>> {
  const { providers: found } = await rules.running().execute(`{ providers {
    provider
    fieldTypes { type label inExport maxLength }
    settings {
      entitySearchSwitch variableLabel variableFieldType backendLookupHasLabel backendTargets activitySubjectField
      detailFieldLabel backendFieldName
    }
  } }`)
  return Object.fromEntries(found.map((it: Descriptor) => [it.provider, it])) as Record<Provider, Descriptor>
}

const add = async (crm: RuleCrm, list: 'ExportField' | 'BackendField', field: object) =>
  addField(crm.running, list, crm.org.id, await crm.version(), field)

async function eachCrm(run: (crm: RuleCrm) => Promise<void>): Promise<void> {
  for (const provider of providers) {
    const crm = rules.crm(provider)
    await crm.settings({})
    await run(crm)
  }
}

/** The activities of a text message thread of so many messages, tagged to one person, by their subjects. */
async function smsActivities(crm: RuleCrm): Promise<string[]> {
  const thread = await startConversation(crm.running, 'SMS')
  const { hits } = await searchRecords(crm.running, {
    conversationId: thread.id,
    entityTypeIds: [entityTypeOf(crm.org, 'CONTACT')],
  })
  await tag(crm.running, thread, [hits[0]?.record.id ?? ''])
  await delivered(crm.running, thread, 1)
  const rows = await crm.control.records(crm.provider === 'DYNAMICS' ? 'annotation' : 'Task')
  return rows
    .filter((row) => String(row['notetext'] ?? row['Description']).includes(thread.mark))
    .map((row) => String(row['subject'] ?? row['Subject']))
}

// ------------------------------------------------------------------------------------------------ one CRM's own settings

const own = [
  ['X-DIF-06', 'Allow New Creation is a setting of Dynamics alone', ['allowNewCreation'], 'DYNAMICS'],
  ['X-DIF-07', 'Allow Activity Closing is a setting of Dynamics alone', ['allowActivityClosing'], 'DYNAMICS'],
  [
    'X-DIF-08',
    'Chats Save To and Activity Type Name are settings of Dynamics alone',
    ['chatsSaveTo', 'activityTypeName'],
    'DYNAMICS',
  ],
  [
    'X-DIF-09',
    'Allow Activity Subject Change is a setting of Salesforce alone',
    ['allowActivitySubjectChange'],
    'SALESFORCE',
  ],
  ['X-DIF-10', 'the subject suffix is a setting of Salesforce alone', ['subjectSuffix'], 'SALESFORCE'],
  ['X-DIF-14', 'person accounts are switched for Salesforce alone', ['personAccountEnabled'], 'SALESFORCE'],
  [
    'X-DIF-15',
    'whether account numbers are used is a setting of Salesforce alone',
    ['accountNumberUsed'],
    'SALESFORCE',
  ],
] as const

test.each(own)('%s %s', async (_row, _outcome, members, provider) => {
  for (const member of members) expect(await havers(member)).toEqual([provider])
})

test('X-DIF-11 subjects begin with the brand and the channel on Salesforce, and on Dynamics too', () =>
  eachCrm(async (crm) => {
    const subjects = await smsActivities(crm)
    expect(subjects).toEqual([expect.stringMatching(/^Alive SMS\b/)])
  }))

const switches = async (crm: RuleCrm, kind: string) => {
  const { integration } = await crm.running.execute(
    'query ($id: ID!) { integration(id: $id) { settings { defaultFields { kind label } } } }',
    { id: crm.org.id },
  )
  return integration.settings.defaultFields
    .filter((field: { kind: string }) => field.kind === kind)
    .map((field: { label: string }) => field.label)
}

test('X-DIF-16 an account has switches of its e-mail on Salesforce alone', async () => {
  expect(await switches(rules.crm('SALESFORCE'), 'ACCOUNT')).toContain('Email')
  expect(await switches(rules.crm('DYNAMICS'), 'ACCOUNT')).not.toContain('Email')
})

test('X-DIF-17 an account has switches of its description on Dynamics alone', async () => {
  expect(await switches(rules.crm('DYNAMICS'), 'ACCOUNT')).toContain('Description')
  expect(await switches(rules.crm('SALESFORCE'), 'ACCOUNT')).not.toContain('Description')
})

test('X-DIF-18 an added entity type is closed to search on Dynamics alone', async () => {
  const { DYNAMICS, SALESFORCE } = await descriptors()
  expect([DYNAMICS.settings.entitySearchSwitch, SALESFORCE.settings.entitySearchSwitch]).toEqual([true, false])
  await eachCrm(async (crm) => {
    const isDynamics = crm.provider === 'DYNAMICS'
    const outcome = await change(crm.running, 'addEntity', {
      integrationId: crm.org.id,
      expectedVersion: await crm.version(),
      name: isDynamics ? 'opportunity' : 'Opportunity',
      primaryField: isDynamics ? 'name' : 'Name',
      displayName: 'Deal',
      primaryFieldLabel: 'Topic',
      searchable: false,
    })
    expect(outcome.__typename).toBe(isDynamics ? 'SettingsSuccess' : 'ValidationError')
  })
})

// ------------------------------------------------------------------------------------------------ fields

test('X-DIF-19 Dynamics has eight field types, and Salesforce seven, each by its own names', async () => {
  const { DYNAMICS, SALESFORCE } = await descriptors()
  expect(DYNAMICS.fieldTypes.map(({ type, label }) => `${type} ${label}`).sort()).toEqual([
    'CURRENCY Currency',
    'DATE Date',
    'LOOKUP Lookup',
    'OPTION_SET Option Set',
    'STATUS_REASON Status Reason',
    'TEXT Text Box',
    'TWO_OPTIONS Two Options',
    'WHOLE_NUMBER Whole Number',
  ])
  expect(SALESFORCE.fieldTypes.map(({ type, label }) => `${type} ${label}`).sort()).toEqual([
    'CURRENCY Currency',
    'DATE Date',
    'LOOKUP Lookup',
    'MULTI_OPTION_SET Picklist (Multi-Select)',
    'OPTION_SET Picklist',
    'TEXT Textbox',
    'TWO_OPTIONS Checkbox',
  ])
  // What is not of its types is refused, whatever the field in the CRM.
  await eachCrm(async (crm) => {
    const fieldType = crm.provider === 'DYNAMICS' ? 'MULTI_OPTION_SET' : 'WHOLE_NUMBER'
    const name = crm.names.accountField.employees
    const field = { entityTypeId: entityTypeOf(crm.org, 'ACCOUNT'), name, fieldType, variableType: 'INPUT', label: 'X' }
    expect(faultsOf(await add(crm, 'ExportField', field))).toContain('field.fieldType')
  })
})

test('X-DIF-20 inputs have a maximum length for three types on Dynamics, and for two on Salesforce', async () => {
  const { DYNAMICS, SALESFORCE } = await descriptors()
  const limited = ({ fieldTypes }: Descriptor) => fieldTypes.filter((it) => it.maxLength).map((it) => it.type)
  expect(limited(DYNAMICS).sort()).toEqual(['CURRENCY', 'TEXT', 'WHOLE_NUMBER'])
  expect(limited(SALESFORCE).sort()).toEqual(['CURRENCY', 'TEXT'])
  await eachCrm(async (crm) => {
    const field = {
      entityTypeId: entityTypeOf(crm.org, 'ACCOUNT'),
      name: crm.names.accountField.industry,
      fieldType: 'OPTION_SET',
      variableType: 'INPUT',
      label: 'Industry',
    }
    expect(faultsOf(await add(crm, 'ExportField', { ...field, maxLength: 10 }))).toEqual(['field.maxLength'])
    const revenue = { ...field, name: crm.names.accountField.revenue, fieldType: 'CURRENCY', maxLength: 10 }
    expect(await add(crm, 'ExportField', revenue)).toMatchObject({ __typename: 'SettingsSuccess' })
  })
})

test('X-DIF-21 chat variables are one variable type with one name on both', async () => {
  const { DYNAMICS, SALESFORCE } = await descriptors()
  expect([DYNAMICS.settings.variableLabel, SALESFORCE.settings.variableLabel]).toEqual([
    'Alive5 Custom Variable',
    'Alive5 Custom Variable',
  ])
  const { __type } = await rules.running().execute('{ __type(name: "VariableType") { enumValues { name } } }')
  expect(__type.enumValues.map(({ name }: { name: string }) => name).sort()).toEqual([
    'CHAT_VARIABLE',
    'CONSTANT',
    'INPUT',
  ])
})

test('X-DIF-22 a chat variable has no field type on Dynamics, and is a text box on Salesforce', async () => {
  const { DYNAMICS, SALESFORCE } = await descriptors()
  expect([DYNAMICS.settings.variableFieldType, SALESFORCE.settings.variableFieldType]).toEqual([null, 'TEXT'])
  await eachCrm(async (crm) => {
    const isDynamics = crm.provider === 'DYNAMICS'
    const entityTypeId = entityTypeOf(crm.org, 'ACCOUNT')
    const field = { entityTypeId, name: isDynamics ? 'address1_city' : 'BillingCity', variableType: 'CHAT_VARIABLE' }
    const variable = { ...field, variable: 'Location' }
    expect(faultsOf(await add(crm, 'ExportField', { ...variable, fieldType: isDynamics ? 'TEXT' : 'DATE' }))).toEqual([
      'field.fieldType',
    ])
    const { changedId } = await add(crm, 'ExportField', variable)
    const query = 'query ($id: ID!) { node(id: $id) { ... on ExportField { fieldType variable } } }'
    expect((await crm.running.execute(query, { id: changedId })).node).toEqual({
      fieldType: isDynamics ? null : 'TEXT',
      variable: 'Location',
    })
  })
})

test('X-DIF-26 the label of a detail field is called Label on Dynamics, and Field Label on Salesforce', async () => {
  const { DYNAMICS, SALESFORCE } = await descriptors()
  expect([DYNAMICS.settings.detailFieldLabel, SALESFORCE.settings.detailFieldLabel]).toEqual(['Label', 'Field Label'])
})

test('X-DIF-27 the name of a backend field is called Name on Dynamics, and Field Name on Salesforce', async () => {
  const { DYNAMICS, SALESFORCE } = await descriptors()
  expect([DYNAMICS.settings.backendFieldName, SALESFORCE.settings.backendFieldName]).toEqual(['Name', 'Field Name'])
})

test('X-DIF-28 a look-up among the backend inputs has no label on Dynamics, and may have one on Salesforce', async () => {
  const { DYNAMICS, SALESFORCE } = await descriptors()
  expect([DYNAMICS.settings.backendLookupHasLabel, SALESFORCE.settings.backendLookupHasLabel]).toEqual([false, true])
  await eachCrm(async (crm) => {
    const isDynamics = crm.provider === 'DYNAMICS'
    const field = {
      entityTypeId: entityTypeOf(crm.org, 'CONTACT'),
      name: isDynamics ? 'parentcustomerid' : 'AccountId',
      fieldType: 'LOOKUP',
      variableType: 'INPUT',
      lookup: { relatedEntity: crm.names.account.entity },
    }
    expect(faultsOf(await add(crm, 'BackendField', { ...field, label: 'Company' }))).toEqual(
      isDynamics ? ['field.label'] : [],
    )
    if (isDynamics) expect(await add(crm, 'BackendField', field)).toMatchObject({ __typename: 'SettingsSuccess' })
  })
})

test('X-DIF-29 backend fields are of the entity types on both, and of the activity on Salesforce besides', async () => {
  const { DYNAMICS, SALESFORCE } = await descriptors()
  expect([DYNAMICS.settings.backendTargets, SALESFORCE.settings.backendTargets]).toEqual([
    ['RECORD'],
    ['RECORD', 'ACTIVITY'],
  ])
  await eachCrm(async (crm) => {
    const subject = {
      target: 'ACTIVITY',
      name: 'Subject',
      fieldType: 'OPTION_SET',
      variableType: 'INPUT',
      label: 'Topic',
    }
    const outcome = await add(crm, 'BackendField', subject)
    expect(outcome.__typename).toBe(crm.provider === 'DYNAMICS' ? 'ValidationError' : 'SettingsSuccess')
  })
})
