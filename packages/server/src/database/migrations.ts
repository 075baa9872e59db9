import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import Database from 'better-sqlite3'
import { packageDirectory } from '../shared/package-directory.ts'
import { withRetry } from './busy.ts'
import { withSchemaEngine } from './schema-engine.ts'

/** One step of the database's history: `prisma/migrations/<name>/migration.sql`. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

/** The migrations that this version of the gateway knows, oldest first. */
export async function readMigrations(directory = join(packageDirectory, 'prisma/migrations')): Promise<Migration[]> {
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => ({ name, sql: await readFile(join(directory, name, 'migration.sql'), 'utf8') })),
  )
}

/**
 * Brings a SQLite database up to date, making it where there is none. All of it is one transaction: a process that dies
 * in the middle leaves the database as it was, and a second process that starts at the same moment waits and finds
 * nothing left to do.
 *
 * @returns the names of the migrations that were applied now
 * @throws Error with a sentence for the operator when the database has another history
 */
export async function migrate(path: string, migrations: readonly Migration[]): Promise<string[]> {
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

async function applyMigrations(connection: SqlDriverAdapter, migrations: readonly Migration[]): Promise<string[]> {
  const migrationsList = {
    baseDir: 'migrations',
    lockfile: { path: 'migration_lock.toml', content: null },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  }
  const filters = { externalTables: [], externalEnums: [] }
  return withSchemaEngine(sharing(connection), async (engine) => {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters })
    return appliedMigrationNames
  })
}

/**
 * Hands the engine our one connection, whatever it opens, so that all it does happens in our transaction. It never closes
 * what it opened, and would keep the database locked.
 */
function sharing(connection: SqlDriverAdapter): SqlMigrationAwareDriverAdapterFactory {
  const shared = {
    provider: connection.provider,
    adapterName: connection.adapterName,
    queryRaw: connection.queryRaw.bind(connection),
    executeRaw: connection.executeRaw.bind(connection),
    executeScript: connection.executeScript.bind(connection),
    startTransaction: connection.startTransaction.bind(connection),
    dispose: async () => {},
  } satisfies SqlDriverAdapter
  return {
    provider: connection.provider,
    adapterName: connection.adapterName,
    connect: async () => shared,
    connectToShadowDb: async () => new PrismaBetterSqlite3({ url: ':memory:' }).connect(),
  }
}

/**
 * One look at Prisma's own table, without the engine: the usual start finds nothing to do.
 *
 * @throws Error when a migration that was applied has another content now
 */
function isUpToDate(path: string, migrations: readonly Migration[]): boolean {
  const database = new Database(path, { timeout: 20 })
  try {
    const table = database.prepare(`SELECT 1 FROM sqlite_master WHERE name = '_prisma_migrations'`).get()
    if (!table) return false
    const rows = database
      .prepare<[], { name: string; checksum: string }>(
        `SELECT migration_name AS name, checksum FROM _prisma_migrations
         WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`,
      )
      .all()
    const applied = new Map(rows.map((row) => [row.name, row.checksum]))
    for (const { name, sql } of migrations) {
      const checksum = applied.get(name)
      if (checksum === undefined) return false
      if (checksum !== createHash('sha256').update(sql).digest('hex')) {
        throw new Error(
          `The database at ${path} was made with another version of migration ${name}. ` +
            'Start the version that made it, or move the file away to begin with an empty one.',
        )
      }
    }
    return true
  } finally {
    database.close()
  }
}
