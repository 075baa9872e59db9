import { expect, test } from 'vitest'
import { faultsOf, reorder } from '../gateway/setting-up.ts'
import { accountOf, addBackendField, constantOf, industries, inputOf, tagFieldsOf } from './support/backend-settings.ts'
import { fieldOn, formOf, namesOn } from './support/forms.ts'
import { makeRecord, vehicles } from './support/pushing.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins, crm } = openRules()

twins(
  { DYNAMICS: 'D-BCK-05', SALESFORCE: 'S-BCK-05' },
  'an input is on the form of making a record and on that of tagging one',
  async (it) => {
    await it.settings({ backendFields: [inputOf(it)] })
    const { employees } = it.names.accountField
    expect(fieldOn(await formOf(it, accountOf(it)), employees)).toMatchObject({
      group: 'BACKEND',
      label: 'How many people',
    })
    expect(await tagFieldsOf(it, await makeRecord(it))).toMatchObject([{ name: employees, label: 'How many people' }])
  },
)

twins(
  { DYNAMICS: 'D-BCK-06', SALESFORCE: 'S-BCK-06' },
  "the name is the CRM's own to the letter; another one is refused with the nearest right one",
  async (it) => {
    const { name } = industries[it.provider]
    for (const wrong of [`${name}x`, name.toUpperCase()]) {
      const refused = await addBackendField(it, constantOf(it, { name: wrong }))
      expect(faultsOf(refused)).toEqual(['field.name'])
      expect(refused.fields?.[0]?.message).toContain(name)
    }
    expect(await addBackendField(it, constantOf(it))).toMatchObject({ __typename: 'SettingsSuccess' })
  },
)

twins(
  { DYNAMICS: 'D-BCK-07', SALESFORCE: 'S-BCK-07' },
  'the entity types are the three defaults and the added ones; the activity is one of Salesforce alone',
  async (it) => {
    const { entity, name } = vehicles[it.provider]
    const { entityTypes } = await it.document()
    const added = { name: entity, displayName: 'Vehicle', primaryField: name, primaryFieldLabel: 'Name' }
    await it.settings({ entityTypes: [...(entityTypes as object[]), added] })
    const texts = { DYNAMICS: 'description', SALESFORCE: 'Description' }
    const plate = { DYNAMICS: 'new_licenseplate', SALESFORCE: 'Plate__c' }
    const { account, contact, lead } = it.names
    for (const entityType of [account.entity, contact.entity, lead.entity, entity]) {
      const field = (entityType === entity ? plate : texts)[it.provider]
      const saved = await addBackendField(it, {
        entityType,
        name: field,
        variableType: 'CONSTANT',
        fieldType: 'TEXT',
        value: 'x',
      })
      expect(saved).toMatchObject({ __typename: 'SettingsSuccess' })
    }
    const forged = { ...constantOf(it), entityType: undefined, entityTypeId: 'Zm9yZ2Vk' }
    expect((await addBackendField(it, forged)).__typename).not.toBe('SettingsSuccess')
    const subject = {
      target: 'ACTIVITY',
      name: 'Subject',
      variableType: 'CONSTANT',
      fieldType: 'OPTION_SET',
      value: 'Call',
    }
    expect((await addBackendField(it, subject)).__typename).toBe(
      it.provider === 'SALESFORCE' ? 'SettingsSuccess' : 'ValidationError',
    )
  },
)

twins(
  { DYNAMICS: 'D-BCK-08', SALESFORCE: 'S-BCK-08' },
  'it is a constant or an input; a chat variable is refused',
  async (it) => {
    const refused = await addBackendField(it, { ...constantOf(it), variableType: 'CHAT_VARIABLE', value: undefined })
    expect(faultsOf(refused)).toContain('field.variableType')
    expect(await addBackendField(it, constantOf(it))).toMatchObject({ __typename: 'SettingsSuccess' })
    expect(await addBackendField(it, inputOf(it))).toMatchObject({ __typename: 'SettingsSuccess' })
  },
)

