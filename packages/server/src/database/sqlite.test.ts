import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import Sqlite from 'better-sqlite3'
import { afterEach, beforeEach, describe, expect, test } from 'vitest'
import { countTogether } from '../testing/counting.ts'
import { withRetry } from './busy.ts'
import { type Database, DatabaseBusyError, openDatabase } from './index.ts'
import { readMigrations } from './migrations.ts'
import { diffSqlite } from './schema-diff.ts'
import { migrateSqlite } from './sqlite-migrations.ts'
import { acrossWorkspaces } from './workspace-guard.ts'

let directory: string
let path: string
let open: Database[]

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'backchannel-database-'))
  path = join(directory, 'nested', 'test.db')
  open = []
})

afterEach(async () => {
  for (const database of open) await database.close()
  await rm(directory, { recursive: true })
})

async function openTest(): Promise<Database> {
  const database = await openDatabase(`file:${path}`)
  open.push(database)
  return database
}

const workspace = (id: string) => ({ id, name: `Workspace ${id}` })

describe('migrations', () => {
  test('lead to exactly what schema.prisma says', async () => {
    expect(await diffSqlite(await readMigrations('sqlite'))).toBe('')
  })

  test('are applied once: a second start finds nothing to do', async () => {
    await openTest()
    const migrations = await readMigrations('sqlite')
    expect(await migrateSqlite(path, migrations)).toEqual([])
  })

  test('bring an older database up to date and keep its rows', async () => {
    const migrations = await readMigrations('sqlite')
    await (await openTest()).prisma.workspace.create({ data: workspace('old') })
    const next = { name: '99991231000000_next', sql: 'ALTER TABLE "Workspace" ADD COLUMN "motto" TEXT;' }
    expect(await migrateSqlite(path, [...migrations, next])).toEqual([next.name])
    const database = new Sqlite(path)
    expect(database.prepare('SELECT id, motto FROM Workspace').all()).toEqual([{ id: 'old', motto: null }])
    database.close()
  })

  test('of a later release are left as they are by a server of this one, which starts and writes', async () => {
    const later = {
      name: '99991231000000_later',
      sql: 'ALTER TABLE "Workspace" ADD COLUMN "motto" TEXT DEFAULT \'none\';',
    }
    await openTest()
    await migrateSqlite(path, [...(await readMigrations('sqlite')), later])
    const { prisma } = await openTest()
    await prisma.workspace.create({ data: workspace('new') })
    expect(await prisma.workspace.findMany()).toMatchObject([workspace('new')])
    const database = new Sqlite(path)
    expect(database.prepare('SELECT motto FROM Workspace').all()).toEqual([{ motto: 'none' }])
    database.close()
  })

  test('are looked for again while another process keeps even readers out', async () => {
    const migrations = await readMigrations('sqlite')
    await (await openTest()).close()
    open.pop()
    const other = new Sqlite(path)
    other.exec('PRAGMA locking_mode = EXCLUSIVE; BEGIN EXCLUSIVE')
    setTimeout(() => other.close(), 150)
    expect(await migrateSqlite(path, migrations)).toEqual([])
  })

  test('that fail in the middle leave the database as it was', async () => {
    const migrations = await readMigrations('sqlite')
    await openTest()
    const broken = { name: '99991231000000_broken', sql: 'CREATE TABLE half (id TEXT); CREATE TABLE half (id TEXT);' }
    await expect(migrateSqlite(path, [...migrations, broken])).rejects.toThrow()
    expect(await migrateSqlite(path, migrations)).toEqual([])
    const mended = { name: broken.name, sql: 'CREATE TABLE half (id TEXT);' }
    expect(await migrateSqlite(path, [...migrations, mended])).toEqual([broken.name])
  })

  test('that would orphan rows are refused and undone', async () => {
    const migrations = await readMigrations('sqlite')
    const { prisma } = await openTest()
    await prisma.workspace.create({
      data: { ...workspace('w'), apiKeys: { create: { id: 'k', name: 'k', scope: 'ADMIN', preview: '', hash: 'h' } } },
    })
    const careless = { name: '99991231000000_careless', sql: 'DELETE FROM "Workspace";' }
    await expect(migrateSqlite(path, [...migrations, careless])).rejects.toThrow('would leave rows that point nowhere')
    expect(await prisma.workspace.count()).toBe(1)
  })

  test('run by two processes that start at once are applied once', async () => {
    const [first, second] = await Promise.all([openDatabase(`file:${path}`), openDatabase(`file:${path}`)])
    open.push(first, second)
    const names = await acrossWorkspaces(first.prisma).$queryRaw<
      { name: string }[]
    >`SELECT migration_name AS name FROM _prisma_migrations`
    expect(names).toHaveLength((await readMigrations('sqlite')).length)
  })

  test('of another history are refused with a sentence that says what to do', async () => {
    await openTest()
    const changed = (await readMigrations('sqlite')).map(({ name, sql }) => ({ name, sql: `${sql}\n-- changed` }))
    await expect(migrateSqlite(path, changed)).rejects.toThrow('move the database away to begin with an empty one')
  })
})

