/** Rows of a table that is known by its name alone, through either database's client. */
import { Prisma } from '../../generated/prisma/client.ts'
import { keepable } from '../keepable.ts'
import type { Table } from './tables.ts'

export type Row = Readonly<Record<string, unknown>>

/** All rows, in the order of their keys; so many are in memory at a time. */
export async function* rowsOf(client: object, table: Table, batch: number): AsyncGenerator<readonly Row[]> {
  const { findMany } = delegateOf(client, table.name)
  const orderBy = table.key.map((column) => ({ [column]: 'asc' }))
  let last: Row | undefined
  for (;;) {
    const rows = await findMany({ ...(last && { where: behind(table.key, last) }), orderBy, take: batch })
    if (rows.length > 0) yield rows
    if (rows.length < batch) return
    last = rows[rows.length - 1]
  }
}

/** All rows as PostgreSQL can keep them, which is what they are moved as and compared as. */
export async function* keepableRowsOf(client: object, table: Table, batch: number): AsyncGenerator<readonly Row[]> {
  const kept = ([column, value]: [string, unknown]) => [column, keepable(value)] as const
  for await (const rows of rowsOf(client, table, batch)) {
    yield rows.map((row) => Object.fromEntries(Object.entries(row).map(kept)))
  }
}

export async function addRows(client: object, { name, columns }: Table, rows: readonly Row[]): Promise<void> {
  const json = columns.filter(({ isJson }) => isJson).map((column) => column.name)
  // Beside "nothing", JSON has a null of its own, which nothing here writes: Prisma wants to be told which one is meant.
  const nothing = (row: Row) => json.filter((column) => row[column] === null).map((column) => [column, Prisma.DbNull])
  const data = rows.map((row) => ({ ...row, ...Object.fromEntries(nothing(row)) }))
  await delegateOf(client, name).createMany({ data })
}

export function countRows(client: object, { name }: Table): Promise<number> {
  return delegateOf(client, name).count()
}

/** The rows behind one. That the first column is not before its own lets both databases begin in the index. */
function behind(key: readonly string[], row: Row): object {
  const [first = '', ...rest] = key
  const value = row[first]
  if (rest.length === 0) return { [first]: { gt: value } }
  return { AND: [{ [first]: { gte: value } }, { OR: [{ [first]: { gt: value } }, behind(rest, row)] }] }
}

interface Delegate {
  findMany(query: object): Promise<Row[]>
  createMany(query: object): Promise<unknown>
  count(): Promise<number>
}

function delegateOf(client: object, model: string): Delegate {
  const delegate: unknown = Reflect.get(client, model.charAt(0).toLowerCase() + model.slice(1))
  if (!isDelegate(delegate)) throw new Error(`The client knows no ${model}`)
  return delegate
}

function isDelegate(value: unknown): value is Delegate {
  return typeof value === 'object' && value !== null && 'findMany' in value && 'createMany' in value
}
