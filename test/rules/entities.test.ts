import { randomUUID } from 'node:crypto'
import { expect, onTestFinished } from 'vitest'
import { openDatabase } from '../../packages/server/src/database/index.ts'
import { createIntegrationStore } from '../../packages/server/src/integrations/store.ts'
import { delivered, startConversation, tag } from '../gateway/conversing.ts'
import { createRecord } from '../gateway/creating.ts'
import { entityTypeOf, type Org, orgsOf, type Provider, searchRecords } from '../gateway/searching.ts'
import { addField, change, faultsOf, type SettingsAnswer } from '../gateway/setting-up.ts'
import { openRules, type RuleCrm } from './support/rules.ts'

const { twins } = openRules()

interface Opportunity {
  name: string
  primaryField: string
  /** What the CRM demands of one besides, as constants. */
  demanded: { name: string; fieldType: string; value: string }[]
}

const opportunities: Record<Provider, Opportunity> = {
  DYNAMICS: { name: 'opportunity', primaryField: 'name', demanded: [] },
  SALESFORCE: {
    name: 'Opportunity',
    primaryField: 'Name',
    demanded: [
      { name: 'StageName', fieldType: 'OPTION_SET', value: 'Prospecting' },
      { name: 'CloseDate', fieldType: 'DATE', value: '2026-12-31' },
    ],
  },
}

async function addEntity(crm: RuleCrm, input: object = {}): Promise<SettingsAnswer> {
  const { name, primaryField } = opportunities[crm.provider]
  return change(crm.running, 'addEntity', {
    integrationId: crm.org.id,
    expectedVersion: await crm.version(),
    name,
    primaryField,
    displayName: 'Deal',
    primaryFieldLabel: 'Deal topic',
    ...input,
  })
}

const updateEntity = async (crm: RuleCrm, id: string, input: object) =>
  change(crm.running, 'updateEntity', { id, expectedVersion: await crm.version(), ...input })

/** Adds opportunities, with what the CRM demands of them. Answers the org with its four entity types. */
async function addOpportunity(crm: RuleCrm): Promise<{ org: Org; id: string }> {
  const added = await addEntity(crm)
  expect(added).toMatchObject({ __typename: 'SettingsSuccess' })
  const id = added.changedId ?? ''
  for (const field of opportunities[crm.provider].demanded) {
    const constant = { ...field, entityTypeId: id, variableType: 'CONSTANT' }
    expect(await addField(crm.running, 'ExportField', crm.org.id, await crm.version(), constant)).toMatchObject({
      __typename: 'SettingsSuccess',
    })
  }
  return { org: (await orgsOf(crm.running))[crm.provider], id }
}

const newTopic = () => `Topic ${randomUUID().slice(0, 8)}`

const createOpportunity = async (crm: RuleCrm, org: Org, topic: string) =>
  createRecord(
    crm.running,
    org,
    'CUSTOM',
    { values: [{ name: opportunities[crm.provider].primaryField, value: topic }] },
    await crm.agent(),
  )

const heldOf = (crm: RuleCrm, topic: string) => {
  const { name, primaryField } = opportunities[crm.provider]
  return crm.control.records(name, { [primaryField]: topic })
}

async function tabsOf(crm: RuleCrm) {
  const { panel } = await crm.running.execute(
    `{ panel { integrations { integration { id } tabs { entityType { id } label saveLabel columns { name label } } } } }`,
    {},
    await crm.agent(),
  )
  return panel.integrations.find((it: { integration: { id: string } }) => it.integration.id === crm.org.id).tabs
}

async function formOf(crm: RuleCrm, entityTypeId: string) {
  const { recordForm } = await crm.running.execute(
    `query ($integrationId: ID!, $entityTypeId: ID!) {
      recordForm(integrationId: $integrationId, entityTypeId: $entityTypeId) {
        __typename
        ... on RecordForm { submitLabel fields { name label } }
        ... on Error { code message }
      }
    }`,
    { integrationId: crm.org.id, entityTypeId },
    await crm.agent(),
  )
  return recordForm
}

