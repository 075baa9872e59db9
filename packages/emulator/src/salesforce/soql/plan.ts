import type { QueryBase, Subquery } from '@jetstreamapp/soql-parser-js'
import type { Row } from '../../store.ts'
import { refused, unknownType } from '../errors.ts'
import type { Schema, SObject } from '../metadata/schema.ts'
import { type Aggregate, compileAggregate, isAggregate } from './aggregate.ts'
import type { Filter, QueryContext, Source } from './context.ts'
import { compileFilter } from './filter.ts'
import { compileOrder, type Sort } from './order.ts'
import { parseSoql } from './parser.ts'
import { noSuchRelationship, resolvePath } from './path.ts'
import { type CompileChildren, compileSelection, fieldsKind, type Selection } from './select.ts'
import { toCondition } from './where.ts'

/** What a statement answers, before it is cut into pages. */
type QueryResult =
  | { kind: 'count'; count: number }
  | { kind: 'aggregate'; records: Record<string, unknown>[] }
  | { kind: 'rows'; rows: Row[]; project(row: Row): Record<string, unknown>; hasLongText: boolean }

/** A compiled statement. */
export interface Plan {
  object: SObject
  run(context: QueryContext): QueryResult
}

const maxStatement = 100_000
const maxOffset = 2000
const cachedPlans = 2000

const plans = new WeakMap<Schema, Map<string, Plan>>()

/** Compiles a statement, once per text and schema. Refuses with the vendor's errors what is not SOQL or not in the schema. */
export function planQuery(text: string, schema: Schema): Plan {
  let known = plans.get(schema)
  if (!known) {
    known = new Map()
    plans.set(schema, known)
  }
  let plan = known.get(text)
  if (!plan) {
    plan = compile(text, schema)
    if (known.size >= cachedPlans) known.clear()
    known.set(text, plan)
  }
  return plan
}

function compile(text: string, schema: Schema): Plan {
  if (text.length > maxStatement) {
    throw refused('MALFORMED_QUERY', `SOQL statements cannot be longer than ${maxStatement} characters.`)
  }
  const query = parseSoql(text)
  const object = schema.objectNamed(query.sObject ?? '')
  if (!object) throw unknownType(query.sObject ?? '')
  return compileQuery(query, object, schema, { text, alias: query.sObjectAlias })
}

function compileQuery(query: QueryBase, object: SObject, schema: Schema, source: Source): Plan {
  const selected = query.fields ?? []
  const { limit, offset = 0 } = query
  if (query.having)
    throw refused('MALFORMED_QUERY', "unexpected token: 'HAVING' (the emulated Salesforce has no HAVING)")
  if (offset > maxOffset) throw refused('NUMBER_OUTSIDE_VALID_RANGE', `Maximum SOQL offset allowed is ${maxOffset}`)
  checkFieldsLimit(query)
  const filter = query.where ? compileWhere(query, object, schema, source) : null
  const sort = compileOrder(query.orderBy, object, schema, source)
  const window = { limit, offset }

  const [first] = selected
  const isCount =
    selected.length === 1 && first?.type === 'FieldFunctionExpression' && first.rawValue?.toUpperCase() === 'COUNT()'
  if (isCount) {
    return {
      object,
      run: (context) => ({ kind: 'count', count: findRows(object, filter, sort, window, context).length }),
    }
  }
  if (isAggregate(selected, query.groupBy)) {
    const aggregate: Aggregate = compileAggregate(selected, query.groupBy, object, schema, source)
    return {
      object,
      run(context) {
        const rows = findRows(object, filter, sort, { limit: undefined, offset: 0 }, context)
        return { kind: 'aggregate', records: cut(aggregate(rows, context), window) }
      },
    }
  }
  const selection: Selection = compileSelection(selected, object, schema, source, (child) =>
    compileChildren(child, object, schema, source),
  )
  return {
    object,
    run: (context) => ({
      kind: 'rows',
      rows: findRows(object, filter, sort, window, context),
      project: selection.projector(context),
      hasLongText: selection.hasLongText,
    }),
  }
}

