/** A backup that is restored: nobody goes on from an event that is not there any more. */
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEventBus } from '../../events/bus.ts'
import { readCursor } from '../../events/cursor-schema.ts'
import { makeTestDatabase } from '../../testing/make-database.ts'
import { type Database, openDatabase } from '../index.ts'
import { acrossWorkspaces } from '../workspace-guard.ts'
import { BackupError } from './backup-error.ts'
import { backUpPostgresql, restorePostgresql } from './postgresql.ts'
import { backUpSqlite, restoreSqlite } from './sqlite.ts'

const event = { workspaceId: 'a', kind: 'WORKSPACE_CHANGED' }
async function folder(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'backchannel-backup-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  return directory
}

async function open(url: string): Promise<Database> {
  const database = await openDatabase(url)
  onTestFinished(database.close)
  return database
}

/** What a subscriber is told who comes back with this event. */
async function answersTo(database: Database, cursors: readonly number[]): Promise<unknown[]> {
  const bus = createEventBus({ prisma: database.prisma })
  const told = cursors.map((cursor) =>
    readCursor(cursor, bus).catch((error: { extensions: { code: string } }) => error.extensions.code),
  )
  return Promise.all(told).finally(() => void bus.close())
}

async function goesOnFarBehind(restored: Database): Promise<void> {
  // The third was given out after the backup was made; later on its number is not in use again.
  expect(await answersTo(restored, [1, 2, 3])).toEqual(['CURSOR_EXPIRED', 'CURSOR_EXPIRED', 'CURSOR_EXPIRED'])
  const { id } = await acrossWorkspaces(restored.prisma).event.create({ data: event })
  expect(id).toBeGreaterThan(1_000_000_000)
  expect(await answersTo(restored, [2, 3, id])).toEqual(['CURSOR_EXPIRED', 'CURSOR_EXPIRED', id])
}

/** What keeps workspaces apart, and what tells of events: no restore may leave it behind. */
const guards = ({ prisma }: Database) => acrossWorkspaces(prisma).$queryRaw`
  SELECT 'policy' AS kind, tablename::text AS "table", policyname::text AS name FROM pg_policies WHERE schemaname = 'public'
  UNION ALL SELECT 'trigger', tgrelid::regclass::text, tgname::text FROM pg_trigger WHERE NOT tgisinternal
    AND tgrelid IN (SELECT oid FROM pg_class WHERE relnamespace = 'public'::regnamespace)
  UNION ALL SELECT 'forced', relname::text, relforcerowsecurity::text FROM pg_class
    WHERE relnamespace = 'public'::regnamespace AND relrowsecurity
  ORDER BY 1, 2, 3`

test('after a restore on PostgreSQL every cursor of before is refused, and its guards are there as they were', async () => {
  const [{ url, remove }, other] = [await makeTestDatabase(), await makeTestDatabase()]
  onTestFinished(other.remove)
  const used = await openDatabase(url)
  const before = acrossWorkspaces(used.prisma)
  await before.event.createMany({ data: [event, event] })
  await before.workspace.create({ data: { id: 'a', name: 'Kept' } })
  const [file, again] = [join(await folder(), 'first.dump'), join(await folder(), 'second.dump')]
  await backUpPostgresql(url, file)
  const guarded = await guards(used)
  expect(guarded).toContainEqual({ kind: 'policy', table: 'Workspace', name: expect.any(String) })
  await used.close()
  await remove()

  await expect(restorePostgresql(file, other.url, { replace: false, at: '0' })).rejects.toThrow('Say --replace')
  expect(await restorePostgresql(file, other.url, { replace: true, at: '1' })).toBe('before_restore_1')
  // One of what was restored is restored too.
  await backUpPostgresql(other.url, again)
  await restorePostgresql(again, other.url, { replace: true, at: '2' })
  const restored = await open(other.url)
  expect(await acrossWorkspaces(restored.prisma).workspace.count()).toBe(1)
  expect(await guards(restored)).toEqual(guarded)
  await goesOnFarBehind(restored)
})

test('a restore on PostgreSQL that cannot be made, or while a server is connected, leaves what was there', async () => {
  const { url, remove } = await makeTestDatabase()
  onTestFinished(remove)
  const options = { replace: true, at: '1' }
  const file = join(await folder(), 'broken.dump')
  await writeFile(file, 'no backup')
  const used = await openDatabase(url)
  await acrossWorkspaces(used.prisma).workspace.create({ data: { id: 'a', name: 'Kept' } })
  await expect(restorePostgresql(file, url, options)).rejects.toThrow('The database is in use (backchannel).')
  await used.close()
  await expect(restorePostgresql(file, url, options)).rejects.toThrow('pg_restore did not come to its end')
  expect(await acrossWorkspaces((await open(url)).prisma).workspace.count()).toBe(1)
})

test('after a restore on SQLite every cursor of before is refused, never taken for one of now', async () => {
  const directory = await folder()
  const [path, file] = [join(directory, 'used.db'), join(directory, 'backup.db')]
  const used = await openDatabase(`file:${path}`)
  await acrossWorkspaces(used.prisma).event.createMany({ data: [event, event] })
  await backUpSqlite(path, file)
  await acrossWorkspaces(used.prisma).workspace.create({ data: { id: 'a', name: 'Later' } })

  const options = { replace: true, at: '1' }
  await expect(restoreSqlite(file, path, { ...options, replace: false })).rejects.toThrow('Say --replace')
  await expect(restoreSqlite(file, path, options)).rejects.toThrow('Stop all of them')
  await used.close()
  expect(await restoreSqlite(file, path, options)).toBe(`${path}.before-restore-1`)
  const restored = await open(`file:${path}`)
  expect(await acrossWorkspaces(restored.prisma).workspace.count()).toBe(0)
  expect(await acrossWorkspaces((await open(`file:${path}.before-restore-1`)).prisma).workspace.count()).toBe(1)
  await goesOnFarBehind(restored)
})

test('a damaged backup of SQLite is refused, and a damaged database makes way for one that is whole', async () => {
  const directory = await folder()
  const [path, file] = [join(directory, 'used.db'), join(directory, 'backup.db')]
  await (await openDatabase(`file:${path}`)).close()
  await backUpSqlite(path, file)
  const whole = await readFile(file)
  await writeFile(path, whole.subarray(0, 3 * 4_096).fill(1, 0, 4_096))
  const options = { replace: true, at: '1' }
  await expect(restoreSqlite(path, join(directory, 'elsewhere.db'), options)).rejects.toThrow(BackupError)
  expect(await restoreSqlite(file, path, options)).toBe(`${path}.before-restore-1`)
  expect(await acrossWorkspaces((await open(`file:${path}`)).prisma).event.count()).toBe(0)
})
