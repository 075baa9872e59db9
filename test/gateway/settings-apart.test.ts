/** Ids of another workspace, and of another integration of the same, in every input that takes one. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { entityTypeOf, type Org, orgsOf } from './searching.ts'
import { addField, change, changed, constantOf, documentOf, textFields, versionOf } from './setting-up.ts'

let gateway: RunningGateway
let dynamics: Org
let salesforce: Org
/** Salesforce's. */
let field: string
let changeId: string
let defaultField: string

beforeAll(async () => {
  gateway = await startGateway({ people: 10 })
  ;({ DYNAMICS: dynamics, SALESFORCE: salesforce } = await orgsOf(gateway))
  const constant = constantOf(salesforce, textFields.SALESFORCE[0], 'x')
  const added = await addField(gateway, 'ExportField', salesforce.id, await versionOf(gateway, salesforce), constant)
  field = added.changedId ?? ''
  const query = `query ($id: ID!) { integration(id: $id) {
    settingsHistory(first: 1) { edges { node { id } } }
    settings { defaultFields { id } }
  } }`
  const { settingsHistory, settings } = (await gateway.execute(query, { id: salesforce.id })).integration
  changeId = settingsHistory.edges[0].node.id
  defaultField = settings.defaultFields[0].id
})
afterAll(() => gateway.stop())

it('of another workspace: nothing is found, and nothing is changed', async () => {
  const stranger = await gateway.otherWorkspace('Strangers')
  const before = [await documentOf(gateway, dynamics), await documentOf(gateway, salesforce)]
  const expectedVersion = await versionOf(gateway, salesforce)
  const shown = { entityTypeId: entityTypeOf(salesforce, 'ACCOUNT'), name: 'Site', label: 'Site', fieldType: 'TEXT' }
  const of = { integrationId: salesforce.id, expectedVersion }
  const constant = constantOf(salesforce, textFields.SALESFORCE[0], 'y')
  const operations: [string, Record<string, unknown>][] = [
    ['updateSalesforceSettings(input: $input)', { input: { ...of, fetchCrmData: true } }],
    ['updateDefaultFields(input: $input)', { input: { ...of, fields: [{ id: defaultField, required: true }] } }],
    ['importSettings(input: $input)', { input: { ...of, document: before[1] } }],
    ['updateEntity(input: $input)', { input: { id: shown.entityTypeId, expectedVersion, searchable: false } }],
    ['removeEntity(id: $id, expectedVersion: $v)', { id: shown.entityTypeId, v: expectedVersion }],
    ['reorderEntities(integrationId: $id, expectedVersion: $v, ids: [])', { id: salesforce.id, v: expectedVersion }],
    [
      'addSearchField(integrationId: $id, expectedVersion: $v, field: $shown)',
      { id: salesforce.id, v: expectedVersion, shown },
    ],
    ['updateExportField(id: $id, expectedVersion: $v, field: $constant)', { id: field, v: expectedVersion, constant }],
    ['removeExportField(id: $id, expectedVersion: $v)', { id: field, v: expectedVersion }],
    [
      'reorderExportFields(integrationId: $id, expectedVersion: $v, ids: [])',
      { id: salesforce.id, v: expectedVersion },
    ],
    ['restoreSettings(changeId: $id, expectedVersion: $v)', { id: changeId, v: expectedVersion }],
  ]
  for (const [operation, variables] of operations) {
    const name = operation.slice(0, operation.indexOf('('))
    const input = `${name.charAt(0).toUpperCase()}${name.slice(1)}Input!`
    const types: Record<string, string> = {
      input: name === 'importSettings' ? 'SettingsDocumentInput!' : input,
      ...{ id: 'ID!', v: 'Int!', shown: 'ShownFieldInput!', constant: 'ExportFieldInput!' },
    }
    const declared = Object.keys(variables).map((key) => `$${key}: ${types[key]}`)
    const mutation = `mutation (${declared.join(', ')}) { it: ${operation} { ${changed} } }`
    const { it: answer } = await gateway.execute(mutation, variables, stranger)
    expect([name, answer.__typename]).toEqual([name, 'NotFoundError'])
  }
  const ids = [field, changeId, defaultField]
  const { nodes } = await gateway.execute('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids }, stranger)
  expect(nodes).toEqual([null, null, null])
  expect([await documentOf(gateway, dynamics), await documentOf(gateway, salesforce)]).toEqual(before)
})

it('of another integration: refused where they stand, and nothing is changed', async () => {
  const before = [await documentOf(gateway, dynamics), await documentOf(gateway, salesforce)]
  const expectedVersion = await versionOf(gateway, dynamics)
  const of = { integrationId: dynamics.id, expectedVersion }
  const entityTypeId = entityTypeOf(salesforce, 'ACCOUNT')
  const faults = async (answer: ReturnType<typeof change>) => (await answer).fields?.map(({ path }) => path.join('.'))

  const constant = { ...constantOf(dynamics, textFields.DYNAMICS[0], 'x'), entityTypeId }
  expect(await faults(addField(gateway, 'ExportField', dynamics.id, expectedVersion, constant))).toEqual([
    'field.entityTypeId',
  ])
  const rule = { identifier: 'PHONE', entityTypeId, field: 'telephone1' }
  const push = change(gateway, 'updateDynamicsSettings', { ...of, autoChatPush: { enabled: true, rules: [rule] } })
  expect(await faults(push)).toEqual(['input.autoChatPush.rules.0.entityTypeId'])
  const sms = { enabled: true, entityTypeId, field: 'telephone1' }
  const text = change(gateway, 'updateDynamicsSettings', { ...of, fetchCrmData: true, autoSmsPush: sms })
  expect(await faults(text)).toEqual(['input.autoSmsPush.entityTypeId'])
  const switched = change(gateway, 'updateDefaultFields', { ...of, fields: [{ id: defaultField, required: true }] })
  expect(await faults(switched)).toEqual(['input.fields.0.id'])
  const order = `mutation ($id: ID!, $v: Int!, $ids: [ID!]!) {
    fields: reorderExportFields(integrationId: $id, expectedVersion: $v, ids: $ids) { ${changed} }
    entities: reorderEntities(integrationId: $id, expectedVersion: $v, ids: [${JSON.stringify(entityTypeId)}]) { ${changed} }
  }`
  const orders = await gateway.execute(order, { id: dynamics.id, v: expectedVersion, ids: [field] })
  for (const answer of [orders.fields, orders.entities]) expect(answer.fields).toMatchObject([{ path: ['ids'] }])

  expect([await documentOf(gateway, dynamics), await documentOf(gateway, salesforce)]).toEqual(before)
  expect(await versionOf(gateway, dynamics)).toBe(expectedVersion)
})
