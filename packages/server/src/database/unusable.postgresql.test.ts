import { randomUUID } from 'node:crypto'
import { chmod, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { DriverAdapterError } from '@prisma/driver-adapter-utils'
import { expect, onTestFinished, test } from 'vitest'
import { failureText } from '../failure-text.ts'
import { makeTestDatabase } from '../testing/make-database.ts'
import { openDatabase } from './index.ts'
import { runSql, startThrowawayPostgresql } from './throwaway-postgresql.ts'
import { databaseSentence } from './unusable.ts'

const sentenceAt = (url: string) =>
  openDatabase(url).then(
    async ({ close }) => {
      await close()
      return 'opened'
    },
    (error: unknown) => failureText(error),
  )

test('who starts a server is told in a sentence why its database cannot be used, and what to do', async () => {
  const { url, remove } = await makeTestDatabase()
  const nowhere = 'postgresql://user:secret@127.0.0.1:1/backchannel'
  expect(await sentenceAt(nowhere)).toContain('nobody answers there')
  expect(await sentenceAt(nowhere)).not.toContain('secret')
  const missing = new URL(url)
  missing.pathname = '/nobody_made_it'
  expect(await sentenceAt(missing.href)).toContain('no database of this name')
  await runSql(url, 'DROP TABLE "_prisma_migrations"')
  expect(await sentenceAt(url)).toContain('tables of something else')
  await remove()
})

/** The same database as somebody else; whoever may do all makes them first. */
async function as(url: string, name: string, sql: string): Promise<string> {
  const [superuser, other] = [new URL(url), new URL(url)]
  superuser.username = 'postgres'
  other.username = name
  await runSql(superuser.href, sql)
  return other.href
}

test('a user who owns nothing there is told so, before there are tables and beside those of somebody else', async () => {
  const { url, remove } = await makeTestDatabase()
  onTestFinished(remove)
  const name = `stranger_${randomUUID().replaceAll('-', '')}`
  const stranger = await as(url, name, `CREATE ROLE ${name} LOGIN`)
  onTestFinished(async () => void (await as(url, name, `DROP OWNED BY ${name}; DROP ROLE ${name}`)))
  await as(url, name, `GRANT SELECT ON "_prisma_migrations" TO ${name}; DELETE FROM "_prisma_migrations"`)
  expect(await sentenceAt(stranger)).toContain('Make it the owner of the database')
  await runSql(url, 'DROP SCHEMA public CASCADE')
  await runSql(url, `CREATE SCHEMA public; GRANT USAGE ON SCHEMA public TO PUBLIC`)
  expect(await sentenceAt(stranger)).toContain('Make it the owner of the database')
})

test('whoever forgot the password, or whose password has signs that an address reads otherwise, is told so', async () => {
  const directory = await mkdtemp(join(tmpdir(), 'backchannel-hba-'))
  onTestFinished(() => rm(directory, { recursive: true }))
  await chmod(directory, 0o755)
  const rules = join(directory, 'pg_hba.conf')
  await writeFile(rules, 'local all asked scram-sha-256\nlocal all all trust\n')
  const { url, stop } = await startThrowawayPostgresql([`hba_file=${rules}`])
  onTestFinished(stop)
  await runSql(url('postgres', 'postgres'), `CREATE ROLE asked LOGIN PASSWORD '100%41'`)
  await runSql(url('postgres', 'postgres'), 'CREATE DATABASE asked OWNER asked')
  expect(await sentenceAt(url('asked', 'asked'))).toContain('its server wants a password')
  expect(await sentenceAt(url('asked', 'asked:100%41'))).toContain('/ ? # % as %40')
  expect(await sentenceAt(url('asked', 'asked:100%2541'))).toBe('opened')
})

test.each([
  [{ kind: 'AuthenticationFailed' }, 'user or password is wrong'],
  [{ kind: 'TlsConnectionError', reason: 'refused' }, 'sslmode'],
  [
    { kind: 'postgres', code: '57P03', severity: 'FATAL', message: 'starting', detail: '', column: '', hint: '' },
    'starting',
  ],
] as const)('so it is with %j', (cause, words) => {
  expect(databaseSentence(new DriverAdapterError(cause))).toContain(words)
})

test('a fault of the code stays one', () => {
  expect(databaseSentence(new TypeError('x is not a function'))).toBeNull()
})
