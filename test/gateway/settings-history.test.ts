import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { entityTypeOf, type Org, orgsOf, type Provider, providers } from './searching.ts'
import {
  addField,
  change,
  changed,
  constantOf,
  documentOf,
  faultsOf,
  textFields,
  updateSettings,
  versionOf,
} from './setting-up.ts'

let gateway: RunningGateway
let orgs: Record<Provider, Org>

beforeAll(async () => {
  gateway = await startGateway({ people: 10 })
  orgs = await orgsOf(gateway)
  for (const provider of providers) {
    const org = orgs[provider]
    for (const name of textFields[provider]) {
      await addField(gateway, 'ExportField', org.id, await versionOf(gateway, org), constantOf(org, name, 'x'))
    }
  }
})
afterAll(() => gateway.stop())

const history = async (provider: Provider, page = 'first: 10') => {
  const query = `query ($id: ID!) { integration(id: $id) { settingsHistory(${page}) {
    edges { cursor node { id at by section summary before after } }
    pageInfo { hasNextPage endCursor }
  } } }`
  const { integration } = await gateway.execute(query, { id: orgs[provider].id })
  return integration.settingsHistory
}

const restore = async (changeId: string, expectedVersion: number) =>
  (
    await gateway.execute(
      `mutation ($changeId: ID!, $expectedVersion: Int!) {
        it: restoreSettings(changeId: $changeId, expectedVersion: $expectedVersion) { ${changed} }
      }`,
      { changeId, expectedVersion },
    )
  ).it

it('of two admins who read the same version, the second is told who was first, and nothing of theirs is kept', async () => {
  const { id } = orgs.DYNAMICS
  const version = await versionOf(gateway, orgs.DYNAMICS)
  const input = { integrationId: id, expectedVersion: version }
  const outcomes = await Promise.all([
    change(gateway, 'updateDynamicsSettings', { ...input, allowNewCreation: true }),
    change(gateway, 'updateDynamicsSettings', { ...input, allowActivityClosing: true }),
  ])
  expect(outcomes.map((outcome) => outcome.__typename).sort()).toEqual(['ConflictError', 'SettingsSuccess'])

  const late = await change(gateway, 'updateDynamicsSettings', { ...input, fetchCrmData: true })
  expect(late).toMatchObject({
    __typename: 'ConflictError',
    code: 'CONFLICT',
    version: version + 1,
    changedBy: 'Test ADMIN',
    changedAt: expect.any(String),
  })
  const { allowNewCreation, allowActivityClosing, fetchCrmData } = await documentOf(gateway, orgs.DYNAMICS)
  expect([allowNewCreation, allowActivityClosing].filter(Boolean)).toHaveLength(1)
  expect(fetchCrmData).toBe(false)
})

it('every change is recorded, the newest first: who, when, what about, before and after', async () => {
  const input = { integrationId: orgs.SALESFORCE.id, expectedVersion: await versionOf(gateway, orgs.SALESFORCE) }
  await change(gateway, 'updateSalesforceSettings', { ...input, subjectSuffix: 'via web' })
  const { edges, pageInfo } = await history('SALESFORCE', 'first: 1')
  expect(edges).toMatchObject([
    {
      node: {
        by: 'Test ADMIN',
        section: 'INTEGRATION',
        before: { subjectSuffix: null },
        after: { subjectSuffix: 'via web' },
      },
    },
  ])
  expect(Date.now() - Date.parse(edges[0].node.at)).toBeLessThan(60_000)
  expect(pageInfo.hasNextPage).toBe(true)
  const next = await history('SALESFORCE', `first: 1, after: "${pageInfo.endCursor}"`)
  expect(next.edges).toMatchObject([
    { node: { section: 'EXPORT', summary: expect.stringContaining('BillingCountry') } },
  ])
})

it.each(providers)('%s: settings go back to what they were right after a change, as a new change', async (provider) => {
  const before = await documentOf(gateway, orgs[provider])
  const { edges } = await history(provider, 'first: 1')
  const { id } = orgs[provider]
  const edit = {
    integrationId: id,
    expectedVersion: await versionOf(gateway, orgs[provider]),
    searchOrder: ['EMAIL', 'FULL_NAME', 'PHONE'],
  }
  await change(gateway, updateSettings[provider], edit)
  await addField(
    gateway,
    'ExportField',
    id,
    await versionOf(gateway, orgs[provider]),
    constantOf(orgs[provider], 'description', 'x'),
  )
  expect(await documentOf(gateway, orgs[provider])).not.toEqual(before)

  const version = await versionOf(gateway, orgs[provider])
  expect(await restore(edges[0].node.id, version - 1)).toMatchObject({ __typename: 'ConflictError' })
  expect(await restore(edges[0].node.id, version)).toMatchObject({ __typename: 'SettingsSuccess', changedId: null })
  expect(await documentOf(gateway, orgs[provider])).toEqual(before)
  expect(await versionOf(gateway, orgs[provider])).toBe(version + 1)
  expect(await restore(id, version + 1)).toMatchObject({ __typename: 'NotFoundError' })
})

