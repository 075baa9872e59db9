import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { openRules } from '../rules/support/rules.ts'
import { valuesOf } from './creating.ts'
import { entityTypeOf } from './searching.ts'

const rules = openRules({ people: 60 })

const draft = {
  channel: 'CHAT',
  visitor: { phone: '+1 512 555 0143', fullName: 'Ada Preview' },
  messages: [{ externalId: 'm1', author: 'VISITOR', text: 'Tried out only', sentAt: '2026-05-01T10:00:00Z' }],
}

const preview = (selection: string, input: object, variables: Record<string, unknown> = {}, types = '') =>
  rules
    .running()
    .execute(`query ($input: PreviewInput!${types}) { preview(input: $input) { ${selection} } }`, {
      input,
      ...variables,
    })
    .then((data) => data.preview)

/** Everything that the database and the CRMs hold. */
async function held() {
  const { database, crm } = rules.running()
  const tables = [
    'conversation',
    'message',
    'tag',
    'push',
    'settingsChange',
    'exportField',
    'recordIntent',
    'event',
  ] as const
  const counts = await Promise.all(
    // biome-ignore lint/suspicious/noExplicitAny: each delegate has a type of its own.
    tables.map((table) => (database[table] as any).count()),
  )
  const rows = await Promise.all([
    crm.dynamics.records('contact'),
    crm.dynamics.records('annotation'),
    crm.dynamics.records('task'),
    crm.salesforce.records('Contact'),
    crm.salesforce.records('Task'),
  ])
  return { counts, rows: rows.map((it) => it.length) }
}

