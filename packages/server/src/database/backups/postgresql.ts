/** Backups of a PostgreSQL database, made by PostgreSQL's own programs. */
import { rename, rm } from 'node:fs/promises'
import { PrismaPg } from '@prisma/adapter-pg'
import { BackupError } from './backup-error.ts'
import { eventsGoOn } from './events-go-on.ts'
import { runProgram } from './programs.ts'
import type { RestoreOptions } from './restore-options.ts'

/** Without it pg_dump refuses what row-level security holds it from; it is told that it reaches all workspaces. */
const DUMP = ['--enable-row-security', '--format=custom', '--schema=public']
/** What is in the schema and not the schema itself, which is there. */
const RESTORE = ['--single-transaction', '--no-owner', '--schema=public', '--exit-on-error']

/**
 * Copies the database as it is at one moment, while servers go on working with it.
 *
 * @param file where no file may be yet
 * @throws BackupError
 */
export async function backUpPostgresql(url: string, file: string): Promise<void> {
  const part = `${file}.part`
  try {
    await runProgram('pg_dump', [...DUMP, `--file=${part}`], url)
    await rename(part, file)
  } finally {
    await rm(part, { force: true })
  }
}

/**
 * Puts a backup in the place of what the database holds, which is kept in a schema of the name that is answered. Where the
 * backup cannot be restored, all is as it was.
 *
 * @returns null where nothing was there
 * @throws BackupError where a server is connected, or something is there and `replace` is not set
 */
export async function restorePostgresql(file: string, url: string, options: RestoreOptions): Promise<string | null> {
  // One connection, which does not count among those that are in the way.
  const connection = await new PrismaPg({ connectionString: url, max: 1, idleTimeoutMillis: 0 }).connect()
  const query = (sql: string) => connection.underlyingDriver().query(sql)
  const ask = async (sql: string) => (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows
  try {
    const others = await ask(OTHERS)
    if (others.length > 0) {
      const names = [...new Set(others.map(([name]) => String(name) || 'without a name'))].join(', ')
      throw new BackupError(
        `The database is in use (${names}). Stop all servers, workers and commands, and run this again.`,
      )
    }
    const [[holdsTables] = []] = await ask(HOLDS_TABLES)
    if (holdsTables === true && !options.replace) {
      throw new BackupError(
        'The database of DATABASE_URL holds tables. Say --replace to put the backup in their place; they are kept in a schema beside it.',
      )
    }
    const kept = holdsTables === true ? `before_restore_${options.at}` : null
    if (kept !== null) await query(`BEGIN; ALTER SCHEMA public RENAME TO "${kept}"; CREATE SCHEMA public; COMMIT`)
    try {
      await runProgram('pg_restore', [...RESTORE, file], url)
    } catch (error) {
      if (kept !== null)
        await query(`BEGIN; DROP SCHEMA public CASCADE; ALTER SCHEMA "${kept}" RENAME TO public; COMMIT`)
      throw error
    }
    await query(`BEGIN; ${eventsGoOn.postgresql}; COMMIT`)
    return kept
  } finally {
    await connection.dispose()
  }
}

const OTHERS = `
  SELECT application_name FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`

const HOLDS_TABLES = `SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')`
