import { PrismaPg } from '@prisma/adapter-pg'
import { getPrismaClientClass } from '../generated/postgresql/class.ts'
import type { Database } from './index.ts'
import { readMigrations } from './migrations.ts'
import { migratePostgresql } from './postgresql-migrations.ts'
import { repeatingTransactions } from './repeating-transactions.ts'

/** How many connections one process holds at most, and how long one is waited for. */
const CONNECTIONS = 10
const CONNECTION_WAIT_MS = 20_000

/** PostgreSQL's client has the type of SQLite's: both are made from the same models. */
const PostgresqlClient = getPrismaClientClass()

/** Opens a database that is there, and brings it up to date. Its client is not guarded yet. */
export async function openPostgresql(url: string): Promise<Database> {
  await migratePostgresql(url, await readMigrations('postgresql'))
  const adapter = new PrismaPg({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECTION_WAIT_MS,
    application_name: 'backchannel',
  })
  const prisma = new PostgresqlClient({
    adapter,
    // As if one came after another, as they do with SQLite; those that cannot are begun again.
    transactionOptions: { maxWait: CONNECTION_WAIT_MS, isolationLevel: 'Serializable' },
  })
  await prisma.$connect()
  return { prisma: repeatingTransactions(prisma), close: () => prisma.$disconnect() }
}
