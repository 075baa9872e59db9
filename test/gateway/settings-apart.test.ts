/** Ids of another integration of the same workspace, in every input of settings that takes one (for those of another workspace: apart/). */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { entityTypeOf, type Org, orgsOf } from './searching.ts'
import { addField, change, changed, constantOf, documentOf, textFields, versionOf } from './setting-up.ts'

let gateway: RunningGateway
let dynamics: Org
let salesforce: Org
/** Salesforce's. */
let field: string
let defaultField: string

beforeAll(async () => {
  gateway = await startGateway({ people: 10 })
  ;({ DYNAMICS: dynamics, SALESFORCE: salesforce } = await orgsOf(gateway))
  const constant = constantOf(salesforce, textFields.SALESFORCE[0], 'x')
  const added = await addField(gateway, 'ExportField', salesforce.id, await versionOf(gateway, salesforce), constant)
  field = added.changedId ?? ''
  const query = `query ($id: ID!) { integration(id: $id) {
    settings { defaultFields { id } }
  } }`
  const { settings } = (await gateway.execute(query, { id: salesforce.id })).integration
  defaultField = settings.defaultFields[0].id
})
afterAll(() => gateway.stop())

it('what belongs to another integration is refused where they stand, and nothing is changed', async () => {
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
