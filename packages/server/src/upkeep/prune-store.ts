/** Rows that nobody needs any more: each method removes some of them, the oldest first, and says how many it found. */
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'

/** SQLite has one writer: a batch of this size keeps the others waiting for some milliseconds. */
const ROWS_AT_ONCE = 1_000

export interface PruneStore {
  /** The newest event of all stays, so that a cursor is known to be too old. */
  removeEvents(before: Date): Promise<number>
  removeTagRequests(before: Date): Promise<number>
  /** Those whose outcome is not known stay: the same key must still find them (ruling 9). */
  removeRecordIntents(before: Date): Promise<number>
  /** Sessions, sign-ins and confirmations that have expired. */
  removeExpired(at: Date): Promise<number>
}

export function createPruneStore(prisma: PrismaClient, rowsAtOnce = ROWS_AT_ONCE): PruneStore {
  const everywhere = acrossWorkspaces(prisma)
  return {
    async removeEvents(before) {
      const newest = await everywhere.event.findFirst({ select: { id: true }, orderBy: { id: 'desc' } })
      const rows = await everywhere.event.findMany({
        where: { at: { lt: before }, id: { lt: newest?.id ?? 0 } },
        select: { id: true },
        orderBy: { at: 'asc' },
        take: rowsAtOnce,
      })
      await everywhere.event.deleteMany({ where: { id: { in: rows.map(({ id }) => id) } } })
      return rows.length
    },

    async removeTagRequests(before) {
      const rows = await everywhere.tagRequest.findMany({
        where: { createdAt: { lt: before } },
        select: { createdAt: true },
        orderBy: { createdAt: 'asc' },
        take: rowsAtOnce,
      })
      const last = rows.at(-1)
      if (last) await everywhere.tagRequest.deleteMany({ where: { createdAt: { lte: last.createdAt } } })
      return rows.length
    },

    async removeRecordIntents(before) {
      const rows = await everywhere.recordIntent.findMany({
        where: { status: { in: ['DONE', 'FAILED'] }, updatedAt: { lt: before } },
        select: { id: true },
        orderBy: { updatedAt: 'asc' },
        take: rowsAtOnce,
      })
      await everywhere.recordIntent.deleteMany({ where: { id: { in: rows.map(({ id }) => id) } } })
      return rows.length
    },

    async removeExpired(at) {
      const where = { expiresAt: { lt: at } }
      await everywhere.session.deleteMany({ where })
      await everywhere.verification.deleteMany({ where })
      await everywhere.signInAttempt.deleteMany({ where })
      return 0
    },
  }
}
