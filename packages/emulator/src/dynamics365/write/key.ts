/** The part in parentheses of `contacts(…)`: a row's id, or the columns of an alternate key. */
import { type Row, type Store, textOf } from '../../store.ts'
import { badQuery } from '../errors.ts'
import type { Entity } from '../schema/index.ts'
import { guidPattern } from '../values.ts'

export type Key = { id: string } | { columns: ReadonlyMap<string, string | number> }

/** A segment `set(key)` or `set`, decoded. Undefined for anything else. */
export function splitKey(segment: string): { name: string; key?: string } | undefined {
  const found = /^([^()]+)(?:\((.*)\))?$/s.exec(segment)
  if (!found) return undefined
  const [, name = '', key] = found
  return key === undefined ? { name } : { name, key }
}

/** Reads the key; throws the server's refusal when it is neither a guid nor one of the entity's alternate keys. */
export function parseKey(text: string, entity: Entity): Key {
  if (guidPattern.test(text)) return { id: text.toLowerCase() }
  const columns = new Map<string, string | number>()
  const pair = /\s*(\w+)\s*=\s*(?:'((?:[^']|'')*)'|([\w.-]+))\s*(,|$)/y
  while (pair.lastIndex < text.length) {
    const found = pair.exec(text)
    if (!found) throw badQuery('Bad Request - Error in query syntax.')
    const [, name = '', quoted, bare = ''] = found
    columns.set(name, quoted !== undefined ? quoted.replaceAll("''", "'") : /^-?\d+$/.test(bare) ? Number(bare) : bare)
  }
  const { primaryId, alternateKeys = [] } = entity.definition
  const id = columns.size === 1 ? columns.get(primaryId) : undefined
  if (typeof id === 'string' && guidPattern.test(id)) return { id: id.toLowerCase() }
  const isKey = alternateKeys.some((key) => key.length === columns.size && key.every((name) => columns.has(name)))
  if (!isKey) throw badQuery(`The specified key properties are not defined as a key of the entity ${entity.name}.`)
  return { columns }
}

/** The row that a key names, if it is there. */
export function findByKey(key: Key, entity: Entity, store: Store): Row | undefined {
  if ('id' in key) return store.table(entity.name).get(key.id)
  const [[first, value] = ['', '']] = key.columns
  for (const row of store.matching(entity.name, first, String(value))) {
    if ([...key.columns].every(([name, wanted]) => isEqual(row[name], wanted))) return row
  }
  return undefined
}

function isEqual(a: unknown, b: string | number): boolean {
  return textOf(a).toLowerCase() === String(b).toLowerCase()
}
