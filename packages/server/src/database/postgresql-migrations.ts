import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlDriverAdapter } from '@prisma/driver-adapter-utils'
import { applyMigrations } from './apply-migrations.ts'
import { APPLIED_MIGRATIONS, type AppliedMigration, isComplete, type Migration } from './migrations.ts'
import { UnusableDatabaseError } from './unusable.ts'

/** The oldest PostgreSQL that the tests have run on. */
const OLDEST = 15

/** Held by the one instance that brings the database up to date. Any number would do, as long as nobody else takes it. */
const LOCK = 2_026_112_607

/**
 * Brings a PostgreSQL database up to date. All of it is one transaction: an instance that dies in the middle leaves the
 * database as it was, and one that starts at the same moment waits and finds nothing left to do.
 *
 * @returns the names of the migrations that were applied now
 * @throws Error with a sentence for the operator when the database has another history
 */
export async function migratePostgresql(url: string, migrations: readonly Migration[]): Promise<string[]> {
  // One connection, so that everything that is asked of it is in the same transaction.
  const connection = await new PrismaPg({ connectionString: url, max: 1, idleTimeoutMillis: 0 }).connect()
  const database = new URL(url).pathname.slice(1)
  const script = async (sql: string) => void (await connection.underlyingDriver().query(sql))
  try {
    if (await isUpToDate(connection, migrations, database)) return []
    await checkServer(connection)
    // What a migration does to rows, it does to those of all workspaces.
    await script(`BEGIN; SET LOCAL backchannel.workspace = '*'; SELECT pg_advisory_xact_lock(${LOCK})`)
    if (await isUpToDate(connection, migrations, database)) return []
    // Prisma's own way of running a script takes it apart at each semicolon, those inside of functions too.
    const whole = Object.assign(Object.create(connection), { executeScript: script })
    const applied = await applyMigrations(whole, migrations)
    await script('COMMIT')
    return applied
  } finally {
    // An open transaction ends with its connection and leaves nothing behind.
    await connection.dispose()
  }
}

/** @throws UnusableDatabaseError */
async function checkServer(connection: SqlDriverAdapter): Promise<void> {
  const sql = `
    SELECT current_setting('server_version_num')::int / 10000,
      to_regclass('_prisma_migrations') IS NULL AND EXISTS (SELECT FROM pg_tables WHERE schemaname = current_schema())`
  const { rows } = await connection.queryRaw({ sql, args: [], argTypes: [] })
  const [version, isOfOthers] = rows[0] ?? []
  if (Number(version) < OLDEST) {
    throw new UnusableDatabaseError(`PostgreSQL ${version} is too old: update it to ${OLDEST} or newer.`)
  }
  if (isOfOthers === true) {
    throw new UnusableDatabaseError(
      'The database of DATABASE_URL has tables of something else. Give the gateway a database of its own.',
    )
  }
}

/** What a database was made by; null: it has no tables of ours. */
export async function appliedPostgresqlMigrations(url: string): Promise<AppliedMigration[] | null> {
  const connection = await new PrismaPg({ connectionString: url, max: 1 }).connect()
  try {
    return await readApplied(connection)
  } finally {
    await connection.dispose()
  }
}

/** One look at Prisma's own table, without the engine: the usual start finds nothing to do. */
async function isUpToDate(
  connection: SqlDriverAdapter,
  migrations: readonly Migration[],
  database: string,
): Promise<boolean> {
  const applied = await readApplied(connection)
  return applied !== null && isComplete(applied, migrations, database)
}

async function readApplied(connection: SqlDriverAdapter): Promise<AppliedMigration[] | null> {
  const ask = async (sql: string) => (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows
  const [[table] = []] = await ask(`SELECT to_regclass('_prisma_migrations')::text`)
  if (table === null) return null
  const rows = await ask(APPLIED_MIGRATIONS)
  return rows.map(([name, checksum]) => ({ name: String(name), checksum: String(checksum) }))
}
