/** Backend fields that went stale, that are refused, and that an agent may not give as they are. */
import { randomUUID } from 'node:crypto'
import { afterEach, describe, expect, test } from 'vitest'
import { encodeId } from '../../packages/server/src/shared/global-id.ts'
import {
  accountOf,
  constantOf,
  employeesOf,
  industries,
  industryOf,
  inputOf,
  tagFieldsOf,
} from '../rules/support/backend-settings.ts'
import { writes } from '../rules/support/forms.ts'
import { converse, heldOf, makeRecord, pushTo, rowOf, tagTo, usualTable } from '../rules/support/pushing.ts'
import { openRules } from '../rules/support/rules.ts'

const rules = openRules()

describe.each(['DYNAMICS', 'SALESFORCE'] as const)('%s', (provider) => {
  const crm = () => rules.crm(provider)
  afterEach(() => crm().control.reset())

  test.each(['before it was known', 'after it was known'])(
    'a field that the org loses %s holds up only itself; the push names its setting',
    async (when) => {
      const it = crm()
      await it.settings({ backendFields: [constantOf(it), inputOf(it)] })
      const record = await makeRecord(it)
      const thread = await converse(it, 'SMS')
      // Known means: what the org has was asked a moment ago, and the next plan goes by that.
      if (when === 'after it was known') await tagFieldsOf(it, record)
      await it.control.changeMetadata({ entity: accountOf(it), field: industries[provider].name, hide: true })
      const backendValues = [{ name: it.names.accountField.employees, value: '11' }]
      const push = await pushTo(it, thread, record, { backendValues })
      expect(push).toMatchObject({
        status: 'DELIVERED',
        warnings: [
          {
            code: 'FIELD_MISSING',
            settingId: expect.any(String),
            text: expect.stringContaining(industries[provider].name),
          },
        ],
      })
      expect(await employeesOf(it, record)).toBe(11)
      expect(await heldOf(it, usualTable[provider], thread)).toHaveLength(1)
    },
  )

  test('a record that the CRM refuses to change leaves the transcript there', async () => {
    const it = crm()
    await it.settings({ backendFields: [inputOf(it)] })
    const record = await makeRecord(it)
    const thread = await converse(it, 'SMS')
    const refusal =
      provider === 'DYNAMICS'
        ? { error: { code: '0x80040265', message: 'A plug-in says no.' } }
        : [{ errorCode: 'FIELD_CUSTOM_VALIDATION_EXCEPTION', message: 'A rule says no.', fields: [] }]
    await it.control.addFault({ method: 'PATCH', path: record.remoteId, times: 9 }, { status: 400, body: refusal })
    const backendValues = [{ name: it.names.accountField.employees, value: '12' }]
    const push = await pushTo(it, thread, record, { backendValues })
    expect(push).toMatchObject({
      status: 'PARTIAL',
      error: { code: 'CRM_REJECTED', message: expect.stringContaining('says no.') },
    })
    expect(await heldOf(it, usualTable[provider], thread)).toHaveLength(1)
  })

  test('values for a constant, for another entity type, for no field at all and given twice are refused, and nothing is kept', async () => {
    const it = crm()
    const employees = it.names.accountField.employees
    await it.settings({ backendFields: [constantOf(it), inputOf(it)] })
    const contact = await makeRecord(it, 'CONTACT')
    const record = await makeRecord(it)
    const [field] = await tagFieldsOf(it, record)
    const thread = await converse(it, 'SMS')
    await it.control.clearCalls()
    const forged = [
      { records: [record], backendValues: [{ name: industries[provider].name, value: '1' }] },
      { records: [contact], backendValues: [{ fieldId: field?.id, value: '1' }] },
      {
        records: [record],
        backendValues: [{ fieldId: encodeId('FormField', `BackendField:${randomUUID()}`), value: '1' }],
      },
      { records: [record], backendValues: [{ fieldId: 'forged', value: '1' }] },
      {
        records: [record],
        backendValues: [
          { name: employees, value: '1' },
          { fieldId: field?.id, value: '2' },
        ],
      },
    ]
    for (const { records, backendValues } of forged) {
      expect(await tagTo(it, thread, records, { backendValues })).toMatchObject({ __typename: 'ValidationError' })
    }
    expect(await writes(it)).toEqual([])
    const { conversation } = await it.running.execute('query ($id: ID!) { conversation(id: $id) { tags { id } } }', {
      id: thread.id,
    })
    expect(conversation.tags).toEqual([])
    expect(await industryOf(it, record)).not.toBe('1')
  })

  test('an agent cannot give a look-up value that the filter of its field leaves out', async () => {
    const it = crm()
    const name = { DYNAMICS: 'primarycontactid', SALESFORCE: 'Main_Contact__c' }[provider]
    const { entity, last } = it.names.contact
    const label = provider === 'SALESFORCE' ? { label: 'Whom' } : {}
    await it.settings({
      backendFields: [
        {
          entityType: accountOf(it),
          name,
          variableType: 'INPUT',
          fieldType: 'LOOKUP',
          lookup: { relatedEntity: entity, filter: { field: last, value: 'Nobody is called so' } },
          overwrite: true,
          ...label,
        },
      ],
    })
    const record = await makeRecord(it)
    const contact = await makeRecord(it, 'CONTACT')
    const value = encodeId('LookupOption', `${entity}:${contact.remoteId}`)
    const thread = await converse(it, 'SMS')
    const agent = await it.agent()
    const { tagConversation } = await it.running.execute(
      `mutation ($id: ID!, $recordIds: [ID!]!, $backendValues: [FieldValueInput!]) {
        tagConversation(conversationId: $id, recordIds: $recordIds, backendValues: $backendValues) {
          __typename
          ... on ValidationError { fields { path } }
        }
      }`,
      { id: thread.id, recordIds: [record.id], backendValues: [{ name, value }] },
      agent,
    )
    expect(tagConversation).toEqual({ __typename: 'ValidationError', fields: [{ path: ['backendValues', '0', name] }] })
    const held = await rowOf(it, record)
    expect(held[name] ?? held[`_${name}_value`] ?? null).toBeNull()
  })
})