twins(
  { DYNAMICS: 'D-ENT-01', SALESFORCE: 'S-ENT-01' },
  'an added entity type is listed behind the default ones, and is kept',
  async (crm) => {
    const { org, id } = await addOpportunity(crm)
    const { name } = opportunities[crm.provider]
    expect(org.entityTypes.map(({ kind }) => kind)).toEqual(['ACCOUNT', 'CONTACT', 'LEAD', 'CUSTOM'])
    expect(org.entityTypes[3]).toMatchObject({ id, name })

    // As another process reads it, after a restart.
    const { prisma, close } = await openDatabase(`file:${crm.running.directory}/gateway.db`)
    onTestFinished(() => close())
    const kept = await createIntegrationStore(prisma).list(crm.running.workspaceId)
    expect(kept.find(({ provider }) => provider === crm.provider)?.entityTypes[3]).toMatchObject({
      name,
      displayName: 'Deal',
      kind: 'CUSTOM',
      searchable: true,
      creatable: true,
      check: 'OK',
    })
  },
)

twins(
  { DYNAMICS: 'D-ENT-02', SALESFORCE: 'S-ENT-02' },
  'records of an added entity type are created, searched, opened and tagged as those of the default ones',
  async (crm) => {
    const { running } = crm
    const { org, id } = await addOpportunity(crm)
    const topic = newTopic()
    const { record } = await createOpportunity(crm, org, topic)
    expect(record).toMatchObject({ name: topic })

    const agent = await crm.agent()
    const { hits } = await searchRecords(running, { term: topic, entityTypeIds: [id] }, agent)
    expect(hits).toMatchObject([{ record: { __typename: 'CustomRecord', id: record?.id, name: topic } }])

    const detail = await running.execute(
      `query ($id: ID!) { record(id: $id) { ... on RecordSuccess { record {
        __typename name url entityType { id } fields(view: DETAIL) { name label value }
      } } } }`,
      { id: record?.id },
      agent,
    )
    expect(detail.record.record).toMatchObject({ __typename: 'CustomRecord', name: topic, entityType: { id } })
    expect(detail.record.record.fields).toContainEqual({
      name: opportunities[crm.provider].primaryField,
      label: 'Deal topic',
      value: topic,
    })

    const thread = await startConversation(running, 'SMS')
    await tag(running, thread, [record?.id ?? ''], {}, agent)
    await delivered(running, thread, 1)
    const activities = await crm.control.records(crm.provider === 'DYNAMICS' ? 'annotation' : 'Task')
    const filed = activities.filter((row) => String(row['notetext'] ?? row['Description']).includes(thread.mark))
    expect(filed.map((row) => row['_objectid_value'] ?? row['WhatId'])).toEqual([record?.remoteId])
  },
)

twins(
  { DYNAMICS: 'D-ENT-03', SALESFORCE: 'S-ENT-03' },
  'agents see the display name of an added entity type on its tab and its form',
  async (crm) => {
    const { id } = await addOpportunity(crm)
    expect((await tabsOf(crm)).at(-1)).toMatchObject({ entityType: { id }, label: 'Deal', saveLabel: 'Save Deal' })
    expect(await formOf(crm, id)).toMatchObject({ submitLabel: 'Save Deal' })

    await updateEntity(crm, id, { displayName: 'Chance' })
    expect((await tabsOf(crm)).at(-1)).toMatchObject({ label: 'Chance', saveLabel: 'Save Chance' })
  },
)

const misspelled: Record<Provider, { name: string; right: string }[]> = {
  DYNAMICS: [
    { name: 'Opportunity', right: 'opportunity' },
    { name: 'oportunity', right: 'opportunity' },
  ],
  SALESFORCE: [
    { name: 'opportunity', right: 'Opportunity' },
    { name: 'vehicle__c', right: 'Vehicle__c' },
  ],
}

