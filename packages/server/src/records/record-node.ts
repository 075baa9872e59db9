/** A CRM record as GraphQL exposes it: the row, and where it comes from. */
import type { CrmRecord, ProviderDescriptor } from '@backchannel/providers'
import { providerDefinitions } from '@backchannel/providers'
import type { EntityTypeSnapshot, IntegrationSnapshot } from '../integrations/snapshot.ts'
import { recordNodeId, recordTypenames } from './record-id.ts'

export interface RecordNode {
  readonly __typename: (typeof recordTypenames)[keyof typeof recordTypenames]
  readonly nodeId: string
  readonly record: CrmRecord
  readonly integration: IntegrationSnapshot
  readonly entityType: EntityTypeSnapshot
}

export function toRecordNode(
  integration: IntegrationSnapshot,
  entityType: EntityTypeSnapshot,
  record: CrmRecord,
): RecordNode {
  return {
    __typename: recordTypenames[entityType.kind],
    nodeId: recordNodeId({ integrationId: integration.id, entityName: entityType.name, remoteId: record.remoteId }),
    record,
    integration,
    entityType,
  }
}

export interface ShownField {
  name: string
  label: string
  type: ProviderDescriptor['shownFields'][number]['type']
  value: string | null
  raw: unknown
  /** For a look-up: what it points to. */
  reference: {
    integrationId: string
    entityName: string
    remoteId: string
    name: string | null
    url: string | null
  } | null
}

/** The built-in fields of a view, in their order, with this record's values. */
export function shownFields({ record, integration, entityType }: RecordNode, view: 'SEARCH' | 'DETAIL'): ShownField[] {
  return providerDefinitions[integration.provider].descriptor.shownFields
    .filter((field) => field.kind === entityType.kind && field.view === view)
    .map(({ attribute, name, label, type }) => {
      const held = record[attribute]
      const value = held !== null && typeof held === 'object' ? held.name : held
      const reference = held !== null && typeof held === 'object' ? { ...held, integrationId: integration.id } : null
      return { name, label, type, value, raw: reference?.remoteId ?? value, reference }
    })
}
