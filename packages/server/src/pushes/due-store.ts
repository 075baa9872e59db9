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
  const ofIt = { integrationId: Prisma.sql`"i"."id"`, now, limit: 1 }
  // PostgreSQL would look through the table for one that is due, if it were not asked for the first one of a list.
  const hasAny = (...lists: Prisma.Sql[]) =>
    Prisma.join(
      lists.map((list) => Prisma.sql`EXISTS (${list})`),
      ' OR ',
    )
  return Prisma.sql`
    SELECT "i"."id" FROM "Integration" AS "i" WHERE (
      ("i"."pausedUntil" IS NULL OR "i"."pausedUntil" <= ${now})
      AND (${hasAny(...ranks.flatMap((rank) => waitingIn(rank, ofIt)), abandoned(ofIt))})
    ) OR (
      "i"."pauseCode" <> 'CRM_RATE_LIMITED' AND ${hasAny(waiting('QUEUED', pushRank.forced, ofIt))}
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
export function candidates({ integrationId, order, ...request }: CandidateRequest): Prisma.Sql {
  const ofIt = { ...request, integrationId: Prisma.sql`${integrationId}` }
  if (order === 'FORCED') return Prisma.sql`SELECT "id" FROM (${waiting('QUEUED', pushRank.forced, ofIt)}) AS "due"`
  const lists = [...ranks.flatMap((rank) => waitingIn(rank, ofIt)), abandoned(ofIt)]
  const by = Prisma.raw(order === 'BY_RANK' ? '"rank", "dueAt"' : '"dueAt"')
  return Prisma.sql`
    SELECT "id" FROM (${Prisma.join(lists, ' UNION ALL ')}) AS "due" ORDER BY ${by} LIMIT ${request.limit}`
}

/** Of which integration, until when, and how many at most. */
interface ListRequest {
  integrationId: Prisma.Sql
  now: Date
  limit: number
}

const waitingIn = (rank: number, request: ListRequest) => [
  waiting('QUEUED', rank, request),
  waiting('RETRYING', rank, request),
]

/** Those of one rank that wait for their time, the longest due first. */
function waiting(status: 'QUEUED' | 'RETRYING', rank: number, { integrationId, now, limit }: ListRequest): Prisma.Sql {
  return Prisma.sql`
    SELECT * FROM (
      SELECT "id", "rank", "nextAttemptAt" AS "dueAt" FROM "Push"
      WHERE "integrationId" = ${integrationId} AND "status" = ${Prisma.raw(`'${status}'`)} AND "rank" = ${rank}
        AND "nextAttemptAt" <= ${now}
      ORDER BY "nextAttemptAt" LIMIT ${limit}
    ) AS "waiting"`
}

/** Those whose lease is over. */
function abandoned({ integrationId, now, limit }: ListRequest): Prisma.Sql {
  return Prisma.sql`
    SELECT * FROM (
      SELECT "id", "rank", "leaseExpiresAt" AS "dueAt" FROM "Push"
      WHERE "integrationId" = ${integrationId} AND "status" = 'DELIVERING' AND "leaseExpiresAt" <= ${now}
      LIMIT ${limit}
    ) AS "abandoned"`
}
