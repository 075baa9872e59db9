import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import Database from 'better-sqlite3'
import { applyMigrations } from './apply-migrations.ts'
import { withRetry } from './busy.ts'
import { APPLIED_MIGRATIONS, type AppliedMigration, isComplete, type Migration } from './migrations.ts'

/**
 * Brings a SQLite database up to date, making it where there is none. All of it is one transaction: a process that dies
 * in the middle leaves the database as it was, and a second process that starts at the same moment waits and finds
 * nothing left to do.
 *
 * @returns the names of the migrations that were applied now
 * @throws Error with a sentence for the operator when the database has another history
 */
export async function migrateSqlite(path: string, migrations: readonly Migration[]): Promise<string[]> {
  if (await withRetry(async () => isUpToDate(path, migrations))) return []
  const connection = await new PrismaBetterSqlite3({ url: path, timeout: 20 }).connect()
  try {
    // Neither can be changed inside the transaction. Redefining a table drops it, which would cascade to other rows.
    await withRetry(() => connection.executeScript('PRAGMA journal_mode = WAL'))
    await connection.executeScript('PRAGMA foreign_keys = OFF')
    await withRetry(() => connection.executeScript('BEGIN IMMEDIATE'))
    const applied = await applyMigrations(connection, migrations)
    const { rows } = await connection.queryRaw({ sql: 'PRAGMA foreign_key_check', args: [], argTypes: [] })
    if (rows.length > 0) throw new Error(`Updating the database at ${path} would leave rows that point nowhere`)
    await connection.executeScript('COMMIT')
    return applied
  } finally {
    // An open transaction ends with its connection and leaves nothing behind.
    await connection.dispose()
  }
}

/** One look at Prisma's own table, without the engine: the usual start finds nothing to do. */
function isUpToDate(path: string, migrations: readonly Migration[]): boolean {
  const database = new Database(path, { timeout: 20 })
  try {
    const table = database.prepare(`SELECT 1 FROM sqlite_master WHERE name = '_prisma_migrations'`).get()
    if (!table) return false
    return isComplete(database.prepare<[], AppliedMigration>(APPLIED_MIGRATIONS).all(), migrations, path)
  } finally {
    database.close()
  }
}