describe('the connection', () => {
  test('is in WAL mode and synchronises fully, inside transactions too', async () => {
    const prisma = acrossWorkspaces((await openTest()).prisma)
    const modes = (client: Pick<typeof prisma, '$queryRawUnsafe'>) =>
      Promise.all(
        ['journal_mode', 'synchronous', 'foreign_keys'].map((name) => client.$queryRawUnsafe(`PRAGMA ${name}`)),
      )
    const expected = [[{ journal_mode: 'wal' }], [{ synchronous: 2n }], [{ foreign_keys: 1n }]]
    expect(await modes(prisma)).toEqual(expected)
    expect(await prisma.$transaction((transaction) => modes(transaction))).toEqual(expected)
  })

  test('keeps a statement made meanwhile out of a transaction that is rolled back', async () => {
    const { prisma } = await openTest()
    let outside: Promise<unknown> | undefined
    await expect(
      prisma.$transaction(async (transaction) => {
        await transaction.workspace.create({ data: workspace('inside') })
        outside = prisma.workspace.create({ data: workspace('outside') })
        expect(await prisma.workspace.count()).toBe(0)
        throw new Error('rolled back')
      }),
    ).rejects.toThrow('rolled back')
    await outside
    expect((await prisma.workspace.findMany()).map(({ id }) => id)).toEqual(['outside'])
  })

  test('lets a transaction read first and write then, whatever others commit in between', async () => {
    const [one, other] = [await openTest(), await openTest()]
    expect(await countTogether(one.prisma, other.prisma)).toBe(20)
  })

  test('waits for a lock held elsewhere without blocking the event loop', async () => {
    const { prisma } = await openTest()
    const other = new Sqlite(path)
    other.exec('BEGIN IMMEDIATE')
    // A driver that waits by itself lets the loop turn a few times before it gives up: the lock would not end.
    let turns = 0
    const turning = setInterval(() => {
      if (++turns === 50) other.exec('COMMIT')
    }, 5)
    await prisma.workspace.create({ data: workspace('patient') })
    clearInterval(turning)
    other.close()
    expect(await prisma.workspace.count()).toBe(1)
    expect(turns).toBeGreaterThanOrEqual(50)
  })

  test('survives a transaction whose commit failed', async () => {
    const { prisma } = await openTest()
    const dangling = { id: 'k', workspaceId: 'none', name: 'k', scope: 'ADMIN', preview: '', hash: 'h' } as const
    await expect(
      prisma.$transaction(async (transaction) => {
        await transaction.$executeRawUnsafe('PRAGMA defer_foreign_keys = ON')
        await transaction.apiKey.create({ data: dangling })
      }),
    ).rejects.toThrow()
    await prisma.$transaction([prisma.workspace.create({ data: workspace('after') })])
    expect(await prisma.workspace.count()).toBe(1)
    expect(await acrossWorkspaces(prisma).apiKey.count()).toBe(0)
  })
})

test('a process that writes without pause lets another one write in between', async () => {
  const { prisma } = await openTest()
  const other = await openTest()
  let stopped = false
  let written = 0
  const write = async () => {
    while (!stopped) {
      await prisma.$transaction(async (transaction) => {
        await transaction.workspace.create({ data: workspace(`busy-${written++}`) })
      })
    }
  }
  const writers = Array.from({ length: 8 }, write)
  for (let count = 0; count < 5; count++) await other.prisma.workspace.create({ data: workspace(`other-${count}`) })
  stopped = true
  await Promise.all(writers)
  expect(await prisma.workspace.count({ where: { id: { startsWith: 'other-' } } })).toBe(5)
  // It had its turn after few of theirs: no sooner than theirs ended for good, it would have been after all.
  expect(written).toBeLessThan(2_000)
})

test('a database that stays locked ends in an error of its own', async () => {
  await openTest()
  const [holder, waiter] = [new Sqlite(path), new Sqlite(path, { timeout: 0 })]
  holder.exec('BEGIN IMMEDIATE')
  await expect(withRetry(async () => waiter.exec('BEGIN IMMEDIATE'), 30)).rejects.toThrow(DatabaseBusyError)
  holder.close()
  waiter.close()
})