/** A field of the account for each type that the vendor has, and a value of it. */
const typed = {
  DYNAMICS: [
    { fieldType: 'CURRENCY', name: 'revenue', value: '10' },
    { fieldType: 'DATE', name: 'new_customersince', value: '2026-01-31' },
    { fieldType: 'LOOKUP', name: 'primarycontactid', relatedEntity: 'contact' },
    { fieldType: 'OPTION_SET', name: 'customertypecode', value: '3' },
    { fieldType: 'STATUS_REASON', name: 'statuscode', value: '1' },
    { fieldType: 'TEXT', name: 'description', value: 'x' },
    { fieldType: 'TWO_OPTIONS', name: 'donotphone', value: 'true' },
    { fieldType: 'WHOLE_NUMBER', name: 'numberofemployees', value: '7' },
  ],
  SALESFORCE: [
    { fieldType: 'TWO_OPTIONS', name: 'Key_Customer__c', value: 'true' },
    { fieldType: 'CURRENCY', name: 'AnnualRevenue', value: '10' },
    { fieldType: 'TEXT', name: 'Site', value: 'x' },
    { fieldType: 'DATE', name: 'Customer_Since__c', value: '2026-01-31' },
    { fieldType: 'LOOKUP', name: 'Main_Contact__c', relatedEntity: 'Contact' },
    { fieldType: 'OPTION_SET', name: 'Rating', value: 'Hot' },
    { fieldType: 'MULTI_OPTION_SET', name: 'Regions__c', values: ['North'] },
  ],
} as const

const saved = { __typename: 'SettingsSuccess' }

/** The contact that constants point to. */
async function pointerOf(it: RuleCrm) {
  const { entity, remoteId } = await makeRecord(it, 'CONTACT')
  return { entityName: entity, remoteId }
}

twins(
  { DYNAMICS: 'D-BCK-11', SALESFORCE: 'S-BCK-11' },
  "the field types are the vendor's own: each of them is taken, any other refused",
  async (it) => {
    const { providers } = await it.running.execute('{ providers { provider fieldTypes { type } } }')
    const offered = providers
      .find(({ provider }: { provider: string }) => provider === it.provider)
      .fieldTypes.map(({ type }: { type: string }) => type)
    expect([...offered].sort()).toEqual(typed[it.provider].map(({ fieldType }) => fieldType).sort())
    const other = it.provider === 'DYNAMICS' ? 'MULTI_OPTION_SET' : 'STATUS_REASON'
    for (const fieldType of [other, 'EMAIL', 'OTHER']) {
      expect(faultsOf(await addBackendField(it, constantOf(it, { fieldType })))).toContain('field.fieldType')
    }
  },
)

twins(
  { DYNAMICS: 'D-BCK-14', SALESFORCE: 'S-BCK-14' },
  'a constant of each type but look-up has a value, and needs it',
  async (it) => {
    for (const { fieldType, name, ...value } of typed[it.provider]) {
      if ('relatedEntity' in value) continue
      const constant = { entityType: accountOf(it), name, variableType: 'CONSTANT', fieldType }
      expect(faultsOf(await addBackendField(it, constant))[0]).toMatch(/^field\.values?$/)
      expect(await addBackendField(it, { ...constant, ...value })).toMatchObject(saved)
    }
  },
)

twins(
  { DYNAMICS: 'D-BCK-15', SALESFORCE: 'S-BCK-15' },
  'a constant look-up has an entity and a record of it, and no value',
  async (it) => {
    const lookup = typed[it.provider].find(({ fieldType }) => fieldType === 'LOOKUP')
    const constant = { entityType: accountOf(it), name: lookup?.name, variableType: 'CONSTANT', fieldType: 'LOOKUP' }
    expect(faultsOf(await addBackendField(it, constant))).toEqual(['field.lookupValue'])
    expect(faultsOf(await addBackendField(it, { ...constant, value: 'x' }))).toContain('field.value')
    expect(await addBackendField(it, { ...constant, lookupValue: await pointerOf(it) })).toMatchObject(saved)
  },
)

