/**
 * What is asked for most often is found in an index, among rows of many workspaces and behind row-level security: PostgreSQL
 * itself tells how it ran each statement (`auto_explain`).
 */
import { PrismaPg } from '@prisma/adapter-pg'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { hotQueries, shortTables } from '../testing/hot-queries.ts'
import { addHotRows } from '../testing/hot-rows.ts'
import { makeTestDatabase } from '../testing/make-database.ts'
import type { PrismaClient } from './index.ts'
import { clientsOn } from './postgresql.ts'
import { runSql } from './throwaway-postgresql.ts'
import { guardWorkspaces } from './workspace-guard.ts'

let prisma: PrismaClient
let end: () => Promise<void>
let told: string[] = []

beforeAll(async () => {
  const { url, remove } = await makeTestDatabase()
  const superuser = new URL(url)
  superuser.username = 'postgres'
  const settings = {
    session_preload_libraries: 'auto_explain',
    'auto_explain.log_min_duration': '0',
    'auto_explain.log_level': 'notice',
  }
  await addHotRows((sql) => runSql(superuser.href, `SET session_replication_role = replica; ${sql}`), 'postgresql')
  await runSql(superuser.href, 'ANALYZE')
  const change = Object.entries(settings).map(
    ([name, value]) => `ALTER DATABASE ${superuser.pathname.slice(1)} SET ${name} = '${value}'`,
  )
  await runSql(superuser.href, change.join(';'))
  const connection = await new PrismaPg({ connectionString: url, max: 4 }).connect()
  connection.underlyingDriver().on('connect', (client) => {
    client.on('notice', ({ message }) => message && told.push(message))
  })
  const database = await clientsOn(connection)
  prisma = guardWorkspaces(database.prisma, database.everywhere)
  end = async () => {
    await database.close()
    await remove()
  }
})
afterAll(() => end())

test.each(hotQueries)('an index of PostgreSQL finds $what', async ({ ask, indexes }) => {
  told = []
  await ask(prisma)
  const plans = told.join('\n')
  for (const index of indexes) expect(plans).toMatch(index)
  const scanned = [...plans.matchAll(/Seq Scan on "(\w+)"/g)].map(([, table = '']) => table)
  // The sequence has one row, which says how far the events have come.
  expect(scanned.filter((table) => ![...shortTables, 'Event_id_seq'].includes(table))).toEqual([])
})
