/** A CRM record as GraphQL exposes it: the row, and where it comes from. */
import type { CrmRecord, FieldType, NamedReference } from '@backchannel/providers'
import type { EntityTypeSnapshot, IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { ReferenceSnapshot } from '../shared/errors.ts'
import { type Column, columnsOf, type FieldView } from './columns.ts'
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

/** What a record is called, as tags and plans name it. */
export function toReference({ integration, entityType, record }: RecordNode): ReferenceSnapshot {
  const { remoteId, name, url } = record
  return { integrationId: integration.id, entityName: entityType.name, remoteId, name, url }
}

export interface ShownField {
  name: string
  label: string
  type: FieldType
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

/** The fields of a view, in their order, with this record's values. What the CRM did not give is left out. */
export function shownFields(node: RecordNode, view: FieldView): ShownField[] {
  return columnsOf(node.integration, node.entityType, view, null).flatMap((column) => showField(node, column))
}

function showField({ record, integration }: RecordNode, { name, label, type, attribute }: Column): ShownField[] {
  const referenceTo = (target: NamedReference | null) => target && { ...target, integrationId: integration.id }
  if (attribute === null) {
    const held = record.fields[name]
    if (held === undefined) return []
    // The org's own type decides how the value is to be read.
    return [{ name, label, type: held.type, value: held.value, raw: held.raw, reference: referenceTo(held.reference) }]
  }
  const held = record[attribute]
  const reference = held !== null && typeof held === 'object' ? referenceTo(held) : null
  const value = held !== null && typeof held === 'object' ? held.name : held
  return [{ name, label, type, value, raw: reference?.remoteId ?? value, reference }]
}
