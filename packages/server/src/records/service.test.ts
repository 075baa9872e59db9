import { expect, test } from 'vitest'
import type { EntityTypeSnapshot, IntegrationService } from '../integrations/service.ts'
import type { ShownField } from '../integrations/settings.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { NotFoundError } from '../shared/errors.ts'
import { checked, testIntegration } from '../testing/integration.ts'
import type { Viewer } from '../viewers/viewer.ts'
import type { RecordIntentStore } from './intent-store.ts'
import { encodeRecordId } from './record-id.ts'
import { toRecordNode } from './record-node.ts'
import { everySelected } from './selection.ts'
import { createRecordService } from './service.ts'
import { writtenRecord } from './written-record.ts'

const agent = { workspaceId: 'workspace-1', scopes: ['AGENT'] } as unknown as Viewer
const backend = { ...agent, scopes: ['SERVICE', 'AGENT'] } as Viewer

/** Leads are closed to search; of contacts only those in the sales department are searched. */
function openRecords() {
  const { entityTypes } = testIntegration('DYNAMICS')
  const contactType = entityTypes.find(({ kind }) => kind === 'CONTACT') as EntityTypeSnapshot
  const filter = { field: 'department', value: 'Sales', relatedEntity: null }
  const department: ShownField = {
    ...{ ...checked, id: 'shown', entityTypeId: contactType.id, name: 'department', label: 'Department' },
    ...{ fieldType: 'TEXT', position: 0, filter },
  }
  const integration = testIntegration(
    'DYNAMICS',
    { id: 'org', entityTypes: entityTypes.map((it) => ({ ...it, searchable: it.kind !== 'LEAD' })) },
    { detailFields: [department] },
  )
  const records = createRecordService({
    integrations: { find: async () => integration } as unknown as IntegrationService,
    intents: {} as RecordIntentStore,
    secrets: {} as SecretBox,
    workspaceOf: async () => ({ timeZone: 'UTC', countryCode: 'US' }),
    now: Date.now,
    factsOf: () => Promise.reject(new NotFoundError('There is none.')),
    isTagged: async (_viewer, { remoteId }) => remoteId === 'tagged',
    tagNewRecord: async () => 'tag-1',
  })
  const get = (viewer: Viewer, kind: 'CONTACT' | 'LEAD', entityName: string, remoteId = '1', held = 'Sales') => {
    const key = { integrationId: 'org', kind, entityName, remoteId }
    const value = { name: 'department', type: 'TEXT', value: held, raw: held, reference: null } as const
    const record = {
      ...writtenRecord({ ...key, url: '', values: [], defaultFields: [] }),
      fields: { department: value },
    }
    const load = async () => {
      const entityType = integration.entityTypes.find(({ name }) => name === entityName)
      return entityType ? toRecordNode(integration, entityType, record) : null
    }
    return records.get(viewer, encodeRecordId(key), { load }, everySelected)
  }
  return { records, get }
}

test('an id that calls a record by the wrong kind is forged, and not found', async () => {
  const { get } = openRecords()
  expect(await get(agent, 'CONTACT', 'contact')).toMatchObject({ nodeId: 'org:contact:1' })
  await expect(get(agent, 'LEAD', 'contact')).rejects.toThrow(NotFoundError)
})

test('an agent reaches only entity types that are set up and searchable; a backend all that are set up', async () => {
  const { get } = openRecords()
  await expect(get(agent, 'LEAD', 'lead')).rejects.toThrow(NotFoundError)
  expect(await get(backend, 'LEAD', 'lead')).toMatchObject({ nodeId: 'org:lead:1' })
  await expect(get(backend, 'CONTACT', 'systemuser')).rejects.toThrow(NotFoundError)
})

test('an agent does not reach records outside of a filter; a backend does', async () => {
  const { get } = openRecords()
  await expect(get(agent, 'CONTACT', 'contact', '1', 'Service')).rejects.toThrow(NotFoundError)
  expect(await get(backend, 'CONTACT', 'contact', '1', 'Service')).toMatchObject({ nodeId: 'org:contact:1' })
})

test('an agent reaches what a conversation is tagged with, whatever the settings say of it now', async () => {
  const { get } = openRecords()
  expect(await get(agent, 'LEAD', 'lead', 'tagged')).toMatchObject({ nodeId: 'org:lead:tagged' })
  expect(await get(agent, 'CONTACT', 'contact', 'tagged', 'Service')).toMatchObject({ nodeId: 'org:contact:tagged' })
})

test('an idempotency key that is too long is refused by its name, before the CRM is asked', async () => {
  const { records } = openRecords()
  const input = { integrationId: 'org', entityTypeId: 'any', values: [], allowDuplicate: false }
  const create = records.create(backend, { ...input, idempotencyKey: 'k'.repeat(256) }, new AbortController().signal)
  await expect(create).rejects.toMatchObject({ fields: [{ path: ['input', 'idempotencyKey'] }] })
})
