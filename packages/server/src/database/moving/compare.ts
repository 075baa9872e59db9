/** Whether two databases hold the same: every table counted, and a checksum over all that stands in it. */
import { createHash } from 'node:crypto'
import { countRows, keepableRowsOf, type Row, rowsOf } from './rows.ts'
import type { Table } from './tables.ts'

export interface Comparison {
  readonly table: string
  readonly sourceRows: number
  readonly targetRows: number
  /** Over every row in the order of their keys, as the source has them; null where the target differs. */
  readonly checksum: string | null
  /** Where the first difference is: keys and names of columns, never what stands in them. */
  readonly difference: string | null
}

/** Reads both tables side by side, a batch at a time. */
export async function compareTable(source: object, target: object, table: Table, atOnce: number): Promise<Comparison> {
  const hash = createHash('sha256')
  const there = rowsOf(target, table, atOnce)
  let rows = 0
  let difference: string | null = null
  for await (const batch of keepableRowsOf(source, table, atOnce)) {
    const others = (await there.next()).value ?? []
    difference = differenceOf(table, batch, others)
    if (difference !== null) break
    rows += batch.length
    for (const row of batch) hash.update(textOf(table, row))
  }
  if (difference === null) {
    const [extra] = (await there.next()).value ?? []
    if (extra) difference = `${nameOf(table, extra)} is in the target alone`
  }
  await there.return(undefined)
  if (difference === null) {
    return { table: table.name, sourceRows: rows, targetRows: rows, checksum: hash.digest('hex'), difference }
  }
  const [sourceRows, targetRows] = await Promise.all([countRows(source, table), countRows(target, table)])
  return { table: table.name, sourceRows, targetRows, checksum: null, difference }
}

function differenceOf(table: Table, rows: readonly Row[], others: readonly Row[]): string | null {
  for (const [index, row] of rows.entries()) {
    const other = others[index]
    if (other === undefined) return `${nameOf(table, row)} is not in the target`
    if (nameOf(table, row) !== nameOf(table, other)) {
      return `where the source has ${nameOf(table, row)}, the target has ${nameOf(table, other)}`
    }
    const columns = table.columns.filter(({ name }) => canonical(row[name]) !== canonical(other[name]))
    if (columns.length > 0) return `${nameOf(table, row)} differs in ${columns.map(({ name }) => name).join(', ')}`
  }
  const extra = others[rows.length]
  return extra ? `${nameOf(table, extra)} is in the target alone` : null
}

const nameOf = (table: Table, row: Row) => table.key.map((column) => `${column} ${canonical(row[column])}`).join(', ')
const textOf = (table: Table, row: Row) => `${JSON.stringify(table.columns.map(({ name }) => row[name]))}\n`
const canonical = (value: unknown) => JSON.stringify(value)
