/**
 * What is due, as SQL that SQLite and PostgreSQL both read. With 100,000 pushes waiting it must not look at them all: each
 * condition names the first columns of the index (integrationId, status, rank, nextAttemptAt), and each list takes its
 * first rows from it in order. (A sort over all that is due, and Prisma's `groupBy`, read every one of them.)
 */
import { Prisma } from '../generated/prisma/client.ts'
import { pushRank } from './rank.ts'

const ranks = Object.values(pushRank)

/**
 * The ids of integrations that have something to be claimed: the CRM is not left alone, or a person asked and the CRM
 * itself did not ask for the pause.
 */
export function dueIntegrations(now: Date): Prisma.Sql {
  return Prisma.sql`
    SELECT "i"."id" FROM "Integration" AS "i" WHERE (
      ("i"."pausedUntil" IS NULL OR "i"."pausedUntil" <= ${now}) AND (
        EXISTS (
          SELECT 1 FROM "Push" AS "p" WHERE "p"."integrationId" = "i"."id" AND "p"."status" IN ('QUEUED', 'RETRYING')
            AND "p"."rank" IN (${Prisma.join(ranks)}) AND "p"."nextAttemptAt" <= ${now}
        ) OR EXISTS (
          SELECT 1 FROM "Push" AS "p" WHERE "p"."integrationId" = "i"."id" AND "p"."status" = 'DELIVERING'
            AND "p"."leaseExpiresAt" <= ${now}
        )
      )
    ) OR (
      "i"."pauseCode" <> 'CRM_RATE_LIMITED' AND EXISTS (
        SELECT 1 FROM "Push" AS "p" WHERE "p"."integrationId" = "i"."id" AND "p"."status" = 'QUEUED'
          AND "p"."rank" = ${pushRank.forced} AND "p"."nextAttemptAt" <= ${now}
      )
    )`
}

export interface CandidateRequest {
  integrationId: string
  now: Date
  limit: number
  /** BY_RANK: who comes first, then the longest due. LONGEST_DUE: whoever it is. FORCED: those that a person asked for. */
  order: 'BY_RANK' | 'LONGEST_DUE' | 'FORCED'
}

/** The ids of pushes to be claimed, the next one first. */
export function candidates({ integrationId, now, limit, order }: CandidateRequest): Prisma.Sql {
  const waiting = (status: 'QUEUED' | 'RETRYING', rank: number) => Prisma.sql`
    SELECT * FROM (
      SELECT "id", "rank", "nextAttemptAt" AS "dueAt" FROM "Push"
      WHERE "integrationId" = ${integrationId} AND "status" = ${Prisma.raw(`'${status}'`)} AND "rank" = ${rank}
        AND "nextAttemptAt" <= ${now}
      ORDER BY "nextAttemptAt" LIMIT ${limit}
    ) AS "waiting"`
  if (order === 'FORCED') return Prisma.sql`SELECT "id" FROM (${waiting('QUEUED', pushRank.forced)}) AS "due"`
  const abandoned = Prisma.sql`
    SELECT * FROM (
      SELECT "id", "rank", "leaseExpiresAt" AS "dueAt" FROM "Push"
      WHERE "integrationId" = ${integrationId} AND "status" = 'DELIVERING' AND "leaseExpiresAt" <= ${now}
      LIMIT ${limit}
    ) AS "abandoned"`
  const lists = [...ranks.flatMap((rank) => [waiting('QUEUED', rank), waiting('RETRYING', rank)]), abandoned]
  const by = Prisma.raw(order === 'BY_RANK' ? '"rank", "dueAt"' : '"dueAt"')
  return Prisma.sql`SELECT "id" FROM (${Prisma.join(lists, ' UNION ALL ')}) AS "due" ORDER BY ${by} LIMIT ${limit}`
}
