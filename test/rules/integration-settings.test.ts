import { expect } from 'vitest'
import { createRecord } from '../gateway/creating.ts'
import { entityTypeOf, type Provider, searchRecords } from '../gateway/searching.ts'
import { change, faultsOf, remove, updateSettings } from '../gateway/setting-up.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins } = openRules({})

type Kind = 'ACCOUNT' | 'CONTACT' | 'LEAD'
const kinds: readonly Kind[] = ['ACCOUNT', 'CONTACT', 'LEAD']

// ------------------------------------------------------------------------------------------------ what may be done

async function permit(crm: RuleCrm, kind: Kind, flags: { searchable?: boolean; creatable?: boolean }): Promise<void> {
  const input = { id: entityTypeOf(crm.org, kind), expectedVersion: await crm.version(), ...flags }
  expect(await change(crm.running, 'updateEntity', input)).toMatchObject({ __typename: 'SettingsSuccess' })
}

const search = async (crm: RuleCrm, kind: Kind) =>
  searchRecords(crm.running, { term: 'Clarke', entityTypeIds: [entityTypeOf(crm.org, kind)] }, await crm.agent())

/** The least that makes a record. */
function leastOf({ names }: RuleCrm, kind: Kind): { name: string; value: string }[] {
  const last = `Rule ${Math.random().toString(36).slice(2)}`
  if (kind === 'ACCOUNT') return [{ name: names.account.name, value: last }]
  if (kind === 'CONTACT') return [{ name: names.contact.last, value: last }]
  return [
    { name: names.lead.last, value: last },
    { name: names.lead.company, value: last },
  ]
}

const create = async (crm: RuleCrm, kind: Kind) =>
  createRecord(crm.running, crm.org, kind, { values: leastOf(crm, kind) }, await crm.agent())

async function tabOf(crm: RuleCrm, kind: Kind): Promise<{ saveLabel: string | null; columns: unknown[] } | undefined> {
  const { panel } = await crm.running.execute(
    '{ panel { integrations { integration { id } tabs { entityType { id } saveLabel columns { name } } } } }',
    {},
    await crm.agent(),
  )
  const { tabs } = panel.integrations.find((it: { integration: { id: string } }) => it.integration.id === crm.org.id)
  return tabs.find((tab: { entityType: { id: string } }) => tab.entityType.id === entityTypeOf(crm.org, kind))
}

twins(
  { DYNAMICS: 'D-INT-01', SALESFORCE: 'S-INT-01' },
  'account, contact and lead are there from the start and cannot be deleted; automatic chat push is off',
  async (crm) => {
    const { integration } = await crm.running.execute(
      `query ($id: ID!) { integration(id: $id) {
        entityTypes { id kind searchable creatable }
        settings { autoChatPush { enabled rules { field } } }
      } }`,
      { id: crm.org.id },
    )
    const on = { searchable: true, creatable: true }
    expect(integration.entityTypes).toMatchObject(kinds.map((kind) => ({ kind, ...on })))
    expect(integration.settings.autoChatPush).toEqual({ enabled: false, rules: [] })
    for (const { id } of integration.entityTypes) {
      expect(await remove(crm.running, 'Entity', id, await crm.version())).toMatchObject({
        __typename: 'NotAllowedError',
      })
    }
  },
)

const searchRows = {
  ACCOUNT: { DYNAMICS: 'D-INT-03', SALESFORCE: 'S-INT-02' },
  CONTACT: { DYNAMICS: 'D-INT-05', SALESFORCE: 'S-INT-04' },
  LEAD: { DYNAMICS: 'D-INT-07', SALESFORCE: 'S-INT-06' },
}
const createRows = {
  ACCOUNT: { DYNAMICS: 'D-INT-04', SALESFORCE: 'S-INT-03' },
  CONTACT: { DYNAMICS: 'D-INT-06', SALESFORCE: 'S-INT-05' },
  LEAD: { DYNAMICS: 'D-INT-08', SALESFORCE: 'S-INT-07' },
}

