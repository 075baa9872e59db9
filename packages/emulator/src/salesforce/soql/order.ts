import type { OrderByClause } from '@jetstreamapp/soql-parser-js'
import type { Row } from '../../store.ts'
import { refused } from '../errors.ts'
import type { Schema, SObject } from '../metadata/schema.ts'
import { pointedError, type QueryContext, type Source } from './context.ts'
import { resolvePath } from './path.ts'

/** Sorts rows by the statement's criteria; rows that tie keep their order. */
export type Sort = (rows: Row[], context: QueryContext) => Row[]

/** Null: the statement names no order. Nulls come first unless the statement says otherwise; text compares without regard to case. */
export function compileOrder(
  clauses: OrderByClause | OrderByClause[] | undefined,
  object: SObject,
  schema: Schema,
  source: Source,
): Sort | null {
  const criteria = (clauses === undefined ? [] : [clauses].flat()).map((clause) => {
    if (!('field' in clause)) throw refused('MALFORMED_QUERY', "unexpected token: '('")
    const path = resolvePath(clause.field, object, schema, source)
    if (!path.field.sortable) {
      throw pointedError(source, clause.field, `field '${path.field.name}' can not be sorted in a query call`)
    }
    return { path, sign: clause.order === 'DESC' ? -1 : 1, nulls: clause.nulls === 'LAST' ? 1 : -1 }
  })
  if (criteria.length === 0) return null
  return (rows, context) => {
    const readers = criteria.map(({ path }) => path.reader(context))
    const keyed = rows.map((row) => ({ row, keys: readers.map((read) => sortKey(read(row))) }))
    keyed.sort((a, b) => {
      for (const [index, { sign, nulls }] of criteria.entries()) {
        const one = a.keys[index] ?? null
        const other = b.keys[index] ?? null
        if (one === other) continue
        if (one === null) return nulls
        if (other === null) return -nulls
        return one < other ? -sign : sign
      }
      return 0
    })
    return keyed.map(({ row }) => row)
  }
}

function sortKey(value: unknown): string | number | null {
  if (typeof value === 'string') return value.toLowerCase()
  return value === null || value === undefined ? null : Number(value)
}
