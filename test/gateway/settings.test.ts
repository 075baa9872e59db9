import { afterAll, beforeAll, expect, it } from 'vitest'
import { ask, type RunningGateway, startGateway } from './running-gateway.ts'
import { entityTypeOf, type Org, orgsOf, type Provider, providers, searchRecords } from './searching.ts'
import { addField, change, changed, faultsOf, remove, reorder, updateField, updateSettings } from './setting-up.ts'

let gateway: RunningGateway
let orgs: Record<Provider, Org>

beforeAll(async () => {
  gateway = await startGateway({ people: 10 })
  orgs = await orgsOf(gateway)
})
afterAll(() => gateway.stop())

const everything = `
  id
  entityTypes { id name kind displayName check }
  settings {
    __typename id version searchOrder fetchCrmData
    autoSmsPush { enabled entityTypeId field identifier }
    autoChatPush { enabled tagSingleMatchUnasked rules { identifier entityTypeId field } }
    defaultFields { id kind name label required showOnForm demandedByCrm }
    exportFields { id name entityType { id name integration { id } } check variableType value values label }
    searchFields { id name entityType { id name } check filter { field value relatedEntity } }
    detailFields { id name entityType { id name } check filter { field value relatedEntity } }
    backendFields { id name target entityType { id name } check overwrite lookup { relatedEntity searchFields } }
    ... on DynamicsSettings { allowNewCreation allowActivityClosing chatsSaveTo activityTypeName }
    ... on SalesforceSettings {
      allowActivitySubjectChange subjectSuffix personAccountEnabled accountNumberUsed accountEmailField
      sessionIdleMinutes sessionGraceSeconds
    }
  }
`

const versionOf = async (provider: Provider): Promise<number> => {
  const query = 'query ($id: ID!) { integration(id: $id) { settings { version } } }'
  return (await gateway.execute(query, { id: orgs[provider].id })).integration.settings.version
}

const documentOf = async (provider: Provider) =>
  (await gateway.execute('query ($id: ID!) { settingsDocument(integrationId: $id) }', { id: orgs[provider].id }))
    .settingsDocument

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

const constant = (provider: Provider, name: string, value: string) => ({
  entityTypeId: entityTypeOf(orgs[provider], 'ACCOUNT'),
  name,
  variableType: 'CONSTANT',
  fieldType: 'TEXT',
  value,
})
const texts = {
  DYNAMICS: ['address1_city', 'address1_country'],
  SALESFORCE: ['BillingCity', 'BillingCountry'],
} as const

it.each(providers)('%s: all settings of an integration with its entity types are one query', async (provider) => {
  const query = `query ($id: ID!) { integration(id: $id) { ${everything} } }`
  const { id } = orgs[provider]
  for (const [index, name] of texts[provider].entries()) {
    await addField(gateway, 'ExportField', id, await versionOf(provider), constant(provider, name, `value ${index}`))
  }
  const { integration } = await gateway.execute(query, { id })
  expect(integration.settings.__typename).toBe(provider === 'DYNAMICS' ? 'DynamicsSettings' : 'SalesforceSettings')
  expect(integration.settings.exportFields).toHaveLength(2)
  const counts: number[] = []
  for (let run = 0; run < 5; run += 1) {
    counts.push(await gateway.countDatabaseCalls(() => gateway.execute(query, { id })))
  }
  // The event bus looks for other instances' events now and then.
  expect(Math.min(...counts)).toBe(1)
})

it.each(providers)('%s: lists answer one entity type alone, and each row by its global ID', async (provider) => {
  const { id } = orgs[provider]
  const lists = `query ($id: ID!, $entityTypeId: ID!) { integration(id: $id) { settings {
    id exportFields(entityTypeId: $entityTypeId) { id name position }
  } } }`
  const of = async (kind: string) => {
    const { integration } = await gateway.execute(lists, { id, entityTypeId: entityTypeOf(orgs[provider], kind) })
    return integration.settings.exportFields
  }
  expect(await of('CONTACT')).toEqual([])
  const fields = await of('ACCOUNT')
  expect(fields).toMatchObject(texts[provider].map((name, position) => ({ name, position })))

  const { integration } = await gateway.execute(lists, { id, entityTypeId: '' })
  const ids = [integration.settings.id, fields[0].id]
  const nodes = `query ($ids: [ID!]!) { nodes(ids: $ids) {
    id ... on CrmSettings { version } ... on ExportField { name entityType { kind } }
  } }`
  expect((await gateway.execute(nodes, { ids })).nodes).toMatchObject([
    { id: ids[0], version: await versionOf(provider) },
    { id: ids[1], name: texts[provider][0], entityType: { kind: 'ACCOUNT' } },
  ])

  const stranger = await gateway.otherWorkspace('Another')
  expect((await gateway.execute(nodes, { ids }, stranger)).nodes).toEqual([null, null])
  const { data, errors } = await ask(gateway.url, await gateway.key('AGENT'), nodes, { ids })
  expect(errors?.map(({ extensions }) => extensions.code)).toContain('FORBIDDEN')
  expect(JSON.stringify(data)).not.toContain(texts[provider][0])
})

