/** What a preview says of tagging, where it is not simply a new activity on a record that is set up. */
import { expect, test } from 'vitest'
import {
  accountOf,
  constantOf,
  employeesOf,
  industries,
  industryOf,
  inputOf,
} from '../rules/support/backend-settings.ts'
import { create, entityIdOf, held } from '../rules/support/forms.ts'
import { addOpportunity, opportunities } from '../rules/support/opportunities.ts'
import { converse, makeRecord, pushTo, settled, tagTo } from '../rules/support/pushing.ts'
import { openRules, type RuleCrm } from '../rules/support/rules.ts'
import { createRecord } from './creating.ts'
import { providers } from './searching.ts'

const rules = openRules()

const draft = { channel: 'SMS', visitor: { fullName: 'Ada Preview' }, messages: [] }

async function planPush({ running, org }: RuleCrm, recordId: string, input: object, backendValues: object[] = []) {
  const { preview } = await running.execute(
    `query ($input: PreviewInput!, $ids: [ID!]!, $backendValues: [FieldValueInput!]) {
      preview(input: $input) {
        planPush(recordIds: $ids, backendValues: $backendValues) {
          ... on Plan {
            steps { kind target { name } values { name value origin { kind settingId text } } }
            notes { code text }
          }
          ... on Error { message }
        }
      }
    }`,
    { input: { integrationId: org.id, ...input }, ids: [recordId], backendValues },
  )
  return preview.planPush
}

test.each(providers)(
  '%s: a record that only the tried settings show can be tagged in the preview too',
  async (provider) => {
    const crm = rules.crm(provider)
    await crm.settings({})
    const { org } = await addOpportunity(crm)
    const values = [{ name: opportunities[provider].primaryField, value: 'Previewed deal' }]
    const { record } = await createRecord(crm.running, org, 'CUSTOM', { values })
    const settings = await crm.document()
    await crm.settings({})
    const plan = await planPush(crm, record?.id ?? '', { settings, conversation: draft })
    expect(plan).toMatchObject({ steps: [{ kind: 'CREATE_ACTIVITY', target: { name: 'Previewed deal' } }] })
  },
)

test.each(providers)(
  '%s: a record that is tagged already gets no second activity, and its fields once more',
  async (provider) => {
    const crm = rules.crm(provider)
    const { entity, phone } = crm.names.contact
    const constant = {
      entityType: entity,
      name: phone,
      variableType: 'CONSTANT',
      fieldType: 'TEXT',
      value: '+1 512 555 0100',
    }
    await crm.settings({ backendFields: [{ ...constant, overwrite: true }] })
    const record = await makeRecord(crm, 'CONTACT')
    const conversation = await converse(crm, 'SMS')
    await tagTo(crm, conversation, [record])
    await settled(crm, conversation)
    const plan = await planPush(crm, record.id, { conversationId: conversation.id })
    expect(plan.steps).toMatchObject([{ kind: 'UPDATE_RECORD', values: [{ name: phone, value: '+1 512 555 0100' }] }])
    expect(plan.notes).toMatchObject([{ code: 'TAGGED_ALREADY' }])

    await crm.settings({})
    const idle = await planPush(crm, record.id, { conversationId: conversation.id })
    expect(idle.steps).toMatchObject([{ kind: 'SKIP' }])
  },
)

test.each(providers)(
  '%s: what making a record from a conversation writes is what the preview planned',
  async (provider) => {
    const crm = rules.crm(provider)
    const { entity, last, phone } = crm.names.contact
    const field = {
      entityType: entity,
      name: phone,
      variableType: 'INPUT',
      fieldType: 'TEXT',
      label: 'Phone',
      overwrite: true,
    }
    const closing = { chatsSaveTo: 'TASK', activityTypeName: 'Task', allowActivityClosing: true }
    const phoneHidden = (await crm.document()) as { defaultFields: { entityType: string; name: string }[] }
    await crm.settings({
      backendFields: [field],
      defaultFields: phoneHidden.defaultFields.map((it) =>
        it.entityType === entity && it.name === phone ? { ...it, showOnForm: false } : it,
      ),
      ...(provider === 'DYNAMICS' && closing),
    })
    const conversation = await converse(crm, 'CHAT')
    const values = [{ name: last, value: 'Planned' }]
    const backendValues = [{ name: phone, value: '+1 512 555 0177' }]
    const record = { integrationId: crm.org.id, entityTypeId: await entityIdOf(crm, entity), values, backendValues }
    const { preview } = await crm.running.execute(
      `query ($input: PreviewInput!, $record: CreateRecordInput!) {
      preview(input: $input) {
        planRecord(input: $record) {
          ... on Plan { steps { kind subject target { name } values { name value origin { kind } } } }
          ... on ValidationError { fields { path message } }
        }
      }
    }`,
      { input: { integrationId: crm.org.id, conversationId: conversation.id }, record },
    )
    const kinds = [
      'CREATE_RECORD',
      'CREATE_ACTIVITY',
      ...(provider === 'DYNAMICS' ? ['CLOSE_ACTIVITY'] : []),
      'UPDATE_RECORD',
    ]
    expect(preview.planRecord.steps.map(({ kind }: { kind: string }) => kind)).toEqual(kinds)

    const made = await create(crm, entity, { values, backendValues, conversationId: conversation.id })
    const [push] = await settled(crm, conversation)
    expect(push).toMatchObject({ status: 'DELIVERED', subject: preview.planRecord.steps[1].subject })
    expect(push?.activities.map(({ closed }) => closed)).toEqual([provider === 'DYNAMICS'])
    expect(await held(crm, entity, made)).toMatchObject({ [last]: 'Planned', [phone]: '+1 512 555 0177' })
  },
)

