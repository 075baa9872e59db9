import { expect } from 'vitest'
import { startConversation } from '../gateway/conversing.ts'
import { createRecord, formOf } from '../gateway/creating.ts'
import { newWord } from './support/looking.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins } = openRules({ people: 5 })

interface Panel {
  integration: { id: string }
  label: string
  searchForm: { phone: string | null; email: string | null; fullName: string | null; fields: { label: string }[] }
  tabs: {
    entityType: { id: string; kind: string }
    label: string
    saveLabel: string | null
    columns: { label: string }[]
  }[]
}

/** What the panel has of one CRM; undefined where it has none. */
async function panelOf(crm: RuleCrm, conversationId?: string): Promise<Panel | undefined> {
  const { panel } = await crm.running.execute(
    `query ($conversationId: ID) { panel(conversationId: $conversationId) { integrations {
      integration { id } label
      searchForm { phone email fullName fields { label } }
      tabs { entityType { id kind } label saveLabel columns { label } }
    } } }`,
    { conversationId },
    await crm.agent(),
  )
  return panel.integrations.find((it: Panel) => it.integration.id === crm.org.id)
}

const visitor = { phone: '+1 512 555 0111', email: 'mary.ann@people.example', fullName: 'Mary Ann Stone' }

/** The defaults of the settings document with some of their members replaced, and an added entity type. */
async function entityTypes(crm: RuleCrm, kind: string, members: object, ...added: object[]): Promise<void> {
  const document = await crm.document()
  const name = crm.org.entityTypes.find((it) => it.kind === kind)?.name
  const rows = document['entityTypes'] as { name: string }[]
  await crm.settings({
    entityTypes: [...rows.map((row) => (row.name === name ? { ...row, ...members } : row)), ...added],
  })
}

const opportunity = {
  DYNAMICS: { name: 'opportunity', displayName: 'Deals', primaryField: 'name', primaryFieldLabel: 'Topic' },
  SALESFORCE: { name: 'Opportunity', displayName: 'Deals', primaryField: 'Name', primaryFieldLabel: 'Topic' },
}

twins(
  { DYNAMICS: 'D-POP-01', SALESFORCE: 'S-POP-01' },
  'the panel has a search form, and a create form for each entity type that may be created',
  async (crm) => {
    await entityTypes(crm, 'LEAD', { creatable: false })
    const panel = await panelOf(crm)
    expect(panel?.searchForm).toEqual({ phone: null, email: null, fullName: null, fields: [] })
    const creatable = panel?.tabs.filter(({ saveLabel }) => saveLabel !== null).map(({ entityType }) => entityType.kind)
    expect(creatable).toEqual(['ACCOUNT', 'CONTACT'])
    for (const kind of creatable ?? []) {
      expect((await formOf(crm.running, crm.org, kind)).fields.length, kind).toBeGreaterThan(0)
    }
  },
)

twins(
  { DYNAMICS: 'D-POP-02', SALESFORCE: 'S-POP-02' },
  "the search form holds the visitor's phone, e-mail address and full name",
  async (crm) => {
    const { id } = await startConversation(crm.running, 'CHAT', visitor)
    expect((await panelOf(crm, id))?.searchForm).toMatchObject(visitor)
    const parts = await startConversation(crm.running, 'CHAT', { firstName: 'Mary Ann', lastName: 'Stone' })
    expect((await panelOf(crm, parts.id))?.searchForm).toMatchObject({ fullName: 'Mary Ann Stone' })
  },
)

twins(
  { DYNAMICS: 'D-POP-03', SALESFORCE: 'S-POP-03' },
  'the create forms start with the same values, the full name split for people',
  async (crm) => {
    const { account, contact, lead } = crm.names
    const { id } = await startConversation(crm.running, 'CHAT', visitor)
    const defaultsOf = async (kind: string) =>
      Object.fromEntries(
        (await formOf(crm.running, crm.org, kind, id)).fields.map((field) => [field.name, field.defaultValue]),
      )
    for (const [kind, names] of [
      ['CONTACT', contact],
      ['LEAD', lead],
    ] as const) {
      expect(await defaultsOf(kind), kind).toMatchObject({
        [names.first]: 'Mary Ann',
        [names.last]: 'Stone',
        [names.phone]: visitor.phone,
        [names.email]: visitor.email,
      })
    }
    expect(await defaultsOf('ACCOUNT')).toMatchObject({
      [account.name]: visitor.fullName,
      [account.phone]: visitor.phone,
    })
  },
)

