/** What the command says. Pure. */
import type { Comparison } from './compare.ts'
import type { MoveReport } from './move.ts'

/** One line a table: how many rows each database has, and the checksum that both came to. */
export function reportSentences({ moved, tables }: MoveReport): string[] {
  const rows = tables.reduce((sum, { targetRows }) => sum + targetRows, 0)
  return [
    ...linesOf(tables),
    moved
      ? `All is moved: ${rows} rows in ${tables.length} tables, read back and the same.`
      : `All was there already: ${rows} rows in ${tables.length} tables are the same. Nothing was changed.`,
    'Start servers and workers with this DATABASE_URL from now on, and with the same BACKCHANNEL_KEYS; none on the SQLite file.',
  ]
}

function linesOf(tables: readonly Comparison[]): string[] {
  const wide = Math.max(...tables.map(({ table }) => table.length))
  const line = (table: string, source: string, target: string, checksum: string) =>
    `${table.padEnd(wide)} ${source.padStart(10)} ${target.padStart(10)}  ${checksum}`
  return [
    line('table', 'SQLite', 'PostgreSQL', 'checksum of both'),
    ...tables.map((it) =>
      line(it.table, String(it.sourceRows), String(it.targetRows), (it.checksum ?? '').slice(0, 16)),
    ),
  ]
}
