/** A query checked against the model: what to return of which rows, in which order. */
import type { Row } from '../../store.ts'
import { badQuery, unknownProperty } from '../errors.ts'
import type { Path } from '../filter/ast.ts'
import { findProbes } from '../filter/candidates.ts'
import { type Comparable, findColumn } from '../filter/operands.ts'
import { parseFilter } from '../filter/parser.ts'
import { compileFilter, type FilterContext, type Predicate } from '../filter/predicate.ts'
import type { Attribute, Entity, Relationship } from '../schema/index.ts'
import { type QueryOptions, readExpand } from './options.ts'

export interface Query {
  entity: Entity
  /** What a row shows: what was selected and the primary key, or everything. */
  shown: readonly Attribute[]
  /** As the context address repeats them; absent when nothing was selected. */
  selected?: readonly string[]
  filter?: Predicate
  probes?: ReturnType<typeof findProbes>
  compare: (a: Row, b: Row) => number
  expand: readonly Expansion[]
  top?: number
  count: boolean
}

export interface Expansion {
  name: string
  relationship: Relationship
  /** Many rows, or one and null. */
  isCollection: boolean
  query: Query
}

/** `aliases` gives the text of a parameter such as `@p1`, or null. */
export function compileQuery(
  entity: Entity,
  options: QueryOptions,
  context: FilterContext,
  aliases: (name: string) => string | null = () => null,
): Query {
  const selected = options.select === undefined ? undefined : readSelect(options.select, entity)
  const expression = options.filter === undefined ? undefined : parseFilter(options.filter, aliases)
  const top = options.top === undefined ? undefined : readTop(options.top)
  return {
    entity,
    shown: shownAttributes(entity, selected),
    ...(selected && { selected: selected.map((attribute) => attribute.property) }),
    ...(expression && {
      filter: compileFilter(expression, entity, context),
      probes: findProbes(expression, entity),
    }),
    compare: compileOrder(options.orderby, entity, context),
    expand:
      options.expand === undefined
        ? []
        : readExpand(options.expand).map((item) => compileExpansion(item, entity, context)),
    ...(top !== undefined && { top }),
    count: readCount(options.count),
  }
}

function readSelect(text: string, entity: Entity): Attribute[] | undefined {
  const names = text.split(',').map((name) => name.trim())
  if (names.includes('*')) return undefined
  return names.map((name) => {
    const attribute = entity.properties.get(name)
    if (!attribute) throw unknownProperty(name, entity.name)
    return attribute
  })
}

function shownAttributes(entity: Entity, selected: readonly Attribute[] | undefined): Attribute[] {
  if (!selected) return [...entity.attributes.values()]
  const primary = entity.attributes.get(entity.definition.primaryId)
  const all = primary ? [...selected, primary] : selected
  return [...new Set(all)]
}

function readTop(text: string): number {
  if (!/^\d+$/.test(text))
    throw badQuery(
      `Invalid value '${text}' for $top query option found. The $top query option requires a non-negative integer value.`,
    )
  return Number(text)
}

function readCount(text: string | undefined): boolean {
  if (text === undefined || text === 'false') return false
  if (text === 'true') return true
  throw badQuery(`Invalid value '${text}' for $count query option found. Valid values are 'true, false'.`)
}

/** Ties, and queries without an order, go by the primary key. Empty values come first, as SQL Server has it. */
function compileOrder(text: string | undefined, entity: Entity, context: FilterContext): (a: Row, b: Row) => number {
  const keys = (text === undefined ? [] : text.split(',')).map((item) => {
    const found = /^\s*([\w/]+)(?:\s+(asc|desc))?\s*$/.exec(item)
    if (!found) throw badQuery(`Syntax error at position 0 in '${text}'.`)
    const path: Path = { kind: 'path', segments: (found[1] ?? '').split('/') }
    return { read: findColumn(path, entity, context.store).read, sign: found[2] === 'desc' ? -1 : 1 }
  })
  const id = entity.definition.primaryId
  return (a, b) => {
    for (const { read, sign } of keys) {
      const order = compareValues(read(a), read(b))
      if (order !== 0) return order * sign
    }
    return compareValues(String(a[id]), String(b[id]))
  }
}

function compareValues(a: Comparable, b: Comparable): number {
  if (a === b) return 0
  if (a === null) return -1
  if (b === null) return 1
  return a < b ? -1 : 1
}

function compileExpansion(
  { name, options }: { name: string; options: QueryOptions },
  entity: Entity,
  context: FilterContext,
): Expansion {
  const single = entity.navigations.get(name)
  const relationship = single ?? entity.collections.get(name)
  if (!relationship) throw unknownProperty(name, entity.name)
  const query = compileQuery(single ? relationship.to : relationship.from, options, context)
  return { name, relationship, isCollection: !single, query }
}
