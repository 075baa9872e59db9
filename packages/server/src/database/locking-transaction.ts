import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import { isOnPostgresql } from './kind.ts'

/**
 * A transaction whose first statement changes the one row that whatever could disturb it changes too, and so has it locked
 * until the end. What it reads from then on is as others have left it, not as it was at its beginning.
 *
 * PostgreSQL then need not find out what would disturb it: in a small table it holds all that is written to the same page
 * for that, and ends most of what runs at the same time. Transactions that must not see half of this one's outcome change
 * that row first. On SQLite, which has one writer, it is a transaction as others are.
 */
export function lockingTransaction<Result>(
  prisma: PrismaClient,
  work: (transaction: Prisma.TransactionClient) => Promise<Result>,
): Promise<Result> {
  return isOnPostgresql(prisma)
    ? prisma.$transaction(work, { isolationLevel: 'ReadCommitted' })
    : prisma.$transaction(work)
}