function checkFieldsLimit(query: QueryBase): void {
  const unbounded = query.fields?.some(
    (one) =>
      one.type === 'FieldFunctionExpression' &&
      one.functionName.toUpperCase() === 'FIELDS' &&
      fieldsKind(one) !== 'STANDARD',
  )
  if (unbounded && !(query.limit !== undefined && query.limit <= 200)) {
    throw refused('MALFORMED_QUERY', 'The SOQL FIELDS function must have a LIMIT of at most 200')
  }
}

function compileWhere(query: QueryBase, object: SObject, schema: Schema, source: Source): Filter | null {
  if (!query.where) return null
  return compileFilter(toCondition(query.where), object, schema, source, (comparison) => {
    if (!('valueQuery' in comparison)) throw refused('MALFORMED_QUERY', "unexpected token: 'SELECT'")
    const inner = comparison.valueQuery
    const target = schema.objectNamed(inner.sObject ?? '')
    if (!target) throw unknownType(inner.sObject ?? '')
    const [column] = inner.fields ?? []
    if (inner.fields?.length !== 1 || column?.type !== 'Field') {
      throw refused('MALFORMED_QUERY', 'Nesting of semi join sub-selects must select exactly one field')
    }
    const innerSource = { text: source.text, alias: inner.sObjectAlias }
    const path = resolvePath(column.field, target, schema, innerSource)
    const filter = compileWhere(inner, target, schema, innerSource)
    return (context) => {
      const rows = findRows(target, filter, null, { limit: inner.limit, offset: 0 }, context)
      const read = path.reader(context)
      return new Set(rows.map(read).filter((value) => value !== null))
    }
  })
}

const compileChildren = (
  { subquery }: Parameters<CompileChildren>[0],
  parent: SObject,
  schema: Schema,
  source: Source,
): ReturnType<CompileChildren> => {
  const relation = childRelation(subquery, parent)
  const child = schema.objectNamed(relation.childSObject)
  if (!child) throw noSuchRelationship(subquery.relationshipName)
  const childSource = { text: source.text, alias: subquery.sObjectAlias }
  const filter = subquery.where ? compileWhere(subquery, child, schema, childSource) : null
  const sort = compileOrder(subquery.orderBy, child, schema, childSource)
  const selection = compileSelection(subquery.fields ?? [], child, schema, childSource, () => {
    throw refused('MALFORMED_QUERY', 'Nested child subqueries are not supported')
  })
  const window = { limit: subquery.limit, offset: subquery.offset ?? 0 }
  return {
    key: relation.relationshipName,
    reader(context) {
      const project = selection.projector(context)
      const test = filter?.prepare(context) ?? (() => true)
      return (row) => {
        const linked = context.store.matching(child.name, relation.field, String(row.Id))
        const rows = [...linked].filter(
          (one) => one[relation.field] === row.Id && (context.includeDeleted || one.IsDeleted !== true) && test(one),
        )
        const records = cut(sort?.(rows, context) ?? rows, window).map(project)
        return records.length === 0 ? null : { totalSize: records.length, done: true, records }
      }
    },
  }
}

function childRelation(subquery: Subquery, parent: SObject) {
  const wanted = subquery.relationshipName.toLowerCase()
  const relation = parent.children.find((one) => one.relationshipName.toLowerCase() === wanted)
  if (!relation) throw noSuchRelationship(subquery.relationshipName)
  return relation
}

interface Window {
  limit: number | undefined
  offset: number
}

function findRows(
  object: SObject,
  filter: Filter | null,
  sort: Sort | null,
  window: Window,
  context: QueryContext,
): Row[] {
  const test = filter?.prepare(context)
  const enough = sort || window.limit === undefined ? Number.POSITIVE_INFINITY : window.offset + window.limit
  const found: Row[] = []
  for (const row of filter?.candidates(context) ?? context.store.table(object.name).values()) {
    if (found.length >= enough) break
    if (!context.includeDeleted && row.IsDeleted === true) continue
    if (!test || test(row)) found.push(row)
  }
  return cut(sort?.(found, context) ?? found, window)
}

function cut<T>(items: T[], { limit, offset }: Window): T[] {
  if (offset === 0 && limit === undefined) return items
  return items.slice(offset, limit === undefined ? undefined : offset + limit)
}
