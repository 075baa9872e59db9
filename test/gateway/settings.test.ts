import { afterAll, beforeAll, expect, it } from 'vitest'
import { ask, type RunningGateway, startGateway } from './running-gateway.ts'
import { entityTypeOf, type Org, orgsOf, type Provider, providers, searchRecords } from './searching.ts'
import {
  addField,
  change,
  changed,
  constantOf,
  documentOf,
  faultsOf,
  remove,
  reorder,
  textFields,
  updateField,
  updateSettings,
  versionOf,
} from './setting-up.ts'

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

it.each(providers)('%s: all settings of an integration with its entity types are one query', async (provider) => {
  const query = `query ($id: ID!) { integration(id: $id) { ${everything} } }`
  const { id } = orgs[provider]
  for (const [index, name] of textFields[provider].entries()) {
    await addField(
      gateway,
      'ExportField',
      id,
      await versionOf(gateway, orgs[provider]),
      constantOf(orgs[provider], name, `value ${index}`),
    )
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
  expect(fields).toMatchObject(textFields[provider].map((name, position) => ({ name, position })))

  const { integration } = await gateway.execute(lists, { id, entityTypeId: '' })
  const ids = [integration.settings.id, fields[0].id]
  const nodes = `query ($ids: [ID!]!) { nodes(ids: $ids) {
    id ... on CrmSettings { version } ... on ExportField { name entityType { kind } }
  } }`
  expect((await gateway.execute(nodes, { ids })).nodes).toMatchObject([
    { id: ids[0], version: await versionOf(gateway, orgs[provider]) },
    { id: ids[1], name: textFields[provider][0], entityType: { kind: 'ACCOUNT' } },
  ])

  const stranger = await gateway.otherWorkspace('Another')
  expect((await gateway.execute(nodes, { ids }, stranger)).nodes).toEqual([null, null])
  const { data, errors } = await ask(gateway.url, await gateway.key('AGENT'), nodes, { ids })
  expect(errors?.map(({ extensions }) => extensions.code)).toContain('FORBIDDEN')
  expect(JSON.stringify(data)).not.toContain(textFields[provider][0])
})

it('a field is added, changed, put in order and removed; each answer says what was changed', async () => {
  const { id } = orgs.DYNAMICS
  const query = 'query ($id: ID!) { integration(id: $id) { settings { exportFields { id name value } } } }'
  const fields = async () => (await gateway.execute(query, { id })).integration.settings.exportFields
  const [first, second] = await fields()

  const version = await versionOf(gateway, orgs.DYNAMICS)
  const updated = await updateField(
    gateway,
    'ExportField',
    first.id,
    version,
    constantOf(orgs.DYNAMICS, first.name, 'Rome'),
  )
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
  const version = await versionOf(gateway, orgs.SALESFORCE)
  const wrong = { ...constantOf(orgs.SALESFORCE, ' ', 'x'), entityTypeId: orgs.SALESFORCE.id, maxLength: 3 }
  const refused = await addField(gateway, 'ExportField', orgs.SALESFORCE.id, version, wrong)
  expect(faultsOf(refused)).toEqual(expect.arrayContaining(['field.name', 'field.entityTypeId', 'field.maxLength']))
  expect(await versionOf(gateway, orgs.SALESFORCE)).toBe(version)
})

it('I-05: an added entity type that is used goes only together with what uses it', async () => {
  const { id } = orgs.DYNAMICS
  const added = await change(gateway, 'addEntity', {
    integrationId: id,
    expectedVersion: await versionOf(gateway, orgs.DYNAMICS),
    name: 'opportunity',
    displayName: 'Opportunity',
    primaryField: 'name',
    primaryFieldLabel: 'Topic',
  })
  const entityTypeId = added.changedId ?? ''
  const field = { ...constantOf(orgs.DYNAMICS, 'description', 'x'), entityTypeId }
  expect(await addField(gateway, 'ExportField', id, await versionOf(gateway, orgs.DYNAMICS), field)).toMatchObject({
    __typename: 'SettingsSuccess',
  })

  const refused = await remove(gateway, 'Entity', entityTypeId, await versionOf(gateway, orgs.DYNAMICS))
  expect(refused).toMatchObject({ __typename: 'ValidationError', message: expect.stringContaining('description') })

  const { it: removed } = await gateway.execute(
    `mutation ($id: ID!, $expectedVersion: Int!) {
      it: removeEntity(id: $id, expectedVersion: $expectedVersion, withDependents: true) { ${changed} }
    }`,
    { id: entityTypeId, expectedVersion: await versionOf(gateway, orgs.DYNAMICS) },
  )
  expect(removed).toMatchObject({ __typename: 'SettingsSuccess' })
  const { entityTypes, exportFields } = await documentOf(gateway, orgs.DYNAMICS)
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
  const add = async (field: object) =>
    addField(gateway, 'BackendField', id, await versionOf(gateway, orgs.SALESFORCE), field)
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

  const expectedVersion = await versionOf(gateway, orgs.SALESFORCE)
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
  const edit = { integrationId: id, expectedVersion: await versionOf(gateway, orgs.DYNAMICS), fetchCrmData: true }
  expect(await change(gateway, 'updateDynamicsSettings', edit, stranger)).toMatchObject({ __typename: 'NotFoundError' })
  const entity = { id: entityTypeOf(orgs.DYNAMICS, 'LEAD'), expectedVersion: edit.expectedVersion, searchable: false }
  expect(await change(gateway, 'updateEntity', entity, stranger)).toMatchObject({ __typename: 'NotFoundError' })
})

it('the settings of one CRM are not changed by the mutation of the other; the refusal says which to use', async () => {
  const { integrations } = await gateway.execute('{ integrations { id provider settings { version } } }')
  for (const { id, provider, settings } of integrations) {
    const wrong = provider === 'DYNAMICS' ? 'updateSalesforceSettings' : 'updateDynamicsSettings'
    const given = { integrationId: id, expectedVersion: settings.version, fetchCrmData: true }
    expect(await change(gateway, wrong, given)).toMatchObject({
      __typename: 'NotAllowedError',
      message: expect.stringContaining(updateSettings[provider as Provider]),
    })
  }
})

it('an agent reads no settings; the backend of a chat product does', async () => {
  const query = '{ integrations { settings { version } } }'
  const { errors } = await ask(gateway.url, await gateway.key('AGENT'), query)
  expect(errors?.map(({ extensions }) => extensions.code)).toContain('FORBIDDEN')
  const { data } = await ask(gateway.url, await gateway.key('SERVICE'), query)
  expect(data.integrations).toHaveLength(2)
})
