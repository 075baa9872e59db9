import { rmSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { openDatabase } from '../database/index.ts'
import { copyPostgresqlDatabase } from './postgresql.ts'

/** The address of the PostgreSQL that tests run on; null: on SQLite. */
let server: string | null = null

/** From now on this process makes its databases there. */
export function makeDatabasesOn(address: string): void {
  server = address
}

/**
 * An empty database that is up to date: a SQLite file, or one on the PostgreSQL that the tests run on.
 *
 * @param path where a SQLite file is to lie; its folder is the caller's. In a folder of its own where it is not given
 */
export async function makeTestDatabase(path?: string): Promise<{ url: string; remove(): Promise<void> }> {
  if (server !== null) return copyPostgresqlDatabase(server)
  empty ??= makeEmptyFile()
  const directory = path === undefined ? await mkdtemp(join(tmpdir(), 'backchannel-test-')) : null
  const file = path ?? join(directory ?? '', 'test.db')
  await copyFile(await empty, file)
  return {
    url: `file:${file}`,
    remove: async () => void (directory && (await rm(directory, { recursive: true, force: true }))),
  }
}

let empty: Promise<string> | undefined

/** Migrating takes longer than most tests: it is done once in a process, and the file is copied. */
async function makeEmptyFile(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'backchannel-empty-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'empty.db')
  await (await openDatabase(`file:${path}`)).close()
  return path
}