twins(
  { DYNAMICS: 'D-ENT-04', SALESFORCE: 'S-ENT-04' },
  'an entity name is spelled exactly as in the CRM; a wrong one is refused with the nearest right one',
  async (crm) => {
    for (const { name, right } of misspelled[crm.provider]) {
      const refused = await addEntity(crm, { name })
      expect(refused).toMatchObject({ __typename: 'ValidationError' })
      expect(refused.fields).toMatchObject([{ path: ['input', 'name'], message: expect.stringContaining(right) }])
    }
    const strange = await addEntity(crm, { name: 'zzz_nothing_of_the_kind' })
    expect(faultsOf(strange)).toEqual(['input.name'])

    const rightNames = new Set(misspelled[crm.provider].map(({ right }) => right))
    for (const name of rightNames)
      expect(await addEntity(crm, { name })).toMatchObject({ __typename: 'SettingsSuccess' })
  },
)

twins(
  { DYNAMICS: 'D-ENT-05', SALESFORCE: 'S-ENT-05' },
  'agents see the display name of the primary field on the form and above the results',
  async (crm) => {
    const { id } = await addOpportunity(crm)
    const { primaryField } = opportunities[crm.provider]
    const shown = { name: primaryField, label: 'Deal topic' }
    expect((await formOf(crm, id)).fields).toContainEqual(shown)
    expect((await tabsOf(crm)).at(-1).columns).toContainEqual(shown)
  },
)

twins(
  { DYNAMICS: 'D-ENT-06', SALESFORCE: 'S-ENT-06' },
  'a primary field that the entity type does not have is refused',
  async (crm) => {
    const refused = await addEntity(crm, { primaryField: 'topic_of_the_deal' })
    expect(refused).toMatchObject({ __typename: 'ValidationError' })
    expect(faultsOf(refused)).toEqual(['input.primaryField'])
    const { primaryField } = opportunities[crm.provider]
    const miscased = crm.provider === 'DYNAMICS' ? 'Name' : 'name'
    expect((await addEntity(crm, { primaryField: miscased })).fields).toMatchObject([
      { path: ['input', 'primaryField'], message: expect.stringContaining(primaryField) },
    ])
    expect(await addEntity(crm)).toMatchObject({ __typename: 'SettingsSuccess' })
  },
)

twins(
  { DYNAMICS: 'D-ENT-07' },
  'an added entity type that is closed to search is not searched, and has no tab of results',
  async (crm) => {
    const { id } = await addOpportunity(crm)
    const agent = await crm.agent()
    const search = () => searchRecords(crm.running, { term: 'Deal', entityTypeIds: [id] }, agent)
    expect(await search()).toMatchObject({ __typename: 'SearchRecordsSuccess' })

    await updateEntity(crm, id, { searchable: false })
    await crm.control.clearCalls()
    expect(await search()).toMatchObject({ __typename: 'NotAllowedError' })
    expect(await crm.control.calls()).toEqual([])
    expect((await tabsOf(crm)).at(-1)).toMatchObject({ entityType: { id }, columns: [] })
    await updateEntity(crm, id, { creatable: false })
    expect(JSON.stringify(await tabsOf(crm))).not.toContain(id)
  },
)

twins(
  { DYNAMICS: 'D-ENT-08', SALESFORCE: 'S-ENT-07' },
  'of an added entity type that is closed to creation no record is made, and there is no form',
  async (crm) => {
    const { org, id } = await addOpportunity(crm)
    expect(await formOf(crm, id)).toMatchObject({ __typename: 'RecordForm' })

    await updateEntity(crm, id, { creatable: false })
    const topic = newTopic()
    await crm.control.clearCalls()
    expect(await createOpportunity(crm, org, topic)).toMatchObject({ __typename: 'NotAllowedError' })
    expect(await crm.control.calls()).toEqual([])
    expect(await heldOf(crm, topic)).toEqual([])
    expect(await formOf(crm, id)).toMatchObject({ __typename: 'NotAllowedError' })
    expect((await tabsOf(crm)).at(-1)).toMatchObject({ entityType: { id }, saveLabel: null })
  },
)