for (const kind of kinds) {
  twins(
    searchRows[kind],
    `${kind} is searched unless its search is off: then it is refused, no CRM is asked, and its results are gone`,
    async (crm) => {
      expect(await search(crm, kind)).toMatchObject({ __typename: 'SearchRecordsSuccess' })
      expect((await tabOf(crm, kind))?.columns).not.toEqual([])

      await permit(crm, kind, { searchable: false })
      await crm.control.clearCalls()
      expect(await search(crm, kind)).toMatchObject({ __typename: 'NotAllowedError', code: 'NOT_ALLOWED' })
      expect(await crm.control.calls()).toEqual([])
      expect((await tabOf(crm, kind))?.columns).toEqual([])
      const everywhere = await searchRecords(crm.running, { term: 'Clarke', integrationIds: [crm.org.id] })
      const searched = everywhere.integrations.flatMap((it) => it.entityTypes.map(({ entityType }) => entityType.kind))
      expect(searched).not.toContain(kind)
      expect(searched).toHaveLength(2)
    },
  )

  twins(
    createRows[kind],
    `${kind} is created unless its creation is off: then it is refused, no CRM is asked, and its form is gone`,
    async (crm) => {
      expect(await create(crm, kind)).toMatchObject({ __typename: 'CreateRecordSuccess' })
      expect((await tabOf(crm, kind))?.saveLabel).toBe(`Save ${kind[0]}${kind.slice(1).toLowerCase()}`)

      await permit(crm, kind, { creatable: false })
      await crm.control.clearCalls()
      expect(await create(crm, kind)).toMatchObject({ __typename: 'NotAllowedError', code: 'NOT_ALLOWED' })
      expect(await crm.control.calls()).toEqual([])
      expect((await tabOf(crm, kind))?.saveLabel).toBeNull()
    },
  )
}

twins(
  { DYNAMICS: 'D-INT-09' },
  'the six permissions are apart: contacts closed to search are created, and the others are untouched',
  async (crm) => {
    await permit(crm, 'CONTACT', { searchable: false })
    expect(await search(crm, 'CONTACT')).toMatchObject({ __typename: 'NotAllowedError' })
    expect(await create(crm, 'CONTACT')).toMatchObject({ __typename: 'CreateRecordSuccess' })
    await permit(crm, 'LEAD', { creatable: false })
    expect(await search(crm, 'LEAD')).toMatchObject({ __typename: 'SearchRecordsSuccess' })
    expect(await create(crm, 'LEAD')).toMatchObject({ __typename: 'NotAllowedError' })
    expect(await search(crm, 'ACCOUNT')).toMatchObject({ __typename: 'SearchRecordsSuccess' })
    expect(await create(crm, 'ACCOUNT')).toMatchObject({ __typename: 'CreateRecordSuccess' })
  },
)

// ------------------------------------------------------------------------------------------------ what is not a list

const update = async (crm: RuleCrm, input: object) =>
  change(crm.running, updateSettings[crm.provider], {
    integrationId: crm.org.id,
    expectedVersion: await crm.version(),
    ...input,
  })

async function settingsOf(crm: RuleCrm, selection: string) {
  const query = `query ($id: ID!) { integration(id: $id) { settings { ${selection} } } }`
  return (await crm.running.execute(query, { id: crm.org.id })).integration.settings
}

/** Saved, and read back from what is kept. */
async function expectKept(crm: RuleCrm, input: Record<string, unknown>, selection: string): Promise<void> {
  expect(await update(crm, input)).toMatchObject({ __typename: 'SettingsSuccess' })
  expect(await settingsOf(crm, selection)).toMatchObject(input)
}

const ownSettings: Record<Provider, string> = { DYNAMICS: 'DynamicsSettings', SALESFORCE: 'SalesforceSettings' }
const input = { DYNAMICS: 'UpdateDynamicsSettingsInput', SALESFORCE: 'UpdateSalesforceSettingsInput' }