test.each(providers)(
  '%s: a value that the record keeps is told from one that fills it, before the push and after it',
  async (provider) => {
    const crm = rules.crm(provider)
    const { name, one, other } = industries[provider]
    const { employees } = crm.names.accountField
    await crm.settings({ backendFields: [constantOf(crm, { value: one.value })] })
    const record = await makeRecord(crm)
    const keep = { overwrite: false }
    await crm.settings({ backendFields: [constantOf(crm, { ...keep, value: other.value }), inputOf(crm, keep)] })
    const backendValues = [{ name: employees, value: '90' }]
    const before = await planPush(crm, record.id, { conversation: draft }, backendValues)
    expect(before.steps[1]).toMatchObject({
      kind: 'UPDATE_RECORD',
      values: [
        {
          ...{ name, value: one.value },
          origin: {
            kind: 'KEPT',
            settingId: expect.any(String),
            text: expect.stringMatching(/^Industry holds (?!a value)\w+.* already and is kept$/),
          },
        },
        { name: employees, value: '90', origin: { kind: 'BACKEND_INPUT' } },
      ],
    })

    const push = await pushTo(crm, await converse(crm, 'SMS'), record, { backendValues })
    expect([await industryOf(crm, record), await employeesOf(crm, record)]).toEqual([one.held, 90])
    const rule = `${provider[0]}-BCK-13`
    expect(push.why.filter((it) => it.rule === rule)).toMatchObject([
      { text: 'Industry held a value already and was kept. Constant of the backend field Industry.' },
      { text: expect.stringMatching(/ was empty and filled\. Given for the backend field How many people\.$/) },
    ])

    const after = await planPush(crm, record.id, { conversation: draft }, backendValues)
    expect(after.steps[1]).toMatchObject({
      kind: 'UPDATE_RECORD',
      values: [
        { value: one.value, origin: { kind: 'KEPT' } },
        { value: '90', origin: { kind: 'KEPT' } },
      ],
    })
  },
)

test.each(providers)('%s: a new record keeps what it is made with, and the preview says so', async (provider) => {
  const crm = rules.crm(provider)
  const { name, one, other } = industries[provider]
  const { entity, name: nameField } = crm.names.account
  const exportField = { entityType: entity, name, variableType: 'CONSTANT', fieldType: 'OPTION_SET', value: one.value }
  await crm.settings({
    exportFields: [exportField],
    backendFields: [constantOf(crm, { overwrite: false, value: other.value })],
  })
  const values = [{ name: nameField, value: `Kept ${provider}` }]
  const entityTypeId = await entityIdOf(crm, accountOf(crm))
  const conversation = await converse(crm, 'SMS')
  const { preview } = await crm.running.execute(
    `query ($input: PreviewInput!, $record: CreateRecordInput!) {
      preview(input: $input) {
        planRecord(input: $record) {
          ... on Plan { steps { kind values { name value origin { kind } } } }
          ... on Error { message }
        }
      }
    }`,
    {
      input: { integrationId: crm.org.id, conversationId: conversation.id },
      record: { integrationId: crm.org.id, entityTypeId, values },
    },
  )
  const [made, , updated] = preview.planRecord.steps
  expect(made.values).toContainEqual({ name, value: one.value, origin: { kind: 'CONSTANT' } })
  expect(updated).toEqual({
    kind: 'UPDATE_RECORD',
    values: [{ name, value: one.value, origin: { kind: 'KEPT' } }],
  })

  const created = await create(crm, entity, { values, conversationId: conversation.id, allowDuplicate: true })
  await settled(crm, conversation)
  expect(await held(crm, entity, created)).toMatchObject({ [name]: one.held })
})

// Last, since the org stays without it.
test.each(providers)(
  '%s: a field that is not there to be read any more is left out, and the rest is planned',
  async (provider) => {
    const crm = rules.crm(provider)
    const entity = accountOf(crm)
    const keep = { overwrite: false }
    await crm.settings({ backendFields: [constantOf(crm, keep), inputOf(crm, keep)] })
    const record = await makeRecord(crm)
    await crm.control.changeMetadata({ entity, field: industries[provider].name, hide: true })
    const { employees } = crm.names.accountField
    const plan = await planPush(crm, record.id, { conversation: draft }, [{ name: employees, value: '90' }])
    expect(plan.steps).toMatchObject([
      { kind: 'CREATE_ACTIVITY' },
      { kind: 'UPDATE_RECORD', values: [{ name: employees, value: '90', origin: { kind: 'BACKEND_INPUT' } }] },
    ])
    expect(plan.notes).toContainEqual({
      code: expect.any(String),
      text: expect.stringContaining(industries[provider].name),
    })
  },
)
