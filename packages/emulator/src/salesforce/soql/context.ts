import type { Row, Store } from '../../store.ts'
import { refused } from '../errors.ts'
import type { Schema, SObject } from '../metadata/schema.ts'
import { withoutStrings } from './parser.ts'
import type { Comparison } from './where.ts'

/** What running a query needs besides its plan. */
export interface QueryContext {
  store: Pick<Store, 'table' | 'matching'>
  schema: Schema
  /** Milliseconds since 1970. */
  now: number
  /** For the addresses in `attributes`: `v60.0`. */
  version: string
  /** Rows in the recycle bin count too: queryAll. */
  includeDeleted: boolean
}

/** Reads a value of a row. Made once per run, called once per row. */
export type Reader = (row: Row) => unknown

/** The row with this id, whatever its object. */
export function rowOfId(context: Pick<QueryContext, 'schema' | 'store'>, id: unknown): Row | undefined {
  if (typeof id !== 'string') return undefined
  const object = context.schema.objectOfId(id)
  return object && context.store.table(object.name).get(id)
}

/** A compiled condition. */
export interface Filter {
  /** Made once per run: relative dates and inner queries are settled there. */
  prepare(context: QueryContext): (row: Row) => boolean
  /** Rows found by index, some of which may not fit; null where only a scan helps. */
  candidates(context: QueryContext): ReadonlySet<Row> | null
}

/** Compiles an inner `SELECT` of `IN (SELECT …)` to the values that it yields. */
export type CompileInner = (comparison: Comparison) => (context: QueryContext) => Set<unknown>

/** The statement being compiled, for messages that point into it. */
export interface Source {
  text: string
  alias: string | undefined
}

/** "No such column", with a caret under the place (crm-apis.md 2.12). */
export function noSuchColumn(source: Source, path: string, object: SObject, name = path) {
  return pointedError(
    source,
    path,
    `No such column '${name}' on entity '${object.name}'. If you are attempting to use a custom field, be sure to append the '__c' after the custom field name. Please reference your WSDL or the describe call for the appropriate names.`,
  )
}

/** A 400 INVALID_FIELD whose message shows the statement and where in it `word` stands. */
export function pointedError(source: Source, word: string, message: string) {
  const offset = Math.max(0, positionOf(source.text, word))
  const before = source.text.slice(0, offset).split('\n')
  const column = (before.at(-1)?.length ?? 0) + 1
  const line = source.text.split('\n')[before.length - 1] ?? ''
  return refused(
    'INVALID_FIELD',
    `\n${line}\n${' '.repeat(column - 1)}^\nERROR at Row:${before.length}:Column:${column}\n${message}`,
  )
}

/** Where the word stands on its own and outside of strings. */
function positionOf(text: string, word: string): number {
  const escaped = word.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
  return withoutStrings(text).search(new RegExp(`(?<![\\w.])${escaped}(?![\\w.])`, 'i'))
}
