import { expect } from 'vitest'
import { delivered, startConversation, tag } from '../gateway/conversing.ts'
import { entityTypeOf, orgsOf, searchRecords } from '../gateway/searching.ts'
import { faultsOf } from '../gateway/setting-up.ts'
import {
  addEntity,
  addOpportunity,
  createOpportunity,
  formOf,
  heldOf,
  newTopic,
  opportunities,
  tabsOf,
  updateEntity,
} from './support/opportunities.ts'
import { openRules } from './support/rules.ts'

const { twins } = openRules()

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