twins(
  { DYNAMICS: 'D-BCK-24', SALESFORCE: 'S-BCK-23' },
  'an input has a label; a look-up of Dynamics has none and goes by the name that the CRM shows',
  async (it) => {
    for (const { fieldType, name, ...more } of typed[it.provider]) {
      const input = { entityType: accountOf(it), name, variableType: 'INPUT', fieldType }
      if (!('relatedEntity' in more)) {
        expect(faultsOf(await addBackendField(it, input))).toEqual(['field.label'])
        expect(await addBackendField(it, { ...input, label: `Label of ${name}` })).toMatchObject(saved)
        continue
      }
      const lookup = { relatedEntity: more.relatedEntity }
      const labelled = await addBackendField(it, { ...input, lookup, label: 'Whom' })
      if (it.provider === 'SALESFORCE') expect(labelled).toMatchObject(saved)
      else {
        expect(faultsOf(labelled)).toEqual(['field.label'])
        expect(await addBackendField(it, { ...input, lookup })).toMatchObject(saved)
        const [shown] = (await tagFieldsOf(it, await makeRecord(it))).filter((field) => field.name === name)
        expect(shown?.label).toBe('Primary Contact')
      }
    }
  },
)

twins(
  { DYNAMICS: 'D-BCK-25', SALESFORCE: 'S-BCK-24' },
  'an input look-up names its entity; the rest of it is optional',
  async (it) => {
    const lookup = typed[it.provider].find(({ fieldType }) => fieldType === 'LOOKUP')
    const related = lookup && 'relatedEntity' in lookup ? lookup.relatedEntity : ''
    const label = it.provider === 'SALESFORCE' ? { label: 'Whom' } : {}
    const input = {
      entityType: accountOf(it),
      name: lookup?.name,
      variableType: 'INPUT',
      fieldType: 'LOOKUP',
      ...label,
    }
    expect(faultsOf(await addBackendField(it, input))).toEqual(['field.lookup.relatedEntity'])
    expect(await addBackendField(it, { ...input, lookup: { relatedEntity: related } })).toMatchObject(saved)
    const [shown] = await tagFieldsOf(it, await makeRecord(it))
    expect(shown).toMatchObject({ type: 'LOOKUP', lookup: { relatedEntity: related } })
  },
)

twins(
  { DYNAMICS: 'D-BCK-26', SALESFORCE: 'S-BCK-25' },
  'an input look-up may say what is searched, what is shown and which records may be chosen; unknown fields are refused',
  async (it) => {
    const lookup = typed[it.provider].find(({ fieldType }) => fieldType === 'LOOKUP')
    const relatedEntity = lookup && 'relatedEntity' in lookup ? lookup.relatedEntity : ''
    const label = it.provider === 'SALESFORCE' ? { label: 'Whom' } : {}
    const input = {
      entityType: accountOf(it),
      name: lookup?.name,
      variableType: 'INPUT',
      fieldType: 'LOOKUP',
      ...label,
    }
    const { email, phone, last } = it.names.contact
    const spec = {
      relatedEntity,
      searchFields: [last, email],
      displayField: phone,
      filter: { field: last, value: 'Fox' },
    }
    const refused = await addBackendField(it, { ...input, lookup: { ...spec, displayField: 'nothing_like_it' } })
    expect(faultsOf(refused)).toEqual(['field.lookup.displayField'])
    expect(await addBackendField(it, { ...input, lookup: spec })).toMatchObject(saved)
    expect((await it.document())['backendFields']).toMatchObject([{ lookup: spec }])
  },
)

test('D-BCK-27 a backend field knows no required, no maximum length and no current date', async () => {
  const { __type: type } = await crm('DYNAMICS').running.execute(
    '{ __type(name: "BackendFieldInput") { inputFields { name } } }',
  )
  const names = type.inputFields.map(({ name }: { name: string }) => name)
  expect(names).toContain('label')
  for (const name of ['required', 'maxLength', 'useCurrentDate']) expect(names).not.toContain(name)
})