it('a field is added, changed, put in order and removed; each answer says what was changed', async () => {
  const { id } = orgs.DYNAMICS
  const query = 'query ($id: ID!) { integration(id: $id) { settings { exportFields { id name value } } } }'
  const fields = async () => (await gateway.execute(query, { id })).integration.settings.exportFields
  const [first, second] = await fields()

  const version = await versionOf('DYNAMICS')
  const updated = await updateField(gateway, 'ExportField', first.id, version, constant('DYNAMICS', first.name, 'Rome'))
  expect(updated).toMatchObject({
    changedId: first.id,
    integration: { id, settings: { version: version + 1 } },
    warnings: [],
  })
  expect(await fields()).toMatchObject([{ value: 'Rome' }, { value: 'value 1' }])

  const order = [second.id, first.id]
  expect(await reorder(gateway, 'ExportFields', id, version + 1, order)).toMatchObject({ changedId: null })
  expect((await fields()).map((field: { id: string }) => field.id)).toEqual(order)

  expect(await remove(gateway, 'ExportField', first.id, version + 2)).toMatchObject({ __typename: 'SettingsSuccess' })
  expect(await fields()).toMatchObject([{ id: second.id }])
  for (const gone of [first.id, entityTypeOf(orgs.DYNAMICS, 'ACCOUNT'), 'nonsense']) {
    expect(await remove(gateway, 'ExportField', gone, version + 3)).toMatchObject({ __typename: 'NotFoundError' })
  }
})

it('what is wrong is placed on its input, and nothing is changed', async () => {
  const version = await versionOf('SALESFORCE')
  const wrong = { ...constant('SALESFORCE', ' ', 'x'), entityTypeId: orgs.SALESFORCE.id, maxLength: 3 }
  const refused = await addField(gateway, 'ExportField', orgs.SALESFORCE.id, version, wrong)
  expect(faultsOf(refused)).toEqual(expect.arrayContaining(['field.name', 'field.entityTypeId', 'field.maxLength']))
  expect(await versionOf('SALESFORCE')).toBe(version)
})

it('of two admins who read the same version, the second is told who was first, and nothing of theirs is kept', async () => {
  const { id } = orgs.DYNAMICS
  const version = await versionOf('DYNAMICS')
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
  const { allowNewCreation, allowActivityClosing, fetchCrmData } = await documentOf('DYNAMICS')
  expect([allowNewCreation, allowActivityClosing].filter(Boolean)).toHaveLength(1)
  expect(fetchCrmData).toBe(false)
})

it('every change is recorded, the newest first: who, when, what about, before and after', async () => {
  const input = { integrationId: orgs.SALESFORCE.id, expectedVersion: await versionOf('SALESFORCE') }
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
  const before = await documentOf(provider)
  const { edges } = await history(provider, 'first: 1')
  const { id } = orgs[provider]
  const edit = {
    integrationId: id,
    expectedVersion: await versionOf(provider),
    searchOrder: ['EMAIL', 'FULL_NAME', 'PHONE'],
  }
  await change(gateway, updateSettings[provider], edit)
  await addField(gateway, 'ExportField', id, await versionOf(provider), constant(provider, 'description', 'x'))
  expect(await documentOf(provider)).not.toEqual(before)

  const version = await versionOf(provider)
  expect(await restore(edges[0].node.id, version - 1)).toMatchObject({ __typename: 'ConflictError' })
  expect(await restore(edges[0].node.id, version)).toMatchObject({ __typename: 'SettingsSuccess', changedId: null })
  expect(await documentOf(provider)).toEqual(before)
  expect(await versionOf(provider)).toBe(version + 1)
  expect(await restore(id, version + 1)).toMatchObject({ __typename: 'NotFoundError' })
})

it.each(providers)(
  '%s: the import of an export changes nothing; an edited one changes what it says',
  async (provider) => {
    const version = await versionOf(provider)
    const document = await documentOf(provider)
    const input = { integrationId: orgs[provider].id, expectedVersion: version }
    expect(await change(gateway, 'importSettings', { ...input, document })).toMatchObject({
      integration: { settings: { version } },
    })

    const edited = { ...document, fetchCrmData: !document.fetchCrmData }
    expect(await change(gateway, 'importSettings', { ...input, document: edited })).toMatchObject({
      integration: { settings: { version: version + 1 } },
    })
    expect(await documentOf(provider)).toEqual(edited)

    const other = provider === 'DYNAMICS' ? 'SALESFORCE' : 'DYNAMICS'
    for (const wrong of ['nonsense', { ...document, searchOrder: 3 }, await documentOf(other)]) {
      const refused = await change(gateway, 'importSettings', {
        ...input,
        expectedVersion: version + 1,
        document: wrong,
      })
      expect(refused).toMatchObject({ __typename: 'ValidationError' })
      expect(refused.fields?.every(({ path }) => path[0] === 'input' && path[1] === 'document')).toBe(true)
    }
    expect(await documentOf(provider)).toEqual(edited)
  },
)

