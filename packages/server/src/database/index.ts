import type { PrismaClient } from '../generated/prisma/client.ts'
import { isPostgresql } from './address.ts'
import { guardWorkspaces } from './workspace-guard.ts'

export { DatabaseBusyError, isBusyDatabase } from './busy.ts'
export { isLostDatabase } from './lost-connections.ts'
export type { PrismaClient }

/** An open database that is up to date. */
export interface Database {
  /** Refuses queries that name no workspace; see `acrossWorkspaces`. */
  readonly prisma: PrismaClient
  /** What the operator should know of it, a sentence each. */
  readonly warnings: readonly string[]
  /** Ends every connection; SQLite's write-ahead log is folded into the file. */
  close(): Promise<void>
}

/** An open database whose clients are not guarded yet. */
export interface OpenedDatabase extends Database {
  /** Reaches all workspaces. The same client where only the guard keeps them apart. */
  readonly everywhere: PrismaClient
}

export interface OpenOptions {
  /** For a command that has the database to itself, and asks what takes long. */
  unhurried?: boolean
}

/**
 * Opens the database, brought up to date, with Prisma's client on it.
 *
 * @param url `file:/absolute/path` or `postgresql://…`
 */
export async function openDatabase(url: string, options: OpenOptions = {}): Promise<Database> {
  // Whoever uses one of them loads nothing of the other.
  const { prisma, everywhere, ...database } = isPostgresql(url)
    ? await (await import('./postgresql.ts')).openPostgresql(url, options)
    : await (await import('./sqlite.ts')).openSqlite(url.replace(/^file:/, ''))
  return { ...database, prisma: guardWorkspaces(prisma, everywhere) }
}
