/** Backups of a SQLite database: a file that is a database too. */
import { existsSync } from 'node:fs'
import { copyFile, mkdir, open, rename, rm } from 'node:fs/promises'
import { dirname } from 'node:path'
import { setImmediate as nextTurn } from 'node:timers/promises'
import Database from 'better-sqlite3'
import { OperatorError } from '../../shared/operator-error.ts'
import { isLocked } from '../busy.ts'
import { eventsGoOn } from './events-go-on.ts'
import type { RestoreOptions } from './restore-options.ts'

/**
 * Copies the database as it is at one moment, while servers go on working with it.
 *
 * @param file where no file may be yet
 * @param signal stops it; nothing of it is left
 * @throws OperatorError where there is no database, the copy is not whole, or it was stopped
 */
export async function backUpSqlite(path: string, file: string, signal?: AbortSignal): Promise<void> {
  if (!existsSync(path)) throw new OperatorError(`There is no SQLite database at ${path}.`)
  const source = new Database(path, { fileMustExist: true })
  const part = `${file}.part`
  try {
    await rm(part, { force: true })
    source.prepare('VACUUM INTO ?').run(part)
    inspect(part, (copy) => checkWhole(copy, path))
    // While SQLite copies, nothing else is heard of.
    await nextTurn()
    if (signal?.aborted) throw new OperatorError('The backup was stopped, and nothing of it is left.')
    await rename(part, file)
  } finally {
    source.close()
    await rm(part, { force: true })
  }
}

/**
 * Puts a backup in the place of the database. What was there is kept beside it, under the name that is answered.
 *
 * @returns null where nothing was there
 * @throws OperatorError where a server has the database open, or one is there and `replace` is not set
 */
export async function restoreSqlite(file: string, path: string, options: RestoreOptions): Promise<string | null> {
  const part = `${path}.restoring`
  await mkdir(dirname(path), { recursive: true })
  await copyFile(file, part)
  try {
    inspect(part, (copy) => {
      checkWhole(copy, file)
      copy.exec(eventsGoOn.sqlite)
    })
    await flush(part)
    const found = existsSync(path)
    if (found) checkReplaceable(path, options)
    const kept = `${path}.before-restore-${options.at}`
    // Nobody's log may be taken for the restored one's, also where its database is gone and the log alone was left.
    for (const end of ['', '-wal', '-shm']) if (existsSync(path + end)) await rename(path + end, kept + end)
    await rename(part, path)
    return found ? kept : null
  } finally {
    await rm(part, { force: true })
  }
}

function inspect(path: string, look: (database: Database.Database) => void): void {
  const database = new Database(path, { fileMustExist: true })
  try {
    look(database)
  } catch (error) {
    if (!(error instanceof Database.SqliteError)) throw error
    throw new OperatorError(`${path} cannot be read as a database of Backchannel: ${error.message}.`, { cause: error })
  } finally {
    database.close()
  }
}

/** @param source what it is a copy of */
function checkWhole(copy: Database.Database, source: string): void {
  const faults = copy.pragma('integrity_check', { simple: true })
  if (faults !== 'ok') throw new OperatorError(`${source} is damaged, so that nothing was done with it: ${faults}`)
  copy.prepare('SELECT count(*) FROM _prisma_migrations').get()
}

function checkReplaceable(path: string, { replace }: RestoreOptions): void {
  if (!replace) {
    throw new OperatorError(
      `There is a database at ${path}. Say --replace to put the backup in its place; it is kept beside it.`,
    )
  }
  if (isOpenElsewhere(path)) {
    throw new OperatorError(`A server, a worker or a command has ${path} open. Stop all of them, and run this again.`)
  }
}

/** Whoever has it open holds a lock, however little it does. Its log is folded into the file. */
function isOpenElsewhere(path: string): boolean {
  const database = new Database(path, { timeout: 0 })
  try {
    database.pragma('locking_mode = EXCLUSIVE')
    database.exec('BEGIN EXCLUSIVE; COMMIT')
    return false
  } catch (error) {
    // One that is damaged is what a backup is restored for.
    return isLocked(error)
  } finally {
    database.close()
  }
}

async function flush(path: string): Promise<void> {
  const file = await open(path, 'r+')
  try {
    await file.sync()
  } finally {
    await file.close()
  }
}
