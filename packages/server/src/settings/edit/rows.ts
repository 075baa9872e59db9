/** What the lists of settings have in common: rows in the admin's order, each list ordered within an entity type. */
import { NotFoundError, ValidationError } from '../../shared/errors.ts'

interface Row {
  readonly id: string
  readonly position: number
}

interface FieldRow extends Row {
  readonly entityTypeId: string | null
}

/** @param noun "export field" */
export function rowOf<T extends Row>(rows: readonly T[], id: string, noun: string): T {
  const row = rows.find((it) => it.id === id)
  if (row === undefined) throw new NotFoundError(`There is no such ${noun}.`)
  return row
}

export function replaceRow<T extends Row>(rows: readonly T[], row: T): T[] {
  return rows.map((it) => (it.id === row.id ? row : it))
}

/** Positions count from 0 within each entity type, in the order of the list. */
export function numbered<T extends FieldRow>(rows: readonly T[]): T[] {
  const counts = new Map<string | null, number>()
  return rows.map((row) => {
    const position = counts.get(row.entityTypeId) ?? 0
    counts.set(row.entityTypeId, position + 1)
    return row.position === position ? row : { ...row, position }
  })
}

/**
 * The rows of the entity types that `ids` names, in its order.
 *
 * @throws ValidationError where it names one twice, one that is not there, or leaves one of an entity type out
 */
export function reorderRows<T extends FieldRow>(rows: readonly T[], ids: readonly string[], noun: string): T[] {
  const wanted = permutation(rows, ids, noun)
  const groups = new Set(wanted.map(({ entityTypeId }) => entityTypeId))
  const left = rows.filter(({ id, entityTypeId }) => groups.has(entityTypeId) && !ids.includes(id))
  if (left.length > 0) throw order(`Name every ${noun} of the entity type: ${left.length} of them are left out.`)
  return numbered([...rows.filter(({ entityTypeId }) => !groups.has(entityTypeId)), ...wanted])
}

/** @throws ValidationError where `ids` names one twice, or one that is not there */
export function permutation<T extends Row>(rows: readonly T[], ids: readonly string[], noun: string): T[] {
  if (new Set(ids).size < ids.length) throw order(`Name each ${noun} once.`)
  return ids.map((id) => {
    const row = rows.find((it) => it.id === id)
    if (row === undefined) throw order(`There is no such ${noun} any more. Load the settings again.`)
    return row
  })
}

export function order(message: string): ValidationError {
  return new ValidationError([{ path: ['ids'], message }])
}
