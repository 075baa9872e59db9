import { expect } from 'vitest'
import { formOf } from '../gateway/creating.ts'
import { addField, change } from '../gateway/setting-up.ts'
import {
  type Channel,
  converse,
  heldOf,
  makeRecord,
  pushTo,
  rowOf,
  settled,
  type TestRecord,
  tagTo,
} from './support/pushing.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins } = openRules()

const salesforce = (row: string, outcome: string, run: (crm: RuleCrm) => Promise<void>) =>
  twins({ SALESFORCE: row }, outcome, run)

const on = { allowActivitySubjectChange: true }
const subject = { target: 'ACTIVITY', name: 'Subject', fieldType: 'OPTION_SET' }
const constant = { ...on, backendFields: [{ ...subject, variableType: 'CONSTANT', value: 'Call' }] }
const input = { ...on, backendFields: [{ ...subject, variableType: 'INPUT', label: 'Topic' }] }

const channels = { SMS: 'Alive SMS', CHAT: 'Alive Chat' } satisfies Record<Channel, string>

async function subjectOf(it: RuleCrm, conversation: Parameters<typeof heldOf>[2]): Promise<string | undefined> {
  const [activity, ...others] = await heldOf(it, 'Task', conversation)
  expect(others).toEqual([])
  return activity?.subject
}

async function tagFormOf(it: RuleCrm, record: TestRecord) {
  const { tagForm } = await it.running.execute(
    `query ($recordIds: [ID!]!) {
      tagForm(recordIds: $recordIds) {
        ... on TagForm { sections { fields { id name label type required options { value } } } }
      }
    }`,
    { recordIds: [record.id] },
  )
  return tagForm.sections.flatMap((section: { fields: object[] }) => section.fields)
}

salesforce('S-SUB-01', 'the subject that was chosen goes with a record made and with a record tagged', async (it) => {
  await it.settings(input)
  const made = await converse(it, 'SMS')
  const backendValues = [{ name: 'Subject', value: 'Email' }]
  await makeRecord(it, 'CONTACT', { conversationId: made.id, backendValues })
  await settled(it, made)
  const tagged = await converse(it, 'CHAT')
  await pushTo(it, tagged, await makeRecord(it), { backendValues: [{ name: 'Subject', value: 'Call' }] })
  expect([await subjectOf(it, made), await subjectOf(it, tagged)]).toEqual(['Email', 'Call'])
})

for (const [channel, prefix] of Object.entries(channels) as [Channel, string][]) {
  salesforce('S-SUB-02', `by default the subject of ${channel} begins with ${prefix}`, async (it) => {
    const conversation = await converse(it, channel)
    const push = await pushTo(it, conversation, await makeRecord(it))
    expect(await subjectOf(it, conversation)).toMatch(new RegExp(`^${prefix} with Dana Fox, \\d{4}-\\d\\d-\\d\\d$`))
    expect(push.subject).toBe(await subjectOf(it, conversation))
  })
}

salesforce(
  'S-SUB-03',
  'on without a subject field: saving says what is missing, a push falls back and warns',
  async (it) => {
    const saved = await change(it.running, 'updateSalesforceSettings', {
      integrationId: it.org.id,
      expectedVersion: await it.version(),
      ...on,
    })
    expect(saved).toMatchObject({
      __typename: 'SettingsSuccess',
      warnings: [expect.stringMatching(/Subject.*Picklist/)],
    })
    const conversation = await converse(it, 'SMS')
    const push = await pushTo(it, conversation, await makeRecord(it))
    expect(push).toMatchObject({
      status: 'DELIVERED',
      warnings: [{ code: 'DEFAULT_SUBJECT', settingId: expect.any(String) }],
    })
    expect(await subjectOf(it, conversation)).toMatch(/^Alive SMS/)
  },
)

