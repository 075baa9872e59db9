import { DriverAdapterError } from '@prisma/driver-adapter-utils'
import { expect, test } from 'vitest'
import { failureText } from '../failure-text.ts'
import { makeTestDatabase } from '../testing/make-database.ts'
import { openDatabase } from './index.ts'
import { runSql } from './throwaway-postgresql.ts'
import { databaseSentence } from './unusable.ts'

const sentenceAt = (url: string) =>
  openDatabase(url).then(
    () => 'opened',
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