twins(
  { DYNAMICS: 'D-BCK-28', SALESFORCE: 'S-BCK-26' },
  'the inputs of contacts are asked when a contact is made or tagged, and when a lead is they are not',
  async (it) => {
    const { contact, lead } = it.names
    const inputs = { DYNAMICS: ['jobtitle', 'employeeid'], SALESFORCE: ['Title', 'Department'] }[it.provider]
    const input = { entityType: contact.entity, variableType: 'INPUT', fieldType: 'TEXT' }
    await it.settings({ backendFields: inputs.map((name) => ({ ...input, name, label: `Label of ${name}` })) })
    expect(namesOn(await formOf(it, contact.entity)).slice(-2)).toEqual(inputs)
    expect((await tagFieldsOf(it, await makeRecord(it, 'CONTACT'))).map(({ name }) => name)).toEqual(inputs)
    for (const name of inputs) expect(namesOn(await formOf(it, lead.entity))).not.toContain(name)
    expect(await tagFieldsOf(it, await makeRecord(it, 'LEAD'))).toEqual([])
  },
)

/** What the example of the guide shows, in its order. */
const example = {
  DYNAMICS: [
    { name: 'primarycontactid', fieldType: 'LOOKUP', lookup: { relatedEntity: 'contact' } },
    { name: 'industrycode', fieldType: 'OPTION_SET', label: 'Industry' },
    { name: 'revenue', fieldType: 'CURRENCY', label: 'Revenue' },
  ],
  SALESFORCE: [
    { name: 'AnnualRevenue', fieldType: 'CURRENCY', label: 'Annual Revenue' },
    { name: 'Site', fieldType: 'TEXT', label: 'Site' },
    { name: 'Industry', fieldType: 'OPTION_SET', label: 'Industry' },
  ],
}
const inputsOf = (it: RuleCrm) =>
  example[it.provider].map((field) => ({ entityType: accountOf(it), variableType: 'INPUT', ...field }))

async function bothForms(it: RuleCrm): Promise<string[]> {
  const onTag = (await tagFieldsOf(it, await makeRecord(it))).map(({ name }) => name)
  expect(namesOn(await formOf(it, accountOf(it))).slice(-onTag.length)).toEqual(onTag)
  return onTag
}

twins(
  { DYNAMICS: 'D-BCK-29', SALESFORCE: 'S-BCK-27' },
  "the inputs stand in the admin's order, and in the new one once it is changed",
  async (it) => {
    await it.settings({ backendFields: inputsOf(it) })
    const names = example[it.provider].map(({ name }) => name)
    expect(await bothForms(it)).toEqual(names)
    const { integration } = await it.running.execute(
      'query ($id: ID!) { integration(id: $id) { settings { backendFields { id } } } }',
      { id: it.org.id },
    )
    const ids = integration.settings.backendFields.map(({ id }: { id: string }) => id).reverse()
    expect(await reorder(it.running, 'BackendFields', it.org.id, await it.version(), ids)).toMatchObject(saved)
    expect(await bothForms(it)).toEqual([...names].reverse())
  },
)

twins(
  { DYNAMICS: 'D-BCK-30', SALESFORCE: 'S-BCK-28' },
  'a constant between the inputs changes nothing of their order, wherever it stands',
  async (it) => {
    const text = { DYNAMICS: 'description', SALESFORCE: 'Description' }[it.provider]
    const constant = { entityType: accountOf(it), name: text, variableType: 'CONSTANT', fieldType: 'TEXT', value: 'x' }
    const names = example[it.provider].map(({ name }) => name)
    for (let place = 0; place <= names.length; place++) {
      await it.settings({ backendFields: inputsOf(it).toSpliced(place, 0, constant as never) })
      expect(await bothForms(it)).toEqual(names)
    }
  },
)

twins(
  { DYNAMICS: 'D-BCK-31', SALESFORCE: 'S-BCK-29' },
  'the example of three inputs shows its labels in its order',
  async (it) => {
    await it.settings({ backendFields: inputsOf(it) })
    const labels = (await tagFieldsOf(it, await makeRecord(it))).map(({ label }) => label)
    expect(labels).toEqual(
      { DYNAMICS: ['Primary Contact', 'Industry', 'Revenue'], SALESFORCE: ['Annual Revenue', 'Site', 'Industry'] }[
        it.provider
      ],
    )
  },
)