for (const variableType of ['CONSTANT', 'INPUT'] as const) {
  salesforce('S-SUB-04', `the subject field may be of type ${variableType}; a second one is refused`, async (it) => {
    const value = variableType === 'CONSTANT' ? { value: 'Call' } : { label: 'Topic' }
    const field = { ...subject, variableType, ...value }
    expect(await addField(it.running, 'BackendField', it.org.id, await it.version(), field)).toMatchObject({
      __typename: 'SettingsSuccess',
    })
    const second = await addField(it.running, 'BackendField', it.org.id, await it.version(), field)
    expect(second.__typename).not.toBe('SettingsSuccess')
  })
}

salesforce('S-SUB-05', "a constant subject is one of the CRM's values, and the push uses it", async (it) => {
  const { integration } = await it.running.execute(
    `query ($id: ID!) { integration(id: $id) { metadata { entityType(name: "Task") {
      fields(search: "Subject", types: [OPTION_SET]) { name options { value } }
    } } } }`,
    { id: it.org.id },
  )
  const [field] = integration.metadata.entityType.fields
  expect(field.options.map(({ value }: { value: string }) => value)).toContain('Send Letter')
  await it.settings({ ...on, backendFields: [{ ...subject, variableType: 'CONSTANT', value: 'Send Letter' }] })
  const conversation = await converse(it, 'CHAT')
  await pushTo(it, conversation, await makeRecord(it))
  expect(await subjectOf(it, conversation)).toBe('Send Letter')
})

salesforce('S-SUB-06', 'an input subject is a picker on both forms, and the push uses the pick', async (it) => {
  await it.settings(input)
  const record = await makeRecord(it)
  const picker = {
    name: 'Subject',
    label: 'Topic',
    type: 'OPTION_SET',
    required: false,
  }
  const options = expect.arrayContaining([{ value: 'Call' }, { value: 'Other' }])
  const shown = await tagFormOf(it, record)
  expect(shown).toMatchObject([{ ...picker, options }])
  const { fields } = await formOf(it.running, it.org, 'ACCOUNT')
  expect(fields.at(-1)).toMatchObject({ ...picker, group: 'BACKEND', id: shown[0].id })

  const conversation = await converse(it, 'SMS')
  await pushTo(it, conversation, record, { backendValues: [{ fieldId: shown[0].id, value: 'Other' }] })
  expect(await subjectOf(it, conversation)).toBe('Other')
})

for (const channel of Object.keys(channels) as Channel[]) {
  salesforce('S-SUB-07', `a changed subject of ${channel} stands alone, without the prefix`, async (it) => {
    await it.settings(constant)
    const conversation = await converse(it, channel)
    const record = await makeRecord(it)
    const before = await rowOf(it, record)
    const push = await pushTo(it, conversation, record)
    expect(await subjectOf(it, conversation)).toBe('Call')
    expect(push.why.map(({ rule }) => rule)).toContain('S-SUB-05')
    // I-07: it goes into the activity, not into the record.
    expect(await rowOf(it, record)).toEqual(before)
  })
}

salesforce(
  'S-SUB-08',
  'off: the default subject stands, whatever the subject field says; it is on no form, and a value for it is refused',
  async (it) => {
    await it.settings({ ...constant, allowActivitySubjectChange: false })
    const conversation = await converse(it, 'SMS')
    const record = await makeRecord(it)
    const push = await pushTo(it, conversation, record)
    expect(await subjectOf(it, conversation)).toMatch(/^Alive SMS/)
    expect(push.warnings).toEqual([])

    await it.settings({ ...input, allowActivitySubjectChange: false })
    expect(await tagFormOf(it, record)).toEqual([])
    const other = await converse(it, 'SMS')
    const refused = await tagTo(it, other, [record], { backendValues: [{ name: 'Subject', value: 'Call' }] })
    expect(refused).toMatchObject({
      __typename: 'ValidationError',
      fields: [{ path: ['backendValues', '0', 'Subject'] }],
    })
    expect(await heldOf(it, 'Task', other)).toEqual([])
  },
)