twins({ DYNAMICS: 'D-POP-04' }, 'what the visitor did not give is empty in both forms', async (crm) => {
  const { contact } = crm.names
  const { id } = await startConversation(crm.running, 'CHAT', { email: visitor.email })
  expect((await panelOf(crm, id))?.searchForm).toMatchObject({ phone: null, email: visitor.email, fullName: null })
  const { fields } = await formOf(crm.running, crm.org, 'CONTACT', id)
  const given = fields.filter(({ defaultValue }) => defaultValue !== null).map(({ name }) => name)
  expect(given).toEqual([contact.email])
})

twins(
  { DYNAMICS: 'D-POP-05', SALESFORCE: 'S-POP-04' },
  'there is one tab for each entity type that is allowed, the added ones behind the defaults',
  async (crm) => {
    const added = opportunity[crm.provider]
    await entityTypes(crm, 'ACCOUNT', {}, { ...added, searchable: true, creatable: false })
    const kinds = async () => (await panelOf(crm))?.tabs.map(({ entityType }) => entityType.kind)
    expect(await kinds()).toEqual(['ACCOUNT', 'CONTACT', 'LEAD', 'CUSTOM'])
    expect((await panelOf(crm))?.tabs.at(-1)).toMatchObject({
      label: 'Deals',
      saveLabel: null,
      columns: [{ label: 'Topic' }],
    })
    await entityTypes(crm, 'CONTACT', { searchable: false, creatable: false })
    expect(await kinds()).toEqual(['ACCOUNT', 'LEAD', 'CUSTOM'])
    await crm.settings({})
    await entityTypes(crm, 'CONTACT', { searchable: false })
    const contacts = (await panelOf(crm))?.tabs.find(({ entityType }) => entityType.kind === 'CONTACT')
    expect(contacts).toMatchObject({ columns: [] })
    expect(contacts?.saveLabel).not.toBeNull()
  },
)

twins(
  { DYNAMICS: 'D-POP-06' },
  'the save button is named after the entity type, an added one by its display name',
  async (crm) => {
    await entityTypes(crm, 'ACCOUNT', {}, { ...opportunity[crm.provider], searchable: true, creatable: true })
    const panel = await panelOf(crm)
    const labels = panel?.tabs.map(({ saveLabel }) => saveLabel)
    expect(labels).toEqual(['Save Account', 'Save Contact', 'Save Lead', 'Save Deals'])
    expect((await formOf(crm.running, crm.org, 'ACCOUNT')).submitLabel).toBe('Save Account')
  },
)

twins({ SALESFORCE: 'S-POP-05' }, 'a lead is made of its first and last name by Save Lead', async (crm) => {
  const { lead } = crm.names
  const last = newWord()
  expect((await formOf(crm.running, crm.org, 'LEAD')).submitLabel).toBe('Save Lead')
  const values = [
    { name: lead.first, value: 'Mary' },
    { name: lead.last, value: last },
  ]
  const made = await createRecord(crm.running, crm.org, 'LEAD', { values })
  expect(made).toMatchObject({ __typename: 'CreateRecordSuccess' })
  expect(await crm.control.records(lead.entity, { [lead.last]: last })).toMatchObject([{ [lead.first]: 'Mary' }])
})

twins({ DYNAMICS: 'X-DIF-03', SALESFORCE: 'X-DIF-03' }, 'each CRM names its panel button itself', async (crm) => {
  const labels = { DYNAMICS: 'Connect with Dynamics CRM', SALESFORCE: 'Connect with Salesforce' }
  expect((await panelOf(crm))?.label).toBe(labels[crm.provider])
})
