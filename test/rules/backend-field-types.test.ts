import { expect } from 'vitest'
import type { Provider } from '../gateway/searching.ts'
import { faultsOf } from '../gateway/setting-up.ts'
import { accountOf, addBackendField, type BackendSetting, tagFieldsOf } from './support/backend-settings.ts'
import { writes } from './support/forms.ts'
import { converse, makeRecord, pushTo, rowOf, tagTo } from './support/pushing.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins } = openRules()

interface Typed {
  rows: Partial<Record<Provider, string>>
  label: string
  /** By CRM: the account's field, a value as it is set and as the CRM holds it, and one that is not of the type. */
  fields: Partial<
    Record<Provider, { type: string; name: string; given: BackendSetting; held: unknown; wrong: BackendSetting }>
  >
}

const long = 'x'.repeat(500)
const types: Typed[] = [
  {
    rows: { DYNAMICS: 'D-BCK-16', SALESFORCE: 'S-BCK-17' },
    label: 'currency',
    fields: {
      DYNAMICS: {
        type: 'CURRENCY',
        name: 'revenue',
        given: { value: '1250.5' },
        held: 1250.5,
        wrong: { value: 'much' },
      },
      SALESFORCE: {
        type: 'CURRENCY',
        name: 'AnnualRevenue',
        given: { value: '1250' },
        held: 1250,
        wrong: { value: 'much' },
      },
    },
  },
  {
    rows: { DYNAMICS: 'D-BCK-17', SALESFORCE: 'S-BCK-19' },
    label: 'date',
    fields: {
      DYNAMICS: {
        type: 'DATE',
        name: 'new_customersince',
        given: { value: '2026-01-31' },
        held: '2026-01-31',
        wrong: { value: '2026-02-30' },
      },
      SALESFORCE: {
        type: 'DATE',
        name: 'Customer_Since__c',
        given: { value: '2026-01-31' },
        held: '2026-01-31',
        wrong: { value: '2026-02-30' },
      },
    },
  },
  {
    rows: { DYNAMICS: 'D-BCK-19', SALESFORCE: 'S-BCK-21' },
    label: 'option set',
    fields: {
      DYNAMICS: {
        type: 'OPTION_SET',
        name: 'customertypecode',
        given: { value: '3' },
        held: 3,
        wrong: { value: '4711' },
      },
      SALESFORCE: {
        type: 'OPTION_SET',
        name: 'CleanStatus',
        given: { value: 'Matched' },
        held: 'Matched',
        wrong: { value: 'Nowhere' },
      },
    },
  },
  {
    rows: { DYNAMICS: 'D-BCK-20' },
    label: 'status reason',
    fields: {
      DYNAMICS: {
        type: 'STATUS_REASON',
        name: 'statuscode',
        given: { value: '100000001' },
        held: 100000001,
        wrong: { value: '4711' },
      },
    },
  },
  {
    rows: { SALESFORCE: 'S-BCK-22' },
    label: 'picklist of several',
    fields: {
      SALESFORCE: {
        type: 'MULTI_OPTION_SET',
        name: 'Regions__c',
        given: { values: ['North', 'West'] },
        held: 'North;West',
        wrong: { values: ['Atlantis'] },
      },
    },
  },
  {
    rows: { DYNAMICS: 'D-BCK-21', SALESFORCE: 'S-BCK-18' },
    label: 'text',
    fields: {
      DYNAMICS: {
        type: 'TEXT',
        name: 'address1_city',
        given: { value: "L'Aquila" },
        held: "L'Aquila",
        wrong: { value: long },
      },
      SALESFORCE: {
        type: 'TEXT',
        name: 'Site',
        given: { value: "L'Aquila" },
        held: "L'Aquila",
        wrong: { value: long },
      },
    },
  },
  {
    rows: { DYNAMICS: 'D-BCK-22', SALESFORCE: 'S-BCK-16' },
    label: 'two options',
    fields: {
      DYNAMICS: {
        type: 'TWO_OPTIONS',
        name: 'donotphone',
        given: { value: 'true' },
        held: true,
        wrong: { value: 'perhaps' },
      },
      SALESFORCE: {
        type: 'TWO_OPTIONS',
        name: 'Key_Customer__c',
        given: { value: 'true' },
        held: true,
        wrong: { value: 'perhaps' },
      },
    },
  },
  {
    rows: { DYNAMICS: 'D-BCK-23' },
    label: 'whole number',
    fields: {
      DYNAMICS: {
        type: 'WHOLE_NUMBER',
        name: 'numberofemployees',
        given: { value: '42' },
        held: 42,
        wrong: { value: '4.2' },
      },
    },
  },
]

