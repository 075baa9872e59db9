/** Global IDs of CRM records: the kind as type, then integration, entity type and the CRM's own key. */
import type { EntityKind } from '@backchannel/providers'
import { decodeAnyId, encodeId } from '../shared/global-id.ts'

export interface RecordKey {
  kind: EntityKind
  integrationId: string
  /** The CRM's own name of the entity type. */
  entityName: string
  remoteId: string
}

export const recordTypenames = {
  ACCOUNT: 'Account',
  CONTACT: 'Contact',
  LEAD: 'Lead',
  CUSTOM: 'CustomRecord',
} as const satisfies Record<EntityKind, string>

const kinds = new Map<string, EntityKind>(
  Object.entries(recordTypenames).map(([kind, typename]) => [typename, kind as EntityKind]),
)

/** The part of a global ID behind its type. */
export const recordNodeId = ({ integrationId, entityName, remoteId }: Omit<RecordKey, 'kind'>) =>
  `${integrationId}:${entityName}:${remoteId}`

export const encodeRecordId = (key: RecordKey) => encodeId(recordTypenames[key.kind], recordNodeId(key))

/** What a global ID names; null for anything that is no CRM record's. */
export function decodeRecordId(globalId: string): RecordKey | null {
  const decoded = decodeAnyId(globalId)
  const kind = decoded && kinds.get(decoded.typename)
  return kind ? parseRecordNodeId(kind, decoded.id) : null
}

export function parseRecordNodeId(kind: EntityKind, nodeId: string): RecordKey | null {
  const [integrationId, entityName, remoteId, ...rest] = nodeId.split(':')
  if (!integrationId || !entityName || !remoteId || rest.length > 0) return null
  return { kind, integrationId, entityName, remoteId }
}
