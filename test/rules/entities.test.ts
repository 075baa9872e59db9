import { expect, onTestFinished } from 'vitest'
import { openDatabase } from '../../packages/server/src/database/index.ts'
import { createIntegrationStore } from '../../packages/server/src/integrations/store.ts'
import { orgsOf, type Provider } from '../gateway/searching.ts'
import { addField, faultsOf } from '../gateway/setting-up.ts'
import { addEntity, addOpportunity, formOf, opportunities, tabsOf, updateEntity } from './support/opportunities.ts'
import { openRules } from './support/rules.ts'

const { twins } = openRules({})

twins(
  { DYNAMICS: 'D-ENT-01', SALESFORCE: 'S-ENT-01' },
  'an added entity type is listed behind the default ones, and is kept',
  async (crm) => {
    const { org, id } = await addOpportunity(crm)
    const { name } = opportunities[crm.provider]
    expect(org.entityTypes.map(({ kind }) => kind)).toEqual(['ACCOUNT', 'CONTACT', 'LEAD', 'CUSTOM'])
    expect(org.entityTypes[3]).toMatchObject({ id, name })

    // As another process reads it, after a restart.
    const { prisma, close } = await openDatabase(crm.running.databaseUrl)
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
