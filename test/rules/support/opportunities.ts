/** Opportunities as an entity type that an admin adds: what they are called, and what is done with them. */
import { randomUUID } from 'node:crypto'
import { expect } from 'vitest'
import { createRecord } from '../../gateway/creating.ts'
import { type Org, orgsOf, type Provider } from '../../gateway/searching.ts'
import { addField, change, type SettingsAnswer } from '../../gateway/setting-up.ts'
import type { RuleCrm } from './rules.ts'

interface Opportunity {
  name: string
  primaryField: string
  /** What the CRM demands of one besides, as constants. */
  demanded: { name: string; fieldType: string; value: string }[]
}

export const opportunities: Record<Provider, Opportunity> = {
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

export async function addEntity(crm: RuleCrm, input: object = {}): Promise<SettingsAnswer> {
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

export const updateEntity = async (crm: RuleCrm, id: string, input: object) =>
  change(crm.running, 'updateEntity', { id, expectedVersion: await crm.version(), ...input })

/** Adds opportunities, with what the CRM demands of them. Answers the org with its four entity types. */
export async function addOpportunity(crm: RuleCrm): Promise<{ org: Org; id: string }> {
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

export const newTopic = () => `Topic ${randomUUID().slice(0, 8)}`

export const createOpportunity = async (crm: RuleCrm, org: Org, topic: string) =>
  createRecord(
    crm.running,
    org,
    'CUSTOM',
    { values: [{ name: opportunities[crm.provider].primaryField, value: topic }] },
    await crm.agent(),
  )

export const heldOf = (crm: RuleCrm, topic: string) => {
  const { name, primaryField } = opportunities[crm.provider]
  return crm.control.records(name, { [primaryField]: topic })
}

export async function tabsOf(crm: RuleCrm) {
  const { panel } = await crm.running.execute(
    `{ panel { integrations { integration { id } tabs { entityType { id } label saveLabel columns { name label } } } } }`,
    {},
    await crm.agent(),
  )
  return panel.integrations.find((it: { integration: { id: string } }) => it.integration.id === crm.org.id).tabs
}

export async function formOf(crm: RuleCrm, entityTypeId: string) {
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
