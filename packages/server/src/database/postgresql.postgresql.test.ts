import { randomUUID } from 'node:crypto'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { countTogether } from '../testing/counting.ts'
import { makeTestDatabase } from '../testing/make-database.ts'
import { type Database, openDatabase } from './index.ts'
import { readMigrations } from './migrations.ts'
import { migratePostgresql } from './postgresql-migrations.ts'
import { diffPostgresql } from './schema-diff.ts'
import { runSql } from './throwaway-postgresql.ts'
import { acrossWorkspaces } from './workspace-guard.ts'

let url: string
let remove: () => Promise<void>
let open: Database[]

beforeEach(async () => {
  ;({ url, remove } = await makeTestDatabase())
  open = []
})

afterEach(async () => {
  for (const database of open) await database.close()
  await remove()
})

async function openTest(at = url): Promise<Database> {
  const database = await openDatabase(at)
  open.push(database)
  return database
}

/** A database without tables. */
async function emptyDatabase(): Promise<string> {
  const name = `empty_${randomUUID().replaceAll('-', '')}`
  await runSql(url, `CREATE DATABASE ${name}`)
  const other = new URL(url)
  other.pathname = `/${name}`
  return other.href
}

const workspace = (id: string) => ({ id, name: `Workspace ${id}` })

/** Walls between workspaces, which SQLite has none of. */
const ofPostgresqlAlone = ['20261126113000_workspace_walls']

describe('migrations of PostgreSQL', () => {
  test('have the names of those of SQLite, from the first on', async () => {
    const names = async (kind: 'sqlite' | 'postgresql') => (await readMigrations(kind)).map(({ name }) => name)
    const [start = '', ...later] = await names('postgresql')
    expect(later.filter((name) => !ofPostgresqlAlone.includes(name))).toEqual(
      (await names('sqlite')).filter((name) => name.slice(0, 14) > start.slice(0, 14)),
    )
  })

  test('lead to exactly what schema.prisma says', async () => {
    expect(await diffPostgresql(url, await readMigrations('postgresql'))).toBe('')
  })

  test('are applied once, by one of the instances that start at the same moment', async () => {
    const empty = await emptyDatabase()
    const databases = await Promise.all(Array.from({ length: 4 }, () => openTest(empty)))
    const applied = await acrossWorkspaces((databases[0] ?? (await openTest(empty))).prisma)
      .$queryRaw`SELECT migration_name AS name FROM _prisma_migrations`
    const migrations = await readMigrations('postgresql')
    expect(applied).toEqual(migrations.map(({ name }) => ({ name })))
    expect(await migratePostgresql(empty, migrations)).toEqual([])
  })

  test('of a later release are left as they are by a server of this one, which starts and writes', async () => {
    const later = {
      name: '99991231000000_later',
      sql: `ALTER TABLE "Workspace" ADD COLUMN "motto" TEXT DEFAULT 'none';`,
    }
    await migratePostgresql(url, [...(await readMigrations('postgresql')), later])
    const prisma = acrossWorkspaces((await openTest()).prisma)
    await prisma.workspace.create({ data: workspace('new') })
    expect(await prisma.workspace.findMany()).toMatchObject([workspace('new')])
    expect(await prisma.$queryRaw`SELECT motto FROM "Workspace"`).toEqual([{ motto: 'none' }])
  })

  test('that fail in the middle leave the database as it was', async () => {
    const migrations = await readMigrations('postgresql')
    const broken = { name: '99991231000000_broken', sql: 'CREATE TABLE half (id TEXT); CREATE TABLE half (id TEXT);' }
    await expect(migratePostgresql(url, [...migrations, broken])).rejects.toThrow()
    expect(await migratePostgresql(url, migrations)).toEqual([])
    const mended = { name: broken.name, sql: 'CREATE TABLE half (id TEXT);' }
    expect(await migratePostgresql(url, [...migrations, mended])).toEqual([broken.name])
  })

  test('of another history are refused with a sentence that says what to do', async () => {
    const changed = (await readMigrations('postgresql')).map(({ name, sql }) => ({ name, sql: `${sql}\n-- changed` }))
    await expect(migratePostgresql(url, changed)).rejects.toThrow('move the database away to begin with an empty one')
  })

  test('keep every text in the order of its bytes', async () => {
    const prisma = acrossWorkspaces((await openTest()).prisma)
    const others = await prisma.$queryRaw`
      SELECT table_name, column_name FROM information_schema.columns
      WHERE table_schema = 'public' AND table_name <> '_prisma_migrations' AND data_type = 'text' AND collation_name IS DISTINCT FROM 'C'`
    expect(others).toEqual([])
  })
})

test('a text with the character NUL, which PostgreSQL refuses, is kept with its sign and found again', async () => {
  const prisma = acrossWorkspaces((await openTest()).prisma)
  const name = 'a\u0000b'
  await prisma.workspace.create({ data: { id: 'w', name } })
  await prisma.$transaction([prisma.workspace.create({ data: { id: 'x', name } })])
  const kept = [
    { id: 'w', name: 'a␀b' },
    { id: 'x', name: 'a␀b' },
  ]
  const select = { id: true, name: true }
  expect(await prisma.workspace.findMany({ where: { name }, select, orderBy: { id: 'asc' } })).toEqual(kept)
  expect(await prisma.workspace.findMany({ where: { name: { in: [name, 'c'] } }, select })).toHaveLength(2)
  expect(await prisma.$queryRaw`SELECT "id" FROM "Workspace" WHERE "name" = ${name}`).toHaveLength(2)
})

describe('transactions on PostgreSQL', () => {
  test('come to what they would one after another, in one process and in two', async () => {
    const [one, other] = [await openTest(), await openTest()]
    expect(await countTogether(one.prisma, other.prisma)).toBe(20)
  })

  test('in which a process was paused are ended, so that nobody waits for what it had locked', async () => {
    const [paused, other] = (await Promise.all([openTest(), openTest()])).map(({ prisma }) => acrossWorkspaces(prisma))
    if (!paused || !other) throw new Error('Two were opened')
    await paused.workspace.create({ data: workspace('a') })
    expect(await other.$queryRaw`SHOW idle_in_transaction_session_timeout`).toEqual([
      { idle_in_transaction_session_timeout: '10s' },
    ])

    const rename = (prisma: Pick<typeof paused, 'workspace'>, name: string) =>
      prisma.workspace.update({ where: { id: 'a' }, data: { name } })
    const holding = paused.$transaction(async (database) => {
      await database.$executeRaw`SET LOCAL idle_in_transaction_session_timeout = 100`
      await rename(database, 'by who was paused')
      expect((await rename(other, 'by the other')).name).toBe('by the other')
      await rename(database, 'by who goes on')
    })
    await expect(holding).rejects.toThrow('The database cannot be reached, or its connection was lost')
    expect((await paused.workspace.findUniqueOrThrow({ where: { id: 'a' } })).name).toBe('by the other')
  })

  test('that wait for each other are begun again, with statements that stood ready too', async () => {
    const { prisma } = await openTest()
    await prisma.workspace.createMany({ data: [workspace('a'), workspace('b')] })
    const rename = (id: string, name: string) => prisma.workspace.update({ where: { id }, data: { name } })
    await Promise.all(
      Array.from({ length: 10 }, (_, index) =>
        prisma.$transaction((index % 2 === 0 ? ['a', 'b'] : ['b', 'a']).map((id) => rename(id, `by ${index}`))),
      ),
    )
    const [a, b] = await prisma.workspace.findMany({ orderBy: { id: 'asc' } })
    expect(a?.name).toBe(b?.name)
  })
})
