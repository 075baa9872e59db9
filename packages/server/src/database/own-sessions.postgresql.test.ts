import { PrismaPg } from '@prisma/adapter-pg'
import { expect, onTestFinished, test } from 'vitest'
import { makeTestDatabase } from '../testing/make-database.ts'
import { checkSessions } from './own-sessions.ts'

async function openPool() {
  const { url, remove } = await makeTestDatabase()
  onTestFinished(remove)
  const connection = await new PrismaPg({ connectionString: url }).connect()
  onTestFinished(() => connection.dispose())
  return connection.underlyingDriver()
}

test('PostgreSQL itself gives each connection a session of its own', async () => {
  await expect(checkSessions(await openPool())).resolves.toBeUndefined()
})

test.each(['pop', 'shift'] as const)(
  'a pool between that gives sessions for a transaction is refused: %s',
  async (next) => {
    const pool = await openPool()
    const free = [await pool.connect(), await pool.connect()]
    const all = [...free]
    /** As PgBouncer does it, where pool_mode is "transaction". */
    async function connect() {
      let session = all[0]
      return {
        async query(sql: string) {
          if (sql === 'BEGIN') session = free[next]()
          if (session === undefined) throw new Error('No session is free')
          const result = await session.query(sql)
          if (sql === 'COMMIT') free.push(session)
          return result
        },
        release() {},
      }
    }
    await expect(checkSessions({ connect })).rejects.toThrow('pool_mode = session')
    for (const session of all) session.release()
  },
)
