import type { Prisma } from '../generated/prisma/client.ts'

/** What PostgreSQL's client knows beyond SQLite's, whose type it has. */
interface OnPostgresql {
  $transaction<Result>(
    work: (transaction: Prisma.TransactionClient) => Promise<Result>,
    options: { isolationLevel: 'ReadCommitted' },
  ): Promise<Result>
}

/** Whether a client speaks to PostgreSQL, for the few things that one of the databases has to be asked otherwise. */
export function isOnPostgresql<Client extends object>(prisma: Client): prisma is Client & OnPostgresql {
  return Reflect.get(prisma, '_activeProvider') === 'postgresql'
}

/** Beside `contains`: case does not count. SQLite compares so by itself, in ASCII as this does, and knows no such word. */
export const anyCase = (prisma: object): object => (isOnPostgresql(prisma) ? { mode: 'insensitive' } : {})
