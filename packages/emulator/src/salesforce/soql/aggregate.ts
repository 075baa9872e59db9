import type {
  Field,
  FieldFunctionExpression,
  FieldRelationship,
  GroupByClause,
  FieldType as Selected,
} from '@jetstreamapp/soql-parser-js'
import type { Row } from '../../store.ts'
import { refused } from '../errors.ts'
import type { Schema, SObject } from '../metadata/schema.ts'
import type { QueryContext, Reader, Source } from './context.ts'
import { resolvePath } from './path.ts'

/** Rows in, result rows out: one per group, or one for all without `GROUP BY`. */
export type Aggregate = (rows: readonly Row[], context: QueryContext) => Record<string, unknown>[]

interface Column {
  key: string
  compute(rows: readonly Row[], context: QueryContext): unknown
}

type Plain = Field | FieldRelationship

const isPlain = (selected: Selected): selected is Plain =>
  selected.type === 'Field' || selected.type === 'FieldRelationship'

/** Whether the statement groups or computes over rows. `COUNT()` alone is answered otherwise. */
export function isAggregate(selected: readonly Selected[], groupBy: unknown): boolean {
  return groupBy !== undefined || selected.some((one) => one.type === 'FieldFunctionExpression' && one.isAggregateFn)
}

/** Compiles the columns of a statement with aggregate functions. Columns without an alias are `expr0`, `expr1`, … */
export function compileAggregate(
  selected: readonly Selected[],
  groupBy: GroupByClause | GroupByClause[] | undefined,
  object: SObject,
  schema: Schema,
  source: Source,
): Aggregate {
  const groups = (groupBy === undefined ? [] : [groupBy].flat()).map((clause) => {
    if (!('field' in clause)) throw refused('MALFORMED_QUERY', "unexpected token: '('")
    return resolvePath(clause.field, object, schema, source)
  })
  let unnamed = 0
  const columns = selected.map((one): Column => {
    if (one.type === 'FieldFunctionExpression' && one.isAggregateFn) {
      return aggregateColumn(one, one.alias ?? `expr${unnamed++}`, object, schema, source)
    }
    if (!isPlain(one)) throw refused('MALFORMED_QUERY', 'Only grouped fields and aggregate functions can be selected')
    const text = one.type === 'Field' ? one.field : [...one.relationships, one.field].join('.')
    const path = resolvePath(text, object, schema, source)
    if (!groups.some((group) => group.field === path.field && group.lookups.length === path.lookups.length)) {
      throw refused('MALFORMED_QUERY', `Field must be grouped or aggregated: ${text}`)
    }
    const alias = 'alias' in one ? one.alias : undefined
    return {
      key: alias ?? path.field.name,
      compute: (rows, context) => (rows[0] ? path.reader(context)(rows[0]) : null),
    }
  })

  return (rows, context) => {
    const readers = groups.map((group) => group.reader(context))
    const parts = readers.length === 0 ? [rows] : partition(rows, readers)
    return parts.map((part) => {
      const result: Record<string, unknown> = { attributes: { type: 'AggregateResult' } }
      for (const column of columns) result[column.key] = column.compute(part, context)
      return result
    })
  }
}

function partition(rows: readonly Row[], readers: readonly Reader[]): Row[][] {
  const parts = new Map<string, Row[]>()
  for (const row of rows) {
    const key = JSON.stringify(readers.map((read) => groupKey(read(row))))
    const part = parts.get(key)
    if (part) part.push(row)
    else parts.set(key, [row])
  }
  return [...parts.values()]
}

const groupKey = (value: unknown) => (typeof value === 'string' ? value.toLowerCase() : value)

function aggregateColumn(
  call: FieldFunctionExpression,
  key: string,
  object: SObject,
  schema: Schema,
  source: Source,
): Column {
  const name = call.functionName.toUpperCase()
  const [argument] = call.parameters
  if (argument === undefined && name === 'COUNT') return { key, compute: (rows) => rows.length }
  if (typeof argument !== 'string') throw refused('MALFORMED_QUERY', `unexpected token: '${call.functionName}'`)
  const path = resolvePath(argument, object, schema, source)
  const compute = computations[name]
  if (!compute) throw refused('MALFORMED_QUERY', `unexpected token: '${call.functionName}'`)
  return {
    key,
    compute(rows, context) {
      const read = path.reader(context)
      return compute(rows.map(read).filter((value) => value !== null))
    },
  }
}

const sum = (values: readonly unknown[]) => values.reduce<number>((total, value) => total + Number(value), 0)

/** The one that is less (or greater) than all others. */
function extreme(values: readonly unknown[], isBetter: (one: number | string, best: number | string) => boolean) {
  const known = values as (number | string)[]
  return known.reduce<number | string | null>((best, one) => (best === null || isBetter(one, best) ? one : best), null)
}

const computations: Record<string, (values: readonly unknown[]) => unknown> = {
  COUNT: (values) => values.length,
  COUNT_DISTINCT: (values) => new Set(values.map(groupKey)).size,
  SUM: (values) => (values.length === 0 ? null : sum(values)),
  AVG: (values) => (values.length === 0 ? null : sum(values) / values.length),
  MIN: (values) => extreme(values, (one, best) => one < best),
  MAX: (values) => extreme(values, (one, best) => one > best),
}
