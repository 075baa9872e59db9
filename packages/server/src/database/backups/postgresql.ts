/** Backups of a PostgreSQL database, made by PostgreSQL's own programs. */
import { rename, rm } from 'node:fs/promises'
import { setTimeout as wait } from 'node:timers/promises'
import { PrismaPg } from '@prisma/adapter-pg'
import { OperatorError } from '../../shared/operator-error.ts'
import { eventsGoOn } from './events-go-on.ts'
import { runProgram } from './programs.ts'
import type { RestoreOptions } from './restore-options.ts'

/**
 * Without the first pg_dump refuses what row-level security holds it from; it is told that it reaches all workspaces. Who was
 * granted something may not be known where the backup is restored.
 */
const DUMP = ['--enable-row-security', '--format=custom', '--schema=public', '--no-privileges']
/** What is in the schema and not the schema itself, which is there. */
const RESTORE = ['--single-transaction', '--no-owner', '--no-privileges', '--schema=public', '--exit-on-error']

/**
 * Copies the database as it is at one moment, while servers go on working with it.
 *
 * @param file where no file may be yet
 * @param signal stops it; nothing of it is left
 * @throws OperatorError where there is no database of Backchannel, its rows did not come into the copy, or it was stopped
 */
export async function backUpPostgresql(url: string, file: string, signal?: AbortSignal): Promise<void> {
  const part = `${file}.part`
  const stop = signal && { signal }
  const held = await holdsWorkspaces(url)
  try {
    await runProgram('pg_dump', [...DUMP, `--file=${part}`], { url, ...stop })
    if (held && !WITH_ROWS.test(await runProgram('pg_restore', [...WORKSPACES, `--file=-`, part], stop)))
      throw new OperatorError(NO_ROWS)
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
 * @throws OperatorError where a server is connected, something is there and `replace` is not set, or it was stopped
 */
export async function restorePostgresql(
  file: string,
  url: string,
  { replace, at, signal }: RestoreOptions,
): Promise<string | null> {
  // One connection, which does not count among those that are in the way.
  const connection = await new PrismaPg({ connectionString: url, max: 1, idleTimeoutMillis: 0 }).connect()
  const query = (sql: string) => connection.underlyingDriver().query(sql)
  const ask = async (sql: string) => (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows
  try {
    const others = await stillThere(() => ask(OTHERS))
    if (others.length > 0) {
      const names = [...new Set(others.map(([name]) => String(name) || 'without a name'))].join(', ')
      throw new OperatorError(
        `The database is in use (${names}). Stop all servers, workers and commands, and run this again.`,
      )
    }
    const [[holdsTables] = []] = await ask(HOLDS_TABLES)
    if (holdsTables === true && !replace) {
      throw new OperatorError(
        'The database of DATABASE_URL holds tables. Say --replace to put the backup in their place; they are kept in a schema beside it.',
      )
    }
    const kept = holdsTables === true ? `before_restore_${at}` : null
    if (kept !== null) await query(`BEGIN; ALTER SCHEMA public RENAME TO "${kept}"; CREATE SCHEMA public; COMMIT`)
    try {
      await runProgram('pg_restore', [...RESTORE, file], { url, ...(signal && { signal }) })
      await query(`BEGIN; ${eventsGoOn.postgresql}; COMMIT`)
    } catch (error) {
      if (kept !== null)
        await query(`ROLLBACK; BEGIN; DROP SCHEMA public CASCADE; ALTER SCHEMA "${kept}" RENAME TO public; COMMIT`)
      throw error
    }
    return kept
  } finally {
    await connection.dispose()
  }
}

/** Who has just left is still listed for a moment. */
async function stillThere(look: () => Promise<unknown[][]>): Promise<unknown[][]> {
  for (let left = LOOKS; ; left--) {
    const others = await look()
    if (others.length === 0 || left === 0) return others
    await wait(BETWEEN_LOOKS_MS)
  }
}

async function holdsWorkspaces(url: string): Promise<boolean> {
  const connection = await new PrismaPg({ connectionString: url, max: 1 }).connect()
  const ask = async (sql: string) => (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows[0]?.[0]
  try {
    if ((await ask(`SELECT to_regclass('public."Workspace"') IS NULL`)) === true) throw new OperatorError(NO_TABLES)
    await ask(`SELECT set_config('backchannel.workspace', '*', false)`)
    return (await ask('SELECT EXISTS (SELECT FROM public."Workspace")')) === true
  } finally {
    await connection.dispose()
  }
}

const LOOKS = 20
const BETWEEN_LOOKS_MS = 100

/** What is in a copy of the workspaces, as text. */
const WORKSPACES = ['--data-only', '--schema=public', '--table=Workspace']
const WITH_ROWS = /^COPY .*\n(?!\\\.)/m

const NO_TABLES = 'The database of DATABASE_URL holds no tables of Backchannel. Check its name.'
const NO_ROWS =
  'pg_dump was shown no workspace, though there are some, so that its copy was removed. Let DATABASE_URL lead to PostgreSQL ' +
  'itself, without a pooler between, and name the user that the servers work as.'

const OTHERS = `
  SELECT application_name FROM pg_stat_activity
  WHERE datname = current_database() AND pid <> pg_backend_pid() AND backend_type = 'client backend'`

const HOLDS_TABLES = `SELECT EXISTS (SELECT FROM pg_tables WHERE schemaname = 'public')`