/** That the settings of one CRM have a member, and those of the other have not: to read and to write. */
async function expectOnlyIn(crm: RuleCrm, member: string): Promise<void> {
  const other: Provider = crm.provider === 'DYNAMICS' ? 'SALESFORCE' : 'DYNAMICS'
  const members = async (name: string, kind: 'fields' | 'inputFields') => {
    const { __type } = await crm.running.execute(`{ __type(name: "${name}") { it: ${kind} { name } } }`)
    return __type.it.map(({ name }: { name: string }) => name)
  }
  expect(await members(ownSettings[crm.provider], 'fields')).toContain(member)
  expect(await members(ownSettings[other], 'fields')).not.toContain(member)
  expect(await members(input[crm.provider], 'inputFields')).toContain(member)
  expect(await members(input[other], 'inputFields')).not.toContain(member)
}

twins(
  { DYNAMICS: 'D-INT-10', SALESFORCE: 'S-INT-08' },
  'the search order holds phone, e-mail and full name once each, in any order',
  async (crm) => {
    const orders = [
      ['PHONE', 'EMAIL', 'FULL_NAME'],
      ['PHONE', 'FULL_NAME', 'EMAIL'],
      ['EMAIL', 'PHONE', 'FULL_NAME'],
      ['EMAIL', 'FULL_NAME', 'PHONE'],
      ['FULL_NAME', 'PHONE', 'EMAIL'],
      ['FULL_NAME', 'EMAIL', 'PHONE'],
    ]
    for (const searchOrder of orders) await expectKept(crm, { searchOrder }, 'searchOrder')

    for (const searchOrder of [[], ['PHONE', 'EMAIL'], ['PHONE', 'EMAIL', 'EMAIL'], ['PHONE', 'PHONE', 'PHONE']]) {
      const refused = await update(crm, { searchOrder })
      expect(refused).toMatchObject({ __typename: 'ValidationError' })
      expect(faultsOf(refused)).toEqual(['input.searchOrder'])
    }
    await expect(update(crm, { searchOrder: ['PHONE', 'EMAIL', 'ACCOUNT_ID'] })).rejects.toThrow(
      'SearchOrderIdentifier',
    )
    expect(await settingsOf(crm, 'searchOrder')).toEqual({ searchOrder: orders.at(-1) })
  },
)

const booleans = [
  { row: { DYNAMICS: 'D-INT-11' }, name: 'allowNewCreation' },
  { row: { DYNAMICS: 'D-INT-12' }, name: 'allowActivityClosing' },
  { row: { SALESFORCE: 'S-INT-09' }, name: 'allowActivitySubjectChange' },
]
for (const { row, name } of booleans) {
  twins(row, `${name} is a switch of this CRM alone, off until an admin turns it on`, async (crm) => {
    await expectOnlyIn(crm, name)
    const selection = `... on ${ownSettings[crm.provider]} { ${name} }`
    expect(await settingsOf(crm, selection)).toEqual({ [name]: false })
    await expectKept(crm, { [name]: true }, selection)
    await expectKept(crm, { [name]: false }, selection)
  })
}

twins({ DYNAMICS: 'D-INT-13' }, 'Chats Save To is one of three, Notes at first, and of Dynamics alone', async (crm) => {
  await expectOnlyIn(crm, 'chatsSaveTo')
  await expectOnlyIn(crm, 'activityTypeName')
  const selection = '... on DynamicsSettings { chatsSaveTo activityTypeName }'
  expect(await settingsOf(crm, selection)).toEqual({ chatsSaveTo: 'NOTES', activityTypeName: null })
  const { __type } = await crm.running.execute('{ __type(name: "ChatsSaveTo") { enumValues { name } } }')
  expect(__type.enumValues).toHaveLength(3)
  await expectKept(crm, { chatsSaveTo: 'TASK', activityTypeName: 'Task' }, selection)
  await expectKept(crm, { chatsSaveTo: 'NOTES' }, selection)
  await expect(update(crm, { chatsSaveTo: 'LETTERS' })).rejects.toThrow('LETTERS')
})

