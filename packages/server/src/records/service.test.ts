import { expect, test } from 'vitest'
import type { EntityTypeSnapshot, IntegrationService, IntegrationSnapshot } from '../integrations/service.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { NotFoundError } from '../shared/errors.ts'
import type { Viewer } from '../viewers/viewer.ts'
import type { RecordIntentStore } from './intent-store.ts'
import { encodeRecordId } from './record-id.ts'
import type { RecordNode } from './record-node.ts'
import { everySelected } from './selection.ts'
import { createRecordService } from './service.ts'

const agent = { workspaceId: 'workspace-1', scopes: ['AGENT'] } as unknown as Viewer
const backend = { ...agent, scopes: ['SERVICE', 'AGENT'] } as Viewer
const contact = { name: 'contact', kind: 'CONTACT', searchable: true } as EntityTypeSnapshot
const hidden = { name: 'lead', kind: 'LEAD', searchable: false } as EntityTypeSnapshot

function openRecords() {
  const integration = { id: 'org', entityTypes: [contact, hidden] } as unknown as IntegrationSnapshot
  const records = createRecordService({
    integrations: { find: async () => integration } as unknown as IntegrationService,
    intents: {} as RecordIntentStore,
    secrets: {} as SecretBox,
    visitorOf: async () => ({}),
    tagNewRecord: async () => 'tag-1',
  })
  const loaders = { load: async () => ({ nodeId: 'found' }) as RecordNode }
  const key = { integrationId: 'org', remoteId: '1' }
  return (viewer: Viewer, kind: 'CONTACT' | 'LEAD', entityName: string) =>
    records.get(viewer, encodeRecordId({ ...key, kind, entityName }), loaders, everySelected)
}

test('an id that calls a record by the wrong kind is forged, and not found', async () => {
  const get = openRecords()
  expect(await get(agent, 'CONTACT', 'contact')).toEqual({ nodeId: 'found' })
  await expect(get(agent, 'LEAD', 'contact')).rejects.toThrow(NotFoundError)
})

test('an agent reaches only entity types that are set up and searchable; a backend all that are set up', async () => {
  const get = openRecords()
  await expect(get(agent, 'LEAD', 'lead')).rejects.toThrow(NotFoundError)
  expect(await get(backend, 'LEAD', 'lead')).toEqual({ nodeId: 'found' })
  await expect(get(backend, 'CONTACT', 'systemuser')).rejects.toThrow(NotFoundError)
})