it.each(providers)(
  '%s: the import of an export changes nothing; an edited one changes what it says',
  async (provider) => {
    const version = await versionOf(gateway, orgs[provider])
    const document = await documentOf(gateway, orgs[provider])
    const input = { integrationId: orgs[provider].id, expectedVersion: version }
    expect(await change(gateway, 'importSettings', { ...input, document })).toMatchObject({
      integration: { settings: { version } },
    })

    const edited = { ...document, fetchCrmData: !document.fetchCrmData }
    expect(await change(gateway, 'importSettings', { ...input, document: edited })).toMatchObject({
      integration: { settings: { version: version + 1 } },
    })
    expect(await documentOf(gateway, orgs[provider])).toEqual(edited)

    const other = provider === 'DYNAMICS' ? 'SALESFORCE' : 'DYNAMICS'
    for (const wrong of ['nonsense', { ...document, searchOrder: 3 }, await documentOf(gateway, orgs[other])]) {
      const refused = await change(gateway, 'importSettings', {
        ...input,
        expectedVersion: version + 1,
        document: wrong,
      })
      expect(refused).toMatchObject({ __typename: 'ValidationError' })
      expect(refused.fields?.every(({ path }) => path[0] === 'input' && path[1] === 'document')).toBe(true)
    }
    expect(await documentOf(gateway, orgs[provider])).toEqual(edited)
  },
)

it('what agents may do with entity types changes together with the rest: one change, one entry', async () => {
  for (const provider of providers) {
    const org = orgs[provider]
    const [account, lead] = [entityTypeOf(org, 'ACCOUNT'), entityTypeOf(org, 'LEAD')]
    const version = await versionOf(gateway, org)
    const input = { integrationId: org.id, expectedVersion: version }
    const entityPermissions = [
      { entityTypeId: account, searchable: false },
      { entityTypeId: lead, creatable: false },
    ]
    const outcome = await change(gateway, updateSettings[provider], {
      ...input,
      searchOrder: ['FULL_NAME', 'EMAIL', 'PHONE'],
      entityPermissions,
    })
    expect(outcome).toMatchObject({ __typename: 'SettingsSuccess', warnings: [] })
    const document = await documentOf(gateway, org)
    const may = document.entityTypes.map((it: Record<string, unknown>) => [it['searchable'], it['creatable']])
    expect(may).toEqual([
      [false, true],
      [true, true],
      [true, false],
    ])
    const [{ node }] = (await history(provider, 'first: 1')).edges
    expect(node).toMatchObject({ section: 'INTEGRATION', summary: 'Changed the integration settings' })
    expect(Object.keys(node.after).sort()).toEqual(['entityTypes', 'searchOrder'])

    const twice = await change(gateway, updateSettings[provider], {
      ...input,
      expectedVersion: version + 1,
      entityPermissions: [...entityPermissions, { entityTypeId: account, creatable: false }],
    })
    expect(faultsOf(twice)).toEqual(['input.entityPermissions.2.entityTypeId'])
    expect(await versionOf(gateway, org)).toBe(version + 1)
  }
})

it('an entity type that an automatic push searches cannot be closed to search in the same change', async () => {
  const org = orgs.SALESFORCE
  const account = entityTypeOf(org, 'ACCOUNT')
  const outcome = await change(gateway, 'updateSalesforceSettings', {
    integrationId: org.id,
    expectedVersion: await versionOf(gateway, org),
    autoSmsPush: { enabled: true, entityTypeId: account, field: 'Phone' },
    entityPermissions: [{ entityTypeId: account, searchable: false }],
  })
  expect(faultsOf(outcome)).toEqual(['input.autoSmsPush.entityTypeId'])
})

it('what else the form of an account depends on changes together with its fields, on Salesforce alone', async () => {
  for (const provider of providers) {
    const org = orgs[provider]
    const version = await versionOf(gateway, org)
    const outcome = await change(gateway, 'updateDefaultFields', {
      integrationId: org.id,
      expectedVersion: version,
      fields: [],
      personAccountEnabled: false,
      accountNumberUsed: false,
    })
    if (provider === 'DYNAMICS') {
      expect(outcome.__typename).toBe('NotAllowedError')
      continue
    }
    expect(outcome.__typename).toBe('SettingsSuccess')
    expect(await documentOf(gateway, org)).toMatchObject({ personAccountEnabled: false, accountNumberUsed: false })
    const [{ node }] = (await history(provider, 'first: 1')).edges
    expect(node).toMatchObject({ section: 'DEFAULT_FIELDS', summary: 'Changed the account form' })
    const wrong = await change(gateway, 'updateDefaultFields', {
      integrationId: org.id,
      expectedVersion: version + 1,
      fields: [],
      accountEmailField: 'Nothing__c',
    })
    expect(faultsOf(wrong)).toEqual(['input.accountEmailField'])
  }
})

it('a change carries the version that it made and all settings right after it', async () => {
  const query = `query ($id: ID!) {
    integration(id: $id) { settings { version } settingsHistory(first: 1) { edges { node { version document } } } }
    settingsDocument(integrationId: $id)
  }`
  const { integration, settingsDocument } = await gateway.execute(query, { id: orgs.SALESFORCE.id })
  const { version } = integration.settings
  expect(integration.settingsHistory.edges).toEqual([{ node: { version, document: settingsDocument } }])
})
