/**
 * Which records a caller reaches. Admins and services: all of entity types that are set up. Agents: of those that are
 * searchable, what the filters of the settings let through; and what is tagged to a conversation of theirs. Pure.
 */
import type { EntityTypeSnapshot, FieldFilter } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { passesFilter } from './passes-filter.ts'
import type { RecordNode } from './record-node.ts'

/** What narrows the searches of an entity type: an agent sees nothing else of it. */
export function filtersOf(
  { settings }: Pick<IntegrationSnapshot, 'settings'>,
  { id }: Pick<EntityTypeSnapshot, 'id'>,
): FieldFilter[] {
  return [...settings.searchFields, ...settings.detailFields].flatMap(({ entityTypeId, filter }) =>
    entityTypeId === id && filter !== null ? [filter] : [],
  )
}

export const seesEverything = (viewer: Pick<Viewer, 'scopes'>) => viewer.scopes.includes('SERVICE')

/** Whether a record that was read with the fields of its filters is one that searches would show. */
export function isWithinFilters({ integration, entityType, record }: RecordNode): boolean {
  return filtersOf(integration, entityType).every((filter) => passesFilter(record.fields[filter.field], filter))
}
