/** A SQLite database that nobody else has open. */
import { existsSync } from 'node:fs'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaClient } from '../../generated/prisma/client.ts'
import { OperatorError } from '../../shared/operator-error.ts'
import { isLocked } from '../busy.ts'
import { APPLIED_MIGRATIONS, type AppliedMigration } from '../migrations.ts'

export interface SoleSqlite {
  readonly prisma: PrismaClient
  readonly migrations: readonly AppliedMigration[]
  /** How far each counter of ids has counted, by table: what was removed since may have had greater ids than what is there. */
  readonly counters: readonly { readonly table: string; readonly last: number }[]
  close(): Promise<void>
}

/**
 * Locks the file for as long as it is open. A server, a worker or a command that has it open holds a lock too, for as long
 * as it runs and however little it does, and the lock ends with its process, however that ended: so it is known for
 * certain whether one runs, and none can begin meanwhile.
 *
 * @throws OperatorError where there is no such file, or somebody has it open
 */
export async function openSoleSqlite(path: string): Promise<SoleSqlite> {
  if (!existsSync(path)) throw new OperatorError(`There is no SQLite database at ${path}.`)
  const factory = new PrismaBetterSqlite3({ url: path, timeout: 0, fileMustExist: true })
  // Of one connection, since a second one would find the file locked.
  const connection = await factory.connect()
  const ask = async (sql: string) => (await connection.queryRaw({ sql, args: [], argTypes: [] })).rows
  try {
    await ask('PRAGMA locking_mode = EXCLUSIVE')
    await connection.executeScript('BEGIN EXCLUSIVE; COMMIT')
    const prisma = new PrismaClient({ adapter: { ...factory, connect: async () => connection } })
    const migrations = await ask(APPLIED_MIGRATIONS)
    const counters = await ask('SELECT name, seq FROM sqlite_sequence')
    return {
      prisma,
      migrations: migrations.map(([name, checksum]) => ({ name: String(name), checksum: String(checksum) })),
      counters: counters.map(([table, last]) => ({ table: String(table), last: Number(last) })),
      close: () => prisma.$disconnect(),
    }
  } catch (error) {
    await connection.dispose()
    if (!isLocked(error)) throw error
    const message = `A server, a worker or another command has ${path} open. Stop all of them, so that nothing is written there meanwhile, and run this again.`
    throw new OperatorError(message, { cause: error })
  }
}
