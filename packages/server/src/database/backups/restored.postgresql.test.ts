/** A backup that is restored: nobody goes on from an event that is not there any more. */
import { execFileSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { mkdtemp, open as openFile, readFile, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { expect, onTestFinished, test } from 'vitest'
import { createEventBus } from '../../events/bus.ts'
import { readCursor } from '../../events/cursor-schema.ts'
import { OperatorError } from '../../shared/operator-error.ts'
import { makeTestDatabase } from '../../testing/make-database.ts'
import { type Database, openDatabase } from '../index.ts'
import { runSql } from '../throwaway-postgresql.ts'
import { acrossWorkspaces } from '../workspace-guard.ts'
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
  await runSql(url, 'GRANT SELECT ON "Workspace" TO PUBLIC')
  // Words of Prisma's do not stop pg_dump, nor do settings of the operator's own hide those that let it see rows.
  await backUpPostgresql(`${url}&schema=public&connection_limit=5&options=-c%20work_mem%3D8MB`, file)
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
  expect(
    await acrossWorkspaces(restored.prisma)
      .$queryRaw`SELECT relacl::text FROM pg_class WHERE oid = '"Workspace"'::regclass`,
  ).toEqual([{ relacl: null }])
  await goesOnFarBehind(restored)
})

test('a backup on PostgreSQL that was shown no rows is refused, and no file of it is left', async () => {
  const { url, remove } = await makeTestDatabase()
  onTestFinished(remove)
  const used = await openDatabase(url)
  await acrossWorkspaces(used.prisma).workspace.create({ data: { id: 'a', name: 'Kept' } })
  await used.close()
  await runSql(
    url,
    `CREATE POLICY hidden ON "Workspace" AS RESTRICTIVE USING (current_setting('application_name') <> 'pg_dump')`,
  )
  const file = join(await folder(), 'empty.dump')
  await expect(backUpPostgresql(url, file)).rejects.toThrow('pg_dump was shown no workspace')
  expect([file, `${file}.part`].map(existsSync)).toEqual([false, false])
  await runSql(url, 'DROP SCHEMA public CASCADE')
  await expect(backUpPostgresql(url, file)).rejects.toThrow('holds no tables of Backchannel')
})

test('a restore on PostgreSQL that is stopped in the middle puts back what was there', async () => {
  const { url, remove } = await makeTestDatabase()
  onTestFinished(remove)
  const used = await openDatabase(url)
  await acrossWorkspaces(used.prisma).workspace.create({ data: { id: 'a', name: 'Kept' } })
  await used.close()
  const file = join(await folder(), 'endless.dump')
  execFileSync('mkfifo', [file])
  const stopping = new AbortController()
  const restoring = restorePostgresql(file, url, { replace: true, at: '1', signal: stopping.signal })
  restoring.catch(() => {})
  // It is opened for writing when pg_restore has begun to read, which it does for as long as nothing comes.
  const writer = await openFile(file, 'w')
  onTestFinished(() => writer.close())
  stopping.abort()
  await expect(restoring).rejects.toThrow('pg_restore was stopped')
  expect(await acrossWorkspaces((await open(url)).prisma).workspace.count()).toBe(1)
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

test('a restore on SQLite takes no log for its own that was left where the database was', async () => {
  const directory = await folder()
  const [path, file] = [join(directory, 'used.db'), join(directory, 'backup.db')]
  const used = await openDatabase(`file:${path}`)
  await backUpSqlite(path, file)
  await acrossWorkspaces(used.prisma).workspace.create({ data: { id: 'a', name: 'Later' } })
  const log = await readFile(`${path}-wal`)
  await used.close()
  await rm(path)
  await writeFile(`${path}-wal`, log)

  expect(await restoreSqlite(file, path, { replace: false, at: '1' })).toBeNull()
  expect(await acrossWorkspaces((await open(`file:${path}`)).prisma).workspace.count()).toBe(0)
  expect(await readFile(`${path}.before-restore-1-wal`)).toEqual(log)
})

test('a damaged backup of SQLite is refused, and a damaged database makes way for one that is whole', async () => {
  const directory = await folder()
  const [path, file] = [join(directory, 'used.db'), join(directory, 'backup.db')]
  await (await openDatabase(`file:${path}`)).close()
  await backUpSqlite(path, file)
  const whole = await readFile(file)
  await writeFile(path, whole.subarray(0, 3 * 4_096).fill(1, 0, 4_096))
  const options = { replace: true, at: '1' }
  await expect(restoreSqlite(path, join(directory, 'elsewhere.db'), options)).rejects.toThrow(OperatorError)
  expect(await restoreSqlite(file, path, options)).toBe(`${path}.before-restore-1`)
  expect(await acrossWorkspaces((await open(`file:${path}`)).prisma).event.count()).toBe(0)
})