twins(
  { SALESFORCE: 'S-ENT-08' },
  'an added entity type is always searchable: there is no switch for it',
  async (crm) => {
    const { providers } = await crm.running.execute('{ providers { provider settings { entitySearchSwitch } } }')
    expect(providers).toContainEqual({ provider: 'SALESFORCE', settings: { entitySearchSwitch: false } })
    expect(faultsOf(await addEntity(crm, { searchable: false }))).toEqual(['input.searchable'])

    const { id } = await addOpportunity(crm)
    expect(faultsOf(await updateEntity(crm, id, { searchable: false }))).toEqual(['input.searchable'])
    expect(await searchRecords(crm.running, { term: 'Deal', entityTypeIds: [id] }, await crm.agent())).toMatchObject({
      __typename: 'SearchRecordsSuccess',
    })
  },
)

twins({ DYNAMICS: 'D-ENT-09' }, 'an opportunity is created with its topic filled', async (crm) => {
  await addEntity(crm, { displayName: 'Opportunity', primaryFieldLabel: 'Topic' })
  const org = (await orgsOf(crm.running)).DYNAMICS
  const form = await formOf(crm, entityTypeOf(org, 'CUSTOM'))
  expect(form).toMatchObject({ submitLabel: 'Save Opportunity', fields: [{ name: 'name', label: 'Topic' }] })
  const topic = newTopic()
  expect(await createOpportunity(crm, org, topic)).toMatchObject({ record: { name: topic } })
  expect(await heldOf(crm, topic)).toMatchObject([{ name: topic }])
})

twins(
  { DYNAMICS: 'D-ENT-10', SALESFORCE: 'S-ENT-10' },
  'an added entity type stands behind the default ones, and takes fields of all four lists',
  async (crm) => {
    const { org, id } = await addOpportunity(crm)
    expect(org.entityTypes.at(-1)?.id).toBe(id)
    const name = crm.provider === 'DYNAMICS' ? 'estimatedvalue' : 'Amount'
    const field = { entityTypeId: id, name, fieldType: 'CURRENCY' }
    const fields = {
      ExportField: { ...field, variableType: 'INPUT', label: 'Value' },
      SearchField: { ...field, label: 'Value' },
      DetailField: { ...field, label: 'Value' },
      BackendField: { ...field, variableType: 'CONSTANT', value: '100' },
    } as const
    for (const list of ['ExportField', 'SearchField', 'DetailField', 'BackendField'] as const) {
      const added = await addField(crm.running, list, crm.org.id, await crm.version(), fields[list])
      expect([list, added]).toMatchObject([list, { __typename: 'SettingsSuccess' }])
    }
    const { integration } = await crm.running.execute(
      `query ($id: ID!, $entityTypeId: ID!) { integration(id: $id) { settings {
        exportFields(entityTypeId: $entityTypeId) { name }
        searchFields(entityTypeId: $entityTypeId) { name }
        detailFields(entityTypeId: $entityTypeId) { name }
        backendFields(entityTypeId: $entityTypeId) { name entityType { id } }
      } } }`,
      { id: crm.org.id, entityTypeId: id },
    )
    const { exportFields, searchFields, detailFields, backendFields } = integration.settings
    expect(exportFields).toContainEqual({ name })
    expect([searchFields, detailFields, backendFields]).toEqual([
      [{ name }],
      [{ name }],
      [{ name, entityType: { id } }],
    ])
  },
)

twins(
  { DYNAMICS: 'D-ENT-11' },
  'an added entity type repeats neither a default one nor another added one',
  async (crm) => {
    expect(faultsOf(await addEntity(crm, { name: 'contact', primaryField: 'fullname' }))).toEqual(['input.name'])
    expect(await addEntity(crm)).toMatchObject({ __typename: 'SettingsSuccess' })
    expect(faultsOf(await addEntity(crm))).toEqual(['input.name'])
    expect((await orgsOf(crm.running)).DYNAMICS.entityTypes).toHaveLength(4)
  },
)
