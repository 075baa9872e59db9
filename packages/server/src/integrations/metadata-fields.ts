import type { EntityDescriptor, FieldDescriptor } from '@backchannel/providers'

/** A descriptor is kept while the org stays as it is, and each plan looks up many names in it. */
const known = new WeakMap<EntityDescriptor, ReadonlyMap<string, FieldDescriptor>>()

/** What an entity type has, by the CRM's own field names. */
export function fieldsByName(metadata: EntityDescriptor): ReadonlyMap<string, FieldDescriptor> {
  const kept = known.get(metadata)
  if (kept !== undefined) return kept
  const fields = new Map(metadata.fields.map((field) => [field.name, field]))
  known.set(metadata, fields)
  return fields
}
