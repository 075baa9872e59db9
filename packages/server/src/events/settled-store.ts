import { isOnPostgresql } from '../database/kind.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'

/**
 * The id up to which no further event appears: below it, what is not there was rolled back. Null where every event that is
 * there counts: SQLite has one writer at a time.
 *
 * Asked before the events themselves, in statements of its own. A transaction announces by a lock behind which id it
 * writes, before it takes one (migration `start` of PostgreSQL), and the lock ends when what it wrote is there. So of the
 * ids that were given out when the first statement ran, those that the second finds no lock for are there for the third.
 *
 * @param everywhere reaches all workspaces
 */
export async function settledUpTo(everywhere: PrismaClient): Promise<number | null> {
  if (!isOnPostgresql(everywhere)) return null
  const [given] = await everywhere.$queryRaw<{ id: bigint }[]>`
    SELECT CASE WHEN is_called THEN last_value ELSE last_value - 1 END AS "id" FROM "Event_id_seq"`
  const [held] = await everywhere.$queryRaw<{ id: bigint | null }[]>`
    SELECT min((classid::bigint & 65535) << 32 | objid::bigint) AS "id" FROM pg_locks
    WHERE locktype = 'advisory' AND objsubid = 1 AND classid::bigint >> 16 = x'4243'::bigint
      AND database = (SELECT oid FROM pg_database WHERE datname = current_database())`
  return Math.min(Number(given?.id ?? 0), Number(held?.id ?? Number.POSITIVE_INFINITY))
}
