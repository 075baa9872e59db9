/** PostgreSQL that says nothing any more, that only reads, that has no room, or that is told not to wait. */
import { PrismaPg } from '@prisma/adapter-pg'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { isOutage } from '../shared/errors.ts'
import { makeTestDatabase } from '../testing/make-database.ts'
import { startWayToPostgresql } from '../testing/way-to-postgresql.ts'
import { isBusyDatabase, isLostDatabase, type PrismaClient } from './index.ts'
import { clientsOn } from './postgresql.ts'
import { runSql } from './throwaway-postgresql.ts'

let url: string
let remove: () => Promise<void>
beforeEach(async () => {
  ;({ url, remove } = await makeTestDatabase())
})
afterEach(() => remove())

/** @param silentMs after which a connection that says nothing is ended */
async function open(address = url, silentMs = 20_000): Promise<PrismaClient> {
  const connection = await new PrismaPg({ connectionString: address, max: 1 }).connect()
  const { everywhere, close } = await clientsOn(connection, { silentMs, idleInTransactionMs: 0 })
  onTestFinished(close)
  return everywhere
}

/** Changes what the server tells the connections that are opened from now on. */
async function setForNew(name: string, value: string): Promise<void> {
  const superuser = new URL(url)
  superuser.username = 'postgres'
  superuser.pathname = '/postgres'
  await runSql(superuser.href, `ALTER DATABASE ${new URL(url).pathname.slice(1)} SET ${name} = ${value}`)
}

const add = (prisma: Pick<PrismaClient, 'workspace'>, id: string) => prisma.workspace.create({ data: { id, name: id } })
const failureOf = (work: Promise<unknown>): Promise<unknown> =>
  work.then(
    () => null,
    (error: unknown) => error,
  )

test('a connection that is gone without a word is given up after a while, and the next question goes over another one', async () => {
  const way = await startWayToPostgresql(url)
  onTestFinished(() => way.close())
  const prisma = await open(way.url, 300)
  await add(prisma, 'a')
  way.forget()
  expect(isLostDatabase(await failureOf(add(prisma, 'b')))).toBe(true)
  await add(prisma, 'c')
  expect(await prisma.workspace.findMany({ select: { id: true }, orderBy: { id: 'asc' } })).toEqual([
    { id: 'a' },
    { id: 'c' },
  ])
})

test('a server that only reads is no fault of ours, and is left for the one that took its place', async () => {
  await setForNew('default_transaction_read_only', 'on')
  const prisma = await open()
  const addInTransaction = () => prisma.$transaction((database) => add(database, 'a'))
  const failure = await failureOf(addInTransaction())
  expect(isOutage(failure)).toBe(true)
  expect(String(failure)).toContain('The database can write nothing')
  await setForNew('default_transaction_read_only', 'off')
  await addInTransaction()
})

test('a server that has no room left is no fault of ours', async () => {
  const prisma = await open()
  const full = prisma.$executeRaw`DO $$ BEGIN RAISE EXCEPTION 'no space left on device' USING ERRCODE = '53100'; END $$`
  expect(isOutage(await failureOf(full))).toBe(true)
})

test('what takes longer than whoever runs the server allows may be asked again', async () => {
  await setForNew('statement_timeout', '100')
  const prisma = await open()
  expect(isBusyDatabase(await failureOf(prisma.$queryRaw`SELECT pg_sleep(5)::text`))).toBe(true)
})