twins(
  { SALESFORCE: 'S-INT-10' },
  'the subject suffix is an optional text of Salesforce alone; blank is none',
  async (crm) => {
    await expectOnlyIn(crm, 'subjectSuffix')
    const selection = '... on SalesforceSettings { subjectSuffix }'
    expect(await settingsOf(crm, selection)).toEqual({ subjectSuffix: null })
    await expectKept(crm, { subjectSuffix: 'via web' }, selection)
    expect(await update(crm, { fetchCrmData: true })).toMatchObject({ __typename: 'SettingsSuccess' })
    expect(await settingsOf(crm, selection)).toEqual({ subjectSuffix: 'via web' })
    expect(await update(crm, { subjectSuffix: '  ' })).toMatchObject({ __typename: 'SettingsSuccess' })
    expect(await settingsOf(crm, selection)).toEqual({ subjectSuffix: null })
  },
)

twins(
  { DYNAMICS: 'D-INT-14', SALESFORCE: 'S-INT-11' },
  'Allow Fetch CRM Data is a switch, off until an admin turns it on',
  async (crm) => {
    expect(await settingsOf(crm, 'fetchCrmData')).toEqual({ fetchCrmData: false })
    await expectKept(crm, { fetchCrmData: true }, 'fetchCrmData')
    await expectKept(crm, { fetchCrmData: false }, 'fetchCrmData')
  },
)

twins(
  { DYNAMICS: 'D-INT-15', SALESFORCE: 'S-INT-12' },
  'Allow Auto SMS Push is a switch with an entity, one of the three default ones, and its field',
  async (crm) => {
    const selection = 'autoSmsPush { enabled entityTypeId field identifier }'
    const off = { enabled: false, entityTypeId: null, field: null, identifier: 'PHONE' }
    expect(await settingsOf(crm, selection)).toEqual({ autoSmsPush: off })
    const on = { enabled: true, entityTypeId: entityTypeOf(crm.org, 'CONTACT'), field: crm.names.contact.phone }
    await expectKept(crm, { autoSmsPush: { ...on, identifier: 'PHONE' } }, selection)
    await expectKept(crm, { autoSmsPush: { ...on, identifier: 'ACCOUNT_ID' } }, selection)

    const bare = await update(crm, { autoSmsPush: { enabled: true, entityTypeId: null, field: null } })
    expect(faultsOf(bare).sort()).toEqual(['input.autoSmsPush.entityTypeId', 'input.autoSmsPush.field'])

    const added = await change(crm.running, 'addEntity', {
      integrationId: crm.org.id,
      expectedVersion: await crm.version(),
      name: crm.provider === 'DYNAMICS' ? 'opportunity' : 'Opportunity',
      displayName: 'Opportunity',
      primaryField: crm.provider === 'DYNAMICS' ? 'name' : 'Name',
      primaryFieldLabel: 'Topic',
    })
    expect(added).toMatchObject({ __typename: 'SettingsSuccess' })
    const custom = await update(crm, { autoSmsPush: { enabled: true, entityTypeId: added.changedId, field: 'Name' } })
    expect(faultsOf(custom)).toEqual(['input.autoSmsPush.entityTypeId'])
  },
)

twins(
  { DYNAMICS: 'D-INT-16', SALESFORCE: 'S-INT-13' },
  'Allow Auto Chat Push is a switch; turned on, it needs its further inputs',
  async (crm) => {
    const selection = 'autoChatPush { enabled tagSingleMatchUnasked rules { identifier entityTypeId field } }'
    await expectKept(crm, { autoChatPush: { enabled: false } }, selection)
    const bare = await update(crm, { autoChatPush: { enabled: true, rules: [] } })
    expect(faultsOf(bare)).toEqual(['input.autoChatPush.rules'])

    const rule = { identifier: 'PHONE', entityTypeId: entityTypeOf(crm.org, 'CONTACT'), field: crm.names.contact.phone }
    const blank = await update(crm, { autoChatPush: { enabled: true, rules: [{ ...rule, field: ' ' }] } })
    expect(faultsOf(blank)).toEqual(['input.autoChatPush.rules.0.field'])

    const rules = [rule, { ...rule, identifier: 'EMAIL', field: crm.names.contact.email }]
    await expectKept(crm, { autoChatPush: { enabled: true, tagSingleMatchUnasked: true, rules } }, selection)
  },
)
