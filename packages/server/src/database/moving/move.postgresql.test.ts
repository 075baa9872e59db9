import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, beforeEach, expect, test } from 'vitest'
import type { PrismaClient } from '../../generated/prisma/client.ts'
import { fillEveryTable } from '../../testing/full-database.ts'
import { makeTestDatabase } from '../../testing/make-database.ts'
import { openDatabase } from '../index.ts'
import { readMigrations } from '../migrations.ts'
import { acrossWorkspaces } from '../workspace-guard.ts'
import { checkVersions, type MoveReport, move } from './move.ts'
import { openSoleSqlite } from './sole-sqlite.ts'
import { allTables } from './tables.ts'

/** More than two batches, so that each way of going on behind a row is gone. */
const ROWS = 11
const BATCH = 4
const tables = allTables().map(({ name }) => name)

let directory: string
let path: string
let target: PrismaClient
let ends: (() => Promise<unknown>)[]

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'backchannel-move-'))
  path = join(directory, 'backchannel.db')
  const { url, remove } = await makeTestDatabase()
  const { prisma, close } = await openDatabase(url)
  target = acrossWorkspaces(prisma)
  ends = [close, remove, () => rm(directory, { recursive: true })]
})
afterEach(async () => {
  for (const end of ends) await end()
})

async function change<T>(work: (source: PrismaClient) => Promise<T>): Promise<T> {
  const { prisma, close } = await openDatabase(`file:${path}`)
  try {
    return await work(acrossWorkspaces(prisma))
  } finally {
    await close()
  }
}

async function moveAll(onRows: (table: string) => void = () => {}): Promise<MoveReport> {
  const source = await openSoleSqlite(path)
  try {
    return await move(source, target, { onRows, batch: BATCH })
  } finally {
    await source.close()
  }
}

const nothingIsThere = async () => {
  const counts = await Promise.all([target.workspace.count(), target.message.count(), target.event.count()])
  expect(counts).toEqual([0, 0, 0])
}

test('every row of every table is moved as it is; once more, nothing is changed', async () => {
  await change((source) => fillEveryTable(source, tables, ROWS))
  const { moved, tables: compared } = await moveAll()
  expect(moved).toBe(true)
  expect(compared.map(({ table }) => table)).toEqual(tables)
  // Whoever adds a table finds it here without being asked: a table that was not filled would show nothing.
  for (const it of compared) {
    expect(it).toMatchObject({ sourceRows: ROWS, targetRows: ROWS, difference: null })
    expect(it.checksum).toMatch(/^[0-9a-f]{64}$/)
  }
  const push = { where: { id: 'C-Push-7' } }
  expect(await target.push.findUnique(push)).toEqual(await change((source) => source.push.findUnique(push)))
  const { document } = await target.settingsChange.findUniqueOrThrow({ where: { id: 'b-SettingsChange-2' } })
  expect(JSON.stringify(document)).toBe(
    await change((source) =>
      source.settingsChange
        .findUniqueOrThrow({ where: { id: 'b-SettingsChange-2' } })
        .then((it) => JSON.stringify(it.document)),
    ),
  )

  const again = await moveAll()
  expect(again).toEqual({ moved: false, tables: compared })
})

test('ids that are cursors go on behind the last that was given out, also where that event is gone', async () => {
  await change(async (source) => {
    const event = (workspaceId: string) => source.event.create({ data: { workspaceId, kind: 'WORKSPACE_CHANGED' } })
    await event('a')
    const { id } = await event('b')
    await source.event.delete({ where: { id } })
  })
  await moveAll()
  const { id } = await target.event.create({ data: { workspaceId: 'c', kind: 'WORKSPACE_CHANGED' } })
  expect(id).toBe(3)
})

test('a move that is broken off has moved nothing, and moves all when it is run again', async () => {
  await change((source) => fillEveryTable(source, tables, 3))
  const dying = moveAll((table) => {
    if (table === 'Message') throw new Error('The power failed')
  })
  await expect(dying).rejects.toThrow('The power failed')
  await nothingIsThere()
  expect((await moveAll()).moved).toBe(true)
})

test('what differs is named by its table, its row and its column, and nothing is changed', async () => {
  await change((source) => fillEveryTable(source, tables, 3))
  await moveAll()
  await target.message.update({ where: { id: 'b-Message-2' }, data: { contentSealed: 'changed' } })
  await expect(moveAll()).rejects.toThrow(
    /holds something else: Message has 3 rows .* id "b-Message-2" differs in contentSealed/,
  )
  await target.message.delete({ where: { id: 'b-Message-2' } })
  await expect(moveAll()).rejects.toThrow('id "b-Message-2" is not in the target')
  await change((source) => source.message.delete({ where: { id: 'C-Message-1' } }))
  await expect(moveAll()).rejects.toThrow('where the source has id "b-Message-0", the target has id "C-Message-1"')
  await change((source) => source.message.deleteMany())
  await expect(moveAll()).rejects.toThrow('id "C-Message-1" is in the target alone')
  expect(await target.message.count()).toBe(2)
})

test('a database that a server has begun to use is not added to', async () => {
  await change((source) => fillEveryTable(source, tables, 1))
  await target.workspace.create({ data: { id: 'another', name: 'Another' } })
  await expect(moveAll()).rejects.toThrow('Name an empty one')
  expect(await target.message.count()).toBe(0)
})

test('while anybody has the SQLite database open it is not moved, and while it is moved nobody opens it', async () => {
  await expect(openSoleSqlite(path)).rejects.toThrow('There is no SQLite database')
  const server = await openDatabase(`file:${path}`)
  await expect(openSoleSqlite(path)).rejects.toThrow('Stop all of them')
  await server.close()
  const source = await openSoleSqlite(path)
  await expect(openSoleSqlite(path)).rejects.toThrow('Stop all of them')
  await source.close()
})

test('databases of another version are not moved', async () => {
  const known = await readMigrations('sqlite')
  const applied = known.map(({ name }) => ({ name, checksum: '' }))
  expect(() => checkVersions('It', applied, known)).not.toThrow()
  expect(() => checkVersions('It', applied.slice(1), known)).toThrow('is of an older version')
  const newer = [...applied, { name: '29990101000000_more', checksum: '' }]
  expect(() => checkVersions('It', newer, known)).toThrow('made by a newer version (migration 29990101000000_more)')
})