it('I-05: an added entity type that is used goes only together with what uses it', async () => {
  const { id } = orgs.DYNAMICS
  const added = await change(gateway, 'addEntity', {
    integrationId: id,
    expectedVersion: await versionOf('DYNAMICS'),
    name: 'opportunity',
    displayName: 'Opportunity',
    primaryField: 'name',
    primaryFieldLabel: 'Topic',
  })
  const entityTypeId = added.changedId ?? ''
  const field = { ...constant('DYNAMICS', 'description', 'x'), entityTypeId }
  expect(await addField(gateway, 'ExportField', id, await versionOf('DYNAMICS'), field)).toMatchObject({
    __typename: 'SettingsSuccess',
  })

  const refused = await remove(gateway, 'Entity', entityTypeId, await versionOf('DYNAMICS'))
  expect(refused).toMatchObject({ __typename: 'ValidationError', message: expect.stringContaining('description') })

  const { it: removed } = await gateway.execute(
    `mutation ($id: ID!, $expectedVersion: Int!) {
      it: removeEntity(id: $id, expectedVersion: $expectedVersion, withDependents: true) { ${changed} }
    }`,
    { id: entityTypeId, expectedVersion: await versionOf('DYNAMICS') },
  )
  expect(removed).toMatchObject({ __typename: 'SettingsSuccess' })
  const { entityTypes, exportFields } = await documentOf('DYNAMICS')
  expect(entityTypes).toHaveLength(3)
  expect(JSON.stringify(exportFields)).not.toContain('opportunity')
})

it('ruling 18: the subjects that an agent chooses from are those of the org, and those that the admin adds', async () => {
  const { id } = orgs.SALESFORCE
  const subject = {
    target: 'ACTIVITY',
    name: 'Subject',
    fieldType: 'OPTION_SET',
    variableType: 'INPUT',
    label: 'Topic',
  }
  const add = async (field: object) => addField(gateway, 'BackendField', id, await versionOf('SALESFORCE'), field)
  expect(faultsOf(await add({ ...subject, values: ['Sales', 'Sales'] }))).toEqual(['field.values'])
  expect(faultsOf(await add({ ...subject, values: ['x'.repeat(256)] }))).toEqual(['field.values'])
  const ofRecord = {
    ...subject,
    target: 'RECORD',
    name: 'Rating',
    entityTypeId: entityTypeOf(orgs.SALESFORCE, 'ACCOUNT'),
  }
  expect(faultsOf(await add({ ...ofRecord, values: ['Sales'] }))).toEqual(['field.values'])
  expect(await add({ ...subject, values: ['Sales', 'Call'] })).toMatchObject({ __typename: 'SettingsSuccess' })

  const expectedVersion = await versionOf('SALESFORCE')
  await change(gateway, 'updateSalesforceSettings', {
    integrationId: id,
    expectedVersion,
    allowActivitySubjectChange: true,
  })
  const { hits } = await searchRecords(gateway, { phone: '+1 512 555 0143', integrationIds: [id] })
  const { tagForm } = await gateway.execute(
    `query ($recordIds: [ID!]!) { tagForm(recordIds: $recordIds) {
      ... on TagForm { sections { fields { name label options { value } } } }
    } }`,
    { recordIds: [hits[0]?.record.id] },
  )
  const [field] = tagForm.sections[0].fields
  expect(field).toMatchObject({ name: 'Subject', label: 'Topic' })
  const values = field.options.map(({ value }: { value: string }) => value)
  expect(values).toEqual(expect.arrayContaining(['Call', 'Send Letter', 'Sales']))
  expect(new Set(values).size).toBe(values.length)
})

it('another workspace neither reads nor changes settings that are not its own', async () => {
  const stranger = await gateway.otherWorkspace('Strangers')
  const { id } = orgs.DYNAMICS
  const { settingsDocument } = await gateway.execute(
    'query ($id: ID!) { settingsDocument(integrationId: $id) }',
    { id },
    stranger,
  )
  expect(settingsDocument).toBeNull()
  const edit = { integrationId: id, expectedVersion: await versionOf('DYNAMICS'), fetchCrmData: true }
  expect(await change(gateway, 'updateDynamicsSettings', edit, stranger)).toMatchObject({ __typename: 'NotFoundError' })
  const entity = { id: entityTypeOf(orgs.DYNAMICS, 'LEAD'), expectedVersion: edit.expectedVersion, searchable: false }
  expect(await change(gateway, 'updateEntity', entity, stranger)).toMatchObject({ __typename: 'NotFoundError' })
})
