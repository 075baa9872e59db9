/** What the server checks of a whole row before it keeps it. */
import type { Row, Store } from '../../store.ts'
import { DataverseError, invalidArgument } from '../errors.ts'
import type { Entity } from '../schema/index.ts'

/** `SystemRequired` columns must hold something; those that the server fills do. */
export function checkRequired(row: Row, entity: Entity): void {
  for (const { property, name, definition } of entity.attributes.values()) {
    const value = row[property]
    if (definition.required === 'SystemRequired' && (value === null || value === undefined)) {
      throw invalidArgument(`Attribute: ${name} cannot be set to NULL`)
    }
  }
}

/** An alternate key names one row only. */
export function checkAlternateKeys(row: Row, entity: Entity, store: Store): void {
  for (const key of entity.definition.alternateKeys ?? []) {
    const [first = ''] = key
    if (key.some((name) => row[name] === null || row[name] === undefined)) continue
    for (const other of store.matching(entity.name, first, String(row[first]))) {
      const same = key.every((name) => String(other[name]).toLowerCase() === String(row[name]).toLowerCase())
      if (same && idOf(other, entity) !== idOf(row, entity)) {
        const labels = key.map((name) => entity.attributes.get(name)?.definition.label ?? name).join(', ')
        throw new DataverseError(
          412,
          '0x80060892',
          `Entity Key ${labels} violated. A record with the same value for ${labels} already exists. A duplicate record cannot be created. Select one or more unique values and try again.`,
        )
      }
    }
  }
}

/** Duplicate detection, for callers that ask for it (crm-apis.md 1.9). */
export function checkDuplicates(row: Row, entity: Entity, store: Store): void {
  const field = entity.definition.duplicateField
  const value = field === undefined ? undefined : row[field]
  if (field === undefined || typeof value !== 'string') return
  for (const other of store.matching(entity.name, field, value)) {
    if (idOf(other, entity) !== idOf(row, entity) && other['statecode'] === 0) {
      throw new DataverseError(
        412,
        '0x80040333',
        'A record was not created or updated because a duplicate of the current record already exists.',
      )
    }
  }
}

function idOf(row: Row, entity: Entity): unknown {
  return row[entity.definition.primaryId]
}
