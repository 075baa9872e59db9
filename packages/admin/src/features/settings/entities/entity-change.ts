import type { DocumentChange } from '../settings-context.ts'

/** What the form of an entity type holds. */
export interface EntityValues {
  name: string
  displayName: string
  primaryField: string
  primaryFieldLabel: string
  searchable: boolean
  creatable: boolean
}

/**
 * The settings with an entity type as the form has it; as they are, while the form is not filled in.
 *
 * @param before the CRM's own name of the one that is edited; null: it is added
 */
export function withEntity(before: string | null, values: EntityValues): DocumentChange {
  const { name, displayName, primaryField, primaryFieldLabel } = values
  if ([name, displayName, primaryField, primaryFieldLabel].some((text) => text.trim() === '')) return (same) => same
  return (document) => ({
    ...document,
    entityTypes:
      before === null
        ? [...document.entityTypes, values]
        : document.entityTypes.map((entityType) => (entityType.name === before ? values : entityType)),
  })
}