describe.each(['DYNAMICS', 'SALESFORCE'] as const)('a preview of %s', (provider) => {
  let before: Awaited<ReturnType<typeof held>>
  beforeAll(async () => {
    before = await held()
  })
  afterAll(async () => expect(await held()).toEqual(before))

  const found = async () => {
    const { org } = rules.crm(provider)
    const { searchRecords } = await preview(
      'searchRecords(input: { phone: "+15125550143" }) { ... on SearchRecordsSuccess { hits { record { id name } } } }',
      { integrationId: org.id },
    )
    return searchRecords.hits as { record: { id: string; name: string } }[]
  }

  test('shows the panel as settings would make it that are not saved', async () => {
    const { org, document } = rules.crm(provider)
    const settings = await document()
    const hidden = (settings['entityTypes'] as { name: string }[]).map((it) =>
      it.name.toLowerCase() === 'lead' ? { ...it, creatable: false } : it,
    )
    const { panel } = await preview(
      'panel { integrations { searchForm { phone fullName } tabs { label saveLabel } } }',
      {
        integrationId: org.id,
        settings: { ...settings, entityTypes: hidden },
        conversation: draft,
      },
    )
    expect(panel.integrations).toEqual([
      {
        searchForm: { phone: '+1 512 555 0143', fullName: 'Ada Preview' },
        tabs: [
          { label: 'Account', saveLabel: 'Save Account' },
          { label: 'Contact', saveLabel: 'Save Contact' },
          { label: 'Lead', saveLabel: null },
        ],
      },
    ])
  })

  test('plans a push with subject, text and record as the worker would', async () => {
    const { org } = rules.crm(provider)
    const [hit] = await found()
    const { planPush } = await preview(
      'planPush(recordIds: $ids) { ... on Plan { steps { kind entityName subject body target { name } } notes { code } } ... on Error { message } }',
      { integrationId: org.id, conversation: draft },
      { ids: [hit?.record.id] },
      ', $ids: [ID!]!',
    )
    expect(planPush.steps).toHaveLength(1)
    expect(planPush.steps[0]).toMatchObject({
      kind: 'CREATE_ACTIVITY',
      subject: expect.stringMatching(/^Alive Chat with Ada Preview/),
      body: expect.stringContaining('Tried out only'),
      target: { name: hit?.record.name },
    })
  })

  test('plans a record with the origin of every value, and the push of the conversation to it', async () => {
    const { org } = rules.crm(provider)
    const { planRecord } = await preview(
      `planRecord(input: $record) {
        ... on Plan { steps { kind body target { name } values { name value origin { kind } } } }
        ... on ValidationError { fields { path message } }
      }`,
      { integrationId: org.id, conversation: draft },
      {
        record: {
          integrationId: org.id,
          entityTypeId: entityTypeOf(org, 'CONTACT'),
          values: valuesOf(provider, { last: 'Previewed' }),
        },
      },
      ', $record: CreateRecordInput!',
    )
    expect(planRecord.steps).toMatchObject([
      { kind: 'CREATE_RECORD', values: [{ value: 'Previewed', origin: { kind: 'DEFAULT' } }] },
      { kind: 'CREATE_ACTIVITY', body: expect.stringContaining('Tried out only'), target: null, values: [] },
    ])
  })

  test('pre-fills the form of an entity type', async () => {
    const { org } = rules.crm(provider)
    const { recordForm } = await preview(
      'recordForm(entityTypeId: $id) { ... on RecordForm { submitLabel fields { label defaultValue } } }',
      { integrationId: org.id, conversation: draft },
      { id: entityTypeOf(org, 'CONTACT') },
      ', $id: ID!',
    )
    expect(recordForm.submitLabel).toBe('Save Contact')
    expect(recordForm.fields).toContainEqual({ label: 'Last Name', defaultValue: 'Preview' })
  })

  test('names an entity type that is not saved, by the same id each time', async () => {
    const { org, document } = rules.crm(provider)
    const settings = await document()
    const name = provider === 'DYNAMICS' ? 'opportunity' : 'Opportunity'
    const primaryField = provider === 'DYNAMICS' ? 'name' : 'Name'
    const added = {
      name,
      displayName: 'Deal',
      primaryField,
      primaryFieldLabel: 'Topic',
      searchable: true,
      creatable: true,
    }
    const input = {
      integrationId: org.id,
      settings: { ...settings, entityTypes: [...(settings['entityTypes'] as object[]), added] },
    }
    const { panel } = await preview('panel { integrations { tabs { label entityType { id } } } }', input)
    const tab = panel.integrations[0].tabs.at(-1)
    expect(tab.label).toBe('Deal')
    const { recordForm } = await preview(
      'recordForm(entityTypeId: $id) { ... on RecordForm { submitLabel } ... on Error { message } }',
      input,
      { id: tab.entityType.id },
      ', $id: ID!',
    )
    expect(recordForm).toEqual({ submitLabel: 'Save Deal' })
  })

  test('says whom a visitor may be, as settings have them looked for that are not saved', async () => {
    const { org, document, names } = rules.crm(provider)
    const ids = (await found()).map(({ record }) => record.id)
    const settings = await document()
    const { entity, phone } = names.contact
    const autoSmsPush = { enabled: true, entityType: entity, field: phone, identifier: 'PHONE' }
    const tried = { ...settings, autoSmsPush, fetchCrmData: true }
    const matchOf = async (input: object) => {
      const selection = 'match { kind identifier hits { record { id } } actions }'
      return (await preview(selection, { integrationId: org.id, ...input })).match
    }
    const text = { ...draft, channel: 'SMS' }
    const match = await matchOf({ settings: tried, conversation: text })
    expect(match).toMatchObject({ kind: 'ONE', identifier: 'PHONE', actions: ['TAG', 'SEARCH_ANOTHER'] })
    expect(ids).toContain(match.hits[0].record.id)
    const unknown = { ...text, visitor: { phone: '+1 512 555 9999' } }
    expect(await matchOf({ settings: tried, conversation: unknown })).toMatchObject({
      kind: 'NONE',
      hits: [],
    })
    expect(await matchOf({ settings: tried })).toBeNull()

    const asked = { integrationId: org.id, settings: tried, conversation: text }
    const { match: known, why } = await preview('match { kind } why { rule text settingId }', asked)
    expect(known).toEqual({ kind: 'ONE' })
    const rule = `${provider[0]}-SMS-02`
    expect(why.at(-1)).toMatchObject({ rule, text: expect.stringContaining('is the first that was found') })
    const off = await preview('why { text }', { integrationId: org.id, settings, conversation: draft })
    expect(off.why).toEqual([{ text: expect.stringMatching(/: Allow Auto Chat Push is off\.$/) }])
    expect(await preview('why { text }', { integrationId: org.id })).toEqual({ why: [] })
  })

  test('says when a conversation is written, and what becomes of what is said later', async () => {
    const { org, document } = rules.crm(provider)
    const [hit] = await found()
    const notesOf = async (channel: string, changes: object = {}) => {
      const { planPush } = await preview(
        'planPush(recordIds: $ids) { ... on Plan { notes { code text } } ... on Error { message } }',
        {
          integrationId: org.id,
          settings: { ...(await document()), ...changes },
          conversation: { ...draft, channel },
        },
        { ids: [hit?.record.id] },
        ', $ids: [ID!]!',
      )
      return planPush.notes
    }
    const later = (text: string) => [{ code: 'LATER_MESSAGES', text: expect.stringContaining(text) }]
    expect(await notesOf('SMS')).toEqual(later('are added to this activity'))
    // A chat that is tried out has ended.
    expect(await notesOf('CHAT')).toEqual([])
    if (provider === 'SALESFORCE') return
    expect(await notesOf('SMS', { allowNewCreation: true })).toEqual(later('every later message makes a new activity'))
    const closing = { allowActivityClosing: true, chatsSaveTo: 'TASK', activityTypeName: 'Task' }
    expect(await notesOf('SMS', closing)).toEqual(later('which stays open'))
  })

  test('offers the records of a look-up that is not saved', async () => {
    const { org, document, names } = rules.crm(provider)
    const settings = await document()
    const lookup = { relatedEntity: names.account.entity, searchFields: [], displayField: null, filter: null }
    const name = provider === 'DYNAMICS' ? 'parentcustomerid' : 'AccountId'
    const exportFields = [
      {
        ...{ entityType: names.contact.entity, name, variableType: 'INPUT', fieldType: 'LOOKUP' },
        ...{ label: 'Company', lookup },
      },
    ]
    const input = { integrationId: org.id, settings: { ...settings, exportFields } }
    const { recordForm } = await preview(
      'recordForm(entityTypeId: $id) { ... on RecordForm { fields { id label } } }',
      input,
      { id: entityTypeOf(org, 'CONTACT') },
      ', $id: ID!',
    )
    const field = recordForm.fields.find(({ label }: { label: string }) => label === 'Company')
    const lookUp = (tried: object) =>
      preview(
        `lookupRecords(fieldId: $id, term: "analytical") {
          __typename ... on LookupRecordsSuccess { options { name value } }
        }`,
        tried,
        { id: field.id },
        ', $id: ID!',
      )
    const { lookupRecords } = await lookUp(input)
    expect(lookupRecords.options).toContainEqual({ name: 'Analytical Engines', value: expect.any(String) })
    expect(await lookUp({ integrationId: org.id })).toEqual({ lookupRecords: { __typename: 'ValidationError' } })
  })

  test('asks on the form of tagging for backend fields that are not saved', async () => {
    const { org, document, names } = rules.crm(provider)
    const [hit] = await found()
    const { phone } = names.contact
    const backendFields = [names.account, names.contact, names.lead].map(({ entity }) => ({
      ...{ entityType: entity, name: phone, variableType: 'INPUT', fieldType: 'TEXT' },
      ...{ label: 'Tried phone', overwrite: true },
    }))
    const selection =
      'tagForm(recordIds: $ids) { ... on TagForm { sections { fields { name label } } } ... on Error { message } }'
    const tagForm = (settings: object) =>
      preview(selection, { integrationId: org.id, settings }, { ids: [hit?.record.id] }, ', $ids: [ID!]!')
    const settings = await document()
    const tried = await tagForm({ ...settings, backendFields })
    expect(tried.tagForm.sections).toEqual([{ fields: [{ name: phone, label: 'Tried phone' }] }])
    const saved = await tagForm(settings)
    expect(saved.tagForm.sections.flatMap((it: { fields: object[] }) => it.fields)).toEqual([])
  })

  test('is of one integration: another one is neither searched nor written to', async () => {
    const { org } = rules.crm(provider)
    const other = rules.crm(provider === 'DYNAMICS' ? 'SALESFORCE' : 'DYNAMICS').org
    const { searchRecords } = await preview(
      'searchRecords(input: $search) { __typename }',
      { integrationId: org.id },
      { search: { term: 'x', integrationIds: [other.id] } },
      ', $search: SearchRecordsInput!',
    )
    expect(searchRecords).toEqual({ __typename: 'NotFoundError' })
    const entityTypeId = entityTypeOf(org, 'CONTACT')
    const { planRecord } = await preview(
      'planRecord(input: $record) { __typename ... on ValidationError { fields { path } } }',
      { integrationId: org.id },
      { record: { integrationId: other.id, entityTypeId, values: valuesOf(provider, { last: 'Elsewhere' }) } },
      ', $record: CreateRecordInput!',
    )
    expect(planRecord).toEqual({ __typename: 'ValidationError', fields: [{ path: ['input', 'integrationId'] }] })
  })

  test('says what is wrong with a settings document, in the field that was asked for', async () => {
    const { org } = rules.crm(provider)
    const { searchRecords } = await preview(
      'searchRecords(input: { term: "x" }) { ... on ValidationError { fields { path message } } }',
      { integrationId: org.id, settings: { searchOrder: ['PHONE', 'FAX'] } },
    )
    expect(searchRecords.fields[0].path.slice(0, 2)).toEqual(['input', 'settings'])
  })

  test('is not for services and agents', async () => {
    const { org, running, agent } = rules.crm(provider)
    const query = 'query ($input: PreviewInput!) { preview(input: $input) { __typename } }'
    for (const bearer of [await running.key('SERVICE'), await agent()]) {
      await expect(running.execute(query, { input: { integrationId: org.id } }, bearer)).rejects.toThrow('FORBIDDEN')
    }
  })
})
