/** How much waits in the database, of all workspaces together, for those who watch over an installation. */
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts'
import { inTime } from './in-time.ts'

/** What is not done, and what ended otherwise than wanted. The delivered ones grow without end, and nobody waits for them. */
const counted = [
  'WAITING_FOR_END',
  'WAITING_FOR_INTEGRATION',
  'QUEUED',
  'RETRYING',
  'DELIVERING',
  'PARTIAL',
  'FAILED',
] as const

/** The longest due is asked of these. */
const claimed = ['QUEUED', 'RETRYING'] as const

export interface PushBacklog {
  /** How many, by status in small letters. */
  readonly counts: Readonly<Record<string, number>>
  /** For how long the longest due has been due, in seconds; 0 where nothing is due. */
  readonly oldestDueSeconds: number
}

export type BacklogStore = ReturnType<typeof createBacklogStore>

/**
 * Each of its questions is asked once at a time and answered within 3 s; it rejects where the database does not answer.
 *
 * @param now milliseconds since 1970
 */
export function createBacklogStore(prisma: PrismaClient, now: () => number) {
  const everywhere = acrossWorkspaces(prisma)
  return {
    ping: inTime(async (): Promise<void> => {
      await everywhere.$queryRaw`SELECT 1`
    }),

    /**
     * Reads the index (integrationId, status, rank, nextAttemptAt) alone, and of it only what is counted. (SQLite takes the
     * tables of a CROSS JOIN in their order: otherwise it read the whole index.)
     */
    pushes: inTime(async (): Promise<PushBacklog> => {
      const statuses = Prisma.raw(counted.map((status) => `'${status}'`).join(', '))
      const rows = await everywhere.$queryRaw<CountRow[]>`
        SELECT "p"."status" AS "status", COUNT(*) AS "count", MIN("p"."nextAttemptAt") AS "oldest"
        FROM "Integration" AS "i" CROSS JOIN "Push" AS "p"
        WHERE "p"."integrationId" = "i"."id" AND "p"."status" IN (${statuses})
        GROUP BY "p"."status"`
      const found = new Map(rows.map((row) => [row.status, row]))
      const dueSince = claimed.flatMap((status) => {
        const oldest = found.get(status)?.oldest ?? null
        return oldest === null ? [] : [new Date(oldest).getTime()]
      })
      return {
        counts: Object.fromEntries(
          counted.map((status) => [status.toLowerCase(), Number(found.get(status)?.count ?? 0)]),
        ),
        oldestDueSeconds: Math.max(0, ...dueSince.map((since) => (now() - since) / 1_000)),
      }
    }),

    /** Look-ups of visitors that are due, and those that a worker has taken and not finished. */
    lookUps: inTime(
      async (): Promise<number> => everywhere.conversation.count({ where: { matchDueAt: { lte: new Date(now()) } } }),
    ),

    /** How many integrations there are, by status in small letters, and how many CRMs are left alone for now. */
    integrations: inTime(async (): Promise<Record<string, number>> => {
      const rows = await everywhere.integration.groupBy({ by: ['status'], _count: true })
      const paused = await everywhere.integration.count({ where: { pausedUntil: { gt: new Date(now()) } } })
      const found = rows.map(({ status, _count }) => [status.toLowerCase(), _count] as const)
      return { connected: 0, disconnected: 0, attention: 0, ...Object.fromEntries(found), paused }
    }),
  }
}

interface CountRow {
  status: string
  count: number | bigint
  /** As the database keeps it: SQLite knows no times. */
  oldest: string | number | Date | null
}
