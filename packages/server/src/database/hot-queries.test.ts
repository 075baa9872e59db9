/**
 * What is asked for most often is found in an index: SQLite tells how it would run each statement that Prisma sent, with what
 * it was sent with.
 */
import type { SqlDriverAdapterFactory, SqlQuery, SqlQueryable } from '@prisma/driver-adapter-utils'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { PrismaClient } from '../generated/prisma/client.ts'
import { hotQueries, shortTables } from '../testing/hot-queries.ts'
import { addHotRows } from '../testing/hot-rows.ts'
import { makeTestDatabase } from '../testing/make-database.ts'
import { createSqliteAdapter } from './sqlite-adapter.ts'
import { guardWorkspaces } from './workspace-guard.ts'

let prisma: PrismaClient
let end: () => Promise<void>
let told: string[] = []

beforeAll(async () => {
  const { url, remove } = await makeTestDatabase()
  const everywhere = new PrismaClient({ adapter: telling(createSqliteAdapter(url.replace(/^file:/, ''))) })
  await everywhere.$queryRaw`PRAGMA foreign_keys = OFF`
  await addHotRows((sql) => everywhere.$executeRawUnsafe(sql), 'sqlite')
  prisma = guardWorkspaces(everywhere, everywhere)
  end = async () => {
    await everywhere.$disconnect()
    await remove()
  }
})
afterAll(() => end())

/** The same adapter, whose every statement is explained before it is run. */
function telling(factory: SqlDriverAdapterFactory): SqlDriverAdapterFactory {
  return {
    ...factory,
    async connect() {
      const adapter = await factory.connect()
      return {
        ...adapter,
        ...explaining(adapter),
        startTransaction: async (level) => {
          const transaction = await adapter.startTransaction(level)
          return { ...transaction, ...explaining(transaction) }
        },
      }
    },
  }
}

function explaining(connection: SqlQueryable): Pick<SqlQueryable, 'queryRaw' | 'executeRaw'> {
  async function explain(query: SqlQuery): Promise<void> {
    const { rows } = await connection.queryRaw({ ...query, sql: `EXPLAIN QUERY PLAN ${query.sql}` })
    // Of the four columns the last one says what is done.
    told.push(...rows.map((row) => inWordsOfPostgresql(String(row[3]), query.sql)))
  }
  return {
    async queryRaw(query) {
      await explain(query)
      return connection.queryRaw(query)
    },
    async executeRaw(query) {
      await explain(query)
      return connection.executeRaw(query)
    },
  }
}

/** Whatever comes first or last by the number of its row is the first that SQLite comes upon, though it calls that a scan. */
const AN_END = /WHERE 1=1 ORDER BY `main`.`Event`.`id` (ASC|DESC) LIMIT/

function inWordsOfPostgresql(step: string, sql: string): string {
  return step
    .replace(/\bsqlite_autoindex_(\w+)_1\b/, '$1_pkey')
    .replace(/main\.(\w+) USING INTEGER PRIMARY KEY/, '$1 USING INDEX $1_pkey')
    .replace(/^SCAN main\.(Event)$/, AN_END.test(sql) ? 'END OF $1_pkey' : '$&')
}

/** What our SQL calls the rows of a part of it, and Prisma those that it counts. */
const PARTS = ['waiting', 'abandoned', 'due', 'sub']

test.each(hotQueries)('an index of SQLite finds $what', async ({ ask, indexes }) => {
  told = []
  await ask(prisma)
  for (const index of indexes) expect(told.join('\n')).toMatch(index)
  const scanned = told.flatMap((step) => /^SCAN (?:main\.)?(\w+)/.exec(step)?.slice(1) ?? [])
  // Our SQL calls an integration `i`.
  expect(scanned.filter((table) => ![...shortTables, ...PARTS, 'i'].includes(table))).toEqual([])
})
