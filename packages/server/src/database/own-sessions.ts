import { UnusableDatabaseError } from './unusable.ts'

interface Client {
  query(sql: string): Promise<{ rows: unknown[] }>
  release(): void
}

/** Of the driver: connections that are taken, and given back. */
interface Pool {
  connect(): Promise<Client>
}

/**
 * Whose rows a connection may reach is set on its session. A pool such as PgBouncer that gives a session to whoever has a
 * transaction would hand that on to others, and nobody would notice.
 *
 * @throws UnusableDatabaseError where a connection does not keep the session that it has been given
 */
export async function checkSessions(pool: Pool): Promise<void> {
  const [one, other] = await Promise.all([pool.connect(), pool.connect()])
  try {
    const sessions = [await begin(one), await begin(other)]
    await one.query('COMMIT')
    await other.query('COMMIT')
    // Whether such a pool gives what came back last or what waits the longest, one of them gets what the other one had.
    const then = [await begin(other)]
    await other.query('COMMIT')
    then.unshift(await begin(one))
    await one.query('COMMIT')
    if (then.join() !== sessions.join()) throw new UnusableDatabaseError(SHARED)
  } finally {
    one.release()
    other.release()
  }
}

/** @returns the session of a transaction, which is open from now on */
async function begin(client: Client): Promise<string> {
  await client.query('BEGIN')
  const { rows } = await client.query('SELECT pg_backend_pid()')
  return JSON.stringify(rows)
}

const SHARED =
  'DATABASE_URL leads to a pool that shares sessions of PostgreSQL between its clients. Let it keep them (PgBouncer: ' +
  'pool_mode = session), or name PostgreSQL itself.'
