/**
 * Moves all that a SQLite database keeps to PostgreSQL, in one transaction there: what is stopped in the middle has moved
 * nothing, and is begun again.
 */
import type { PrismaClient } from '../../generated/prisma/client.ts'
import { OperatorError } from '../../shared/operator-error.ts'
import type { AppliedMigration, Migration } from '../migrations.ts'
import { type Comparison, compareTable } from './compare.ts'
import { addRows, countRows, keepableRowsOf } from './rows.ts'
import type { SoleSqlite } from './sole-sqlite.ts'
import { allTables, type Table } from './tables.ts'

export interface MoveReport {
  /** False where all of it had been there before. */
  readonly moved: boolean
  readonly tables: readonly Comparison[]
}

export interface MoveOptions {
  /** Is told how many rows of a table have been moved by now. */
  onRows?: (table: string, rows: number) => void
  /** How many rows are read at a time. */
  batch?: number
}

/** A day: the database alone says how long it takes. */
const LONGEST_MS = 86_400_000

/**
 * @param target reaches all workspaces of a database that is up to date
 * @throws OperatorError where the target holds anything but what the source does
 */
export async function move(
  source: Pick<SoleSqlite, 'prisma' | 'counters'>,
  target: PrismaClient,
  { onRows = () => {}, batch = 500 }: MoveOptions = {},
): Promise<MoveReport> {
  const tables = allTables()
  return target.$transaction(
    async (transaction) => {
      // From here on nobody else writes there, not even a server that is started too early.
      await transaction.$executeRawUnsafe(
        `LOCK TABLE ${tables.map(({ name }) => `"${name}"`).join(', ')} IN EXCLUSIVE MODE`,
      )
      const filled = await firstFilled(transaction, tables)
      if (filled === null) for (const table of tables) await copy(source.prisma, transaction, table, { onRows, batch })
      // Its counters do not go back with the transaction, but nobody has counted on with them then either.
      if (filled === null) await count(transaction, source.counters)
      const compared: Comparison[] = []
      for (const table of tables) {
        const found = await compareTable(source.prisma, transaction, table, batch)
        if (found.difference !== null) throw differs(found, filled !== null)
        compared.push(found)
      }
      return { moved: filled === null, tables: compared }
    },
    { timeout: LONGEST_MS },
  )
}

/**
 * Whether both databases were made by exactly the migrations that this version knows. Pure.
 *
 * @throws OperatorError
 */
export function checkVersions(where: string, applied: readonly AppliedMigration[], known: readonly Migration[]): void {
  const names = new Set(known.map(({ name }) => name))
  const newer = applied.find(({ name }) => !names.has(name))
  if (newer) {
    throw new OperatorError(
      `${where} was made by a newer version (migration ${newer.name}). Move it with that version.`,
    )
  }
  const there = new Set(applied.map(({ name }) => name))
  const missing = known.find(({ name }) => !there.has(name))
  if (missing) {
    throw new OperatorError(
      `${where} is of an older version (migration ${missing.name} is missing). Start the server of this version on it once, stop it, and run this again.`,
    )
  }
}

function differs({ table, sourceRows, targetRows, difference }: Comparison, wasFilled: boolean): OperatorError {
  const where = `${table} has ${sourceRows} rows in the source and ${targetRows} in the target; ${difference}`
  if (!wasFilled) return new OperatorError(`What was moved is not what the source has: ${where}. Nothing was kept.`)
  return new OperatorError(
    `DATABASE_URL names a database that is in use, and holds something else: ${where}. Nothing was changed. ` +
      'Name an empty one. Where servers have run on this one since all was moved, there is nothing left to do.',
  )
}

async function firstFilled(target: object, tables: readonly Table[]): Promise<Table | null> {
  for (const table of tables) if ((await countRows(target, table)) > 0) return table
  return null
}

async function copy(
  source: object,
  target: object,
  table: Table,
  { onRows, batch }: Required<MoveOptions>,
): Promise<void> {
  let rows = 0
  for await (const some of keepableRowsOf(source, table, batch)) {
    await addRows(target, table, some)
    rows += some.length
    onRows(table.name, rows)
  }
}

/** Ids that are cursors go on behind the last that was given out. */
async function count(target: Pick<PrismaClient, '$executeRaw'>, counters: SoleSqlite['counters']): Promise<void> {
  for (const { table, last } of counters) {
    if (last > 0) await target.$executeRaw`SELECT setval(pg_get_serial_sequence(${`"${table}"`}, 'id'), ${last})`
  }
}
