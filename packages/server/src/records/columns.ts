/** What of a record is shown, and in which order: built-in fields, then the admin's. Pure. */
import {
  type EntityDescriptor,
  type FieldType,
  providerDefinitions,
  type RecordAttribute,
} from '@backchannel/providers'
import { fieldsByName } from '../integrations/metadata-fields.ts'
import type { EntityTypeSnapshot } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'

export type FieldView = 'SEARCH' | 'DETAIL'

export interface Column {
  /** The CRM's own field name. */
  readonly name: string
  readonly label: string
  readonly type: FieldType
  /** Where a record holds a built-in field; null for one of the admin's, which is among its `fields`. */
  readonly attribute: RecordAttribute | 'name' | null
}

/** What settings show is asked for each record of an answer, so it is worked out once: by view and id of the entity type. */
const known = new WeakMap<IntegrationSnapshot, Map<string, readonly Column[]>>()

/** @param metadata leaves out what the org does not have (any more); null: not asked */
export function columnsOf(
  integration: IntegrationSnapshot,
  entityType: EntityTypeSnapshot,
  view: FieldView,
  metadata: EntityDescriptor | null,
): readonly Column[] {
  const columns = columnsInSettings(integration, entityType, view)
  if (metadata === null) return columns
  const inOrg = fieldsByName(metadata)
  return columns.filter(({ name, attribute }) => attribute !== null || inOrg.has(name))
}

function columnsInSettings(
  integration: IntegrationSnapshot,
  entityType: EntityTypeSnapshot,
  view: FieldView,
): readonly Column[] {
  const ofIntegration = known.get(integration) ?? new Map<string, readonly Column[]>()
  known.set(integration, ofIntegration)
  const key = `${view} ${entityType.id}`
  const kept = ofIntegration.get(key)
  if (kept !== undefined) return kept

  const columns = new Map(builtInColumns(integration, entityType, view).map((column) => [column.name, column]))
  const { searchFields, detailFields } = integration.settings
  for (const { entityTypeId, name, label, fieldType } of view === 'SEARCH' ? searchFields : detailFields) {
    if (entityTypeId !== entityType.id || columns.has(name)) continue
    columns.set(name, { name, label, type: fieldType, attribute: null })
  }
  const found = [...columns.values()]
  ofIntegration.set(key, found)
  return found
}

/** Of an added entity type it is the field that names a record (D-ENT-05). */
function builtInColumns(
  { provider }: IntegrationSnapshot,
  { kind, primaryField, primaryFieldLabel }: EntityTypeSnapshot,
  view: FieldView,
): Column[] {
  if (kind === 'CUSTOM') return [{ name: primaryField, label: primaryFieldLabel, type: 'TEXT', attribute: 'name' }]
  return providerDefinitions[provider].descriptor.shownFields
    .filter((field) => field.kind === kind && field.view === view)
    .map(({ name, label, type, attribute }) => ({ name, label, type, attribute }))
}