for (const { rows, label, fields } of types) {
  const fieldOf = (it: RuleCrm) => {
    const field = fields[it.provider]
    if (!field) throw new Error(`${it.provider} has no ${label}`)
    return field
  }

  twins(
    rows,
    `a constant ${label} reaches the CRM in its form; a wrong one is refused when it is saved`,
    async (it) => {
      const { type, name, given, held, wrong } = fieldOf(it)
      const record = await makeRecord(it)
      const constant = { entityType: accountOf(it), name, variableType: 'CONSTANT', fieldType: type, overwrite: true }
      const refused = await addBackendField(it, { ...constant, ...wrong })
      expect(faultsOf(refused)[0]).toMatch(/^field\.values?/)
      expect(await addBackendField(it, { ...constant, ...given })).toMatchObject({ __typename: 'SettingsSuccess' })
      expect((await rowOf(it, record))[name]).not.toEqual(held)
      const push = await pushTo(it, await converse(it, 'SMS'), record)
      expect(push).toMatchObject({ status: 'DELIVERED', warnings: [] })
      expect((await rowOf(it, record))[name]).toEqual(held)
    },
  )

  twins(
    rows,
    `an input ${label} reaches it too; a wrong one is a field error, and nothing is kept or sent`,
    async (it) => {
      const { type, name, given, held, wrong } = fieldOf(it)
      await it.settings({
        backendFields: [
          { entityType: accountOf(it), name, variableType: 'INPUT', fieldType: type, label: 'Given', overwrite: true },
        ],
      })
      const record = await makeRecord(it)
      const thread = await converse(it, 'SMS')
      await it.control.clearCalls()
      const refused = await tagTo(it, thread, [record], { backendValues: [{ name, ...wrong }] })
      expect(refused).toMatchObject({ __typename: 'ValidationError', fields: [{ path: ['backendValues', '0', name] }] })
      expect(await writes(it)).toEqual([])
      const { conversation } = await it.running.execute('query ($id: ID!) { conversation(id: $id) { tags { id } } }', {
        id: thread.id,
      })
      expect(conversation.tags).toEqual([])
      await pushTo(it, thread, record, { backendValues: [{ name, ...given }] })
      expect((await rowOf(it, record))[name]).toEqual(held)
    },
  )
}

twins({ DYNAMICS: 'D-BCK-17' }, 'a date with a time reaches the CRM as that moment', async (it) => {
  const name = 'lastonholdtime'
  const field = { entityType: accountOf(it), name, fieldType: 'DATE', overwrite: true }
  await it.settings({ backendFields: [{ ...field, variableType: 'CONSTANT', value: '2026-02-28T10:00:00+01:00' }] })
  const record = await makeRecord(it)
  await it.settings({ backendFields: [{ ...field, variableType: 'INPUT', label: 'On hold' }] })
  expect((await rowOf(it, record))[name]).toBe('2026-02-28T09:00:00Z')
  const thread = await converse(it, 'SMS')
  const refused = await tagTo(it, thread, [record], { backendValues: [{ name, value: '2026-02-28T10:00:00' }] })
  expect(refused).toMatchObject({ __typename: 'ValidationError', fields: [{ path: ['backendValues', '0', name] }] })
  await pushTo(it, thread, record, { backendValues: [{ name, value: '2026-03-01T10:00:00+01:00' }] })
  expect((await rowOf(it, record))[name]).toBe('2026-03-01T09:00:00Z')
})

// ------------------------------------------------------------------------------------------------ look-ups

const lookups = {
  DYNAMICS: { name: 'primarycontactid', heldAs: '_primarycontactid_value', relatedEntity: 'contact' },
  SALESFORCE: { name: 'Main_Contact__c', heldAs: 'Main_Contact__c', relatedEntity: 'Contact' },
}

twins(
  { DYNAMICS: 'D-BCK-18', SALESFORCE: 'S-BCK-20' },
  'a constant look-up points to its record in the CRM; an entity that it cannot point to is refused when it is saved',
  async (it) => {
    const { name, heldAs, relatedEntity } = lookups[it.provider]
    const contact = await makeRecord(it, 'CONTACT')
    const record = await makeRecord(it)
    const constant = { entityType: accountOf(it), name, variableType: 'CONSTANT', fieldType: 'LOOKUP', overwrite: true }
    const wrong = { entityName: it.names.lead.entity, remoteId: contact.remoteId }
    const refused = await addBackendField(it, { ...constant, lookupValue: wrong })
    expect(faultsOf(refused)[0]).toMatch(/^field\.lookupValue/)
    const lookupValue = { entityName: relatedEntity, remoteId: contact.remoteId }
    expect(await addBackendField(it, { ...constant, lookupValue })).toMatchObject({ __typename: 'SettingsSuccess' })
    await pushTo(it, await converse(it, 'SMS'), record)
    expect((await rowOf(it, record))[heldAs]).toBe(contact.remoteId)
  },
)

twins(
  { DYNAMICS: 'D-BCK-18', SALESFORCE: 'S-BCK-20' },
  'an input look-up takes what lookupRecords offered; anything else is a field error',
  async (it) => {
    const { name, heldAs, relatedEntity } = lookups[it.provider]
    const label = it.provider === 'SALESFORCE' ? { label: 'Whom to ask' } : {}
    await it.settings({
      backendFields: [
        {
          entityType: accountOf(it),
          name,
          variableType: 'INPUT',
          fieldType: 'LOOKUP',
          lookup: { relatedEntity },
          overwrite: true,
          ...label,
        },
      ],
    })
    const record = await makeRecord(it)
    const [field] = await tagFieldsOf(it, record)
    const { lookupRecords } = await it.running.execute(
      `query ($fieldId: ID!) {
        lookupRecords(fieldId: $fieldId, term: "Ada") {
          ... on LookupRecordsSuccess { options { value name } }
          ... on Error { message }
        }
      }`,
      { fieldId: field?.id },
      await it.agent(),
    )
    const [option] = lookupRecords.options
    const thread = await converse(it, 'SMS')
    for (const value of ['Ada', 'Zm9yZ2Vk', record.remoteId]) {
      const refused = await tagTo(it, thread, [record], { backendValues: [{ fieldId: field?.id, value }] })
      expect(refused.fields).toMatchObject([{ path: ['backendValues', '0', name] }])
    }
    await pushTo(it, thread, record, { backendValues: [{ fieldId: field?.id, value: option.value }] })
    const held = String((await rowOf(it, record))[heldAs])
    expect(Buffer.from(option.value, 'base64').toString()).toContain(held)
  },
)
