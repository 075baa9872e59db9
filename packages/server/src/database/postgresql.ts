import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlCommenterPlugin } from '@prisma/client/runtime/client'
import { getPrismaClientClass } from '../generated/postgresql/class.ts'
import type { OpenedDatabase, OpenOptions, PrismaClient } from './index.ts'
import { endWhereSilent, tellLost } from './lost-connections.ts'
import { readMigrations } from './migrations.ts'
import { checkSessions } from './own-sessions.ts'
import { migratePostgresql } from './postgresql-migrations.ts'
import { repeatingTransactions } from './repeating-transactions.ts'
import { scopeStatements } from './scoped-connections.ts'
import { createTurns } from './turns.ts'
import { tellEverywhere, tellNamed } from './workspace-scope.ts'

/** How many connections one process holds at most, and how long one is waited for. */
const CONNECTIONS = 10
const CONNECTION_WAIT_MS = 20_000
/** How long a transaction may take: some wait for a row that another one has locked. */
const TRANSACTION_MS = 20_000

/** After how many milliseconds a connection is given up; 0: never. */
interface Limits {
  /** Nothing came on it. */
  silentMs: number
  /** Nothing was asked in its transaction. */
  idleInTransactionMs: number
}

/**
 * Nothing that is asked takes as long as the first. By the second a process that was paused in a transaction loses it, and
 * what it had locked, before those who wait for that give up.
 */
const SERVING: Limits = { silentMs: 30_000, idleInTransactionMs: 10_000 }
const UNHURRIED: Limits = { silentMs: 0, idleInTransactionMs: 0 }

/** PostgreSQL's client has the type of SQLite's: both are made from the same models. */
const PostgresqlClient = getPrismaClientClass()

/** Opens a database that is there, and brings it up to date. Its clients are not guarded yet. */
export async function openPostgresql(url: string, { unhurried }: OpenOptions = {}): Promise<OpenedDatabase> {
  await migratePostgresql(url, await readMigrations('postgresql'))
  const connection = await new PrismaPg({
    connectionString: url,
    max: CONNECTIONS,
    connectionTimeoutMillis: CONNECTION_WAIT_MS,
    application_name: 'backchannel',
  }).connect()
  const { prisma, everywhere, close } = await clientsOn(connection, unhurried ? UNHURRIED : SERVING)
  try {
    await checkSessions(connection.underlyingDriver())
  } catch (error) {
    await close()
    throw error
  }
  return { prisma, everywhere, close, warnings: (await isHeld(everywhere)) ? [] : [NOT_HELD] }
}

type Connection = Awaited<ReturnType<PrismaPg['connect']>>

/**
 * Two clients on the same connections: one reaches the workspaces that a query names, the other one all of them.
 *
 * @param connection none of its pool is open yet
 */
export async function clientsOn(
  connection: Connection,
  { silentMs, idleInTransactionMs } = SERVING,
): Promise<Omit<OpenedDatabase, 'warnings'>> {
  const pool = connection.underlyingDriver()
  pool.on('connect', (client) => {
    endWhereSilent(client, silentMs)
    scopeStatements(client)
    // Told as a statement: pools such as PgBouncer refuse it among the parameters of a start. Where it fails, so does the next.
    client.query(`SET idle_in_transaction_session_timeout = ${idleInTransactionMs}`).catch(() => {})
  })
  tellLost(pool)
  const [within, everywhere] = [clientOn(pool, tellNamed), clientOn(pool, tellEverywhere)]
  await Promise.all([within.$connect(), everywhere.$connect()])
  const again = createTurns()
  return {
    prisma: repeatingTransactions(within, again),
    everywhere: repeatingTransactions(everywhere, again),
    async close() {
      await Promise.all([within.$disconnect(), everywhere.$disconnect()])
      if (!pool.ended) await connection.dispose()
    },
  }
}

const NOT_HELD =
  'Row-level security does not hold the user of DATABASE_URL, so that only the code keeps workspaces apart. Use a user ' +
  'that owns the database and is neither a superuser nor has BYPASSRLS: see docs/operate.md, "PostgreSQL".'

async function isHeld(everywhere: PrismaClient): Promise<boolean> {
  const rows = await everywhere.$queryRaw<{ free: boolean }[]>`
    SELECT rolsuper OR rolbypassrls AS "free" FROM pg_roles WHERE rolname = current_user`
  return rows.every(({ free }) => !free)
}

function clientOn(pool: ConstructorParameters<typeof PrismaPg>[0], tell: SqlCommenterPlugin) {
  return new PostgresqlClient({
    adapter: new PrismaPg(pool),
    comments: [tell],
    // As if one came after another, as they do with SQLite; those that cannot are begun again.
    transactionOptions: { maxWait: CONNECTION_WAIT_MS, timeout: TRANSACTION_MS, isolationLevel: 'Serializable' },
  })
}
