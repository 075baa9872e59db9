import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PrismaClient } from '../generated/prisma/client.ts'
import { migrate, readMigrations } from './migrations.ts'
import { createSqliteAdapter } from './sqlite-adapter.ts'
import { guardWorkspaces } from './workspace-guard.ts'

export { DatabaseBusyError, isBusyDatabase } from './busy.ts'
export type { PrismaClient }

/** An open database that is up to date. */
export interface Database {
  /** Refuses queries that name no workspace; see `acrossWorkspaces`. */
  readonly prisma: PrismaClient
  /** Ends every connection; the write-ahead log is folded into the file. */
  close(): Promise<void>
}

/** How long Prisma lets a transaction wait for its turn before it gives up; longer than we wait for a lock. */
const TRANSACTION_MAX_WAIT_MS = 20_000

/**
 * Opens the database, brought up to date, with Prisma's client on it.
 *
 * @param url `file:/absolute/path`
 */
export async function openDatabase(url: string): Promise<Database> {
  const path = url.replace(/^file:/, '')
  await mkdir(dirname(path), { recursive: true })
  await migrate(path, await readMigrations())
  const prisma = new PrismaClient({
    adapter: createSqliteAdapter(path),
    transactionOptions: { maxWait: TRANSACTION_MAX_WAIT_MS },
  })
  await prisma.$connect()
  return { prisma: guardWorkspaces(prisma), close: () => prisma.$disconnect() }
}
