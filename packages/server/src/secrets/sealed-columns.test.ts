import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { expect, test } from 'vitest'
import { packageDirectory } from '../shared/package-directory.ts'
import { sealed, sealedColumns } from './sealed-columns.ts'

const models = readFileSync(join(packageDirectory, 'prisma/schema.prisma'), 'utf8')

/** `Table.column` of every text column whose name is like this. */
function columnsLike(name: RegExp): string[] {
  return [...models.matchAll(/^model (\w+) \{$(.*?)^\}$/gms)].flatMap(([, table, body = '']) =>
    [...body.matchAll(/^ {2}(\w+) +String\b/gm)].flatMap(([, column = '']) =>
      name.test(column) ? [`${table}.${column}`] : [],
    ),
  )
}

test('every column that is sealed is among those that a rotation seals anew', () => {
  const named = columnsLike(/Sealed$/)
  expect(named.length).toBeGreaterThan(8)
  const listed = sealedColumns.filter((column) => column !== sealed.lastingKeys)
  expect(listed.map(({ table, column }) => `${table}.${column}`).sort()).toEqual(named.sort())
})

test('every hash is one that a rotation leaves as it is, and it is known why', () => {
  const lasting = [
    'Invite.tokenHash',
    'SignInAttempt.stateHash',
    'RecordIntent.inputHash',
    'VisitorKey.hash',
    'PushActivity.textHash',
    'PushActivity.intendedHashes',
    'TagRequest.inputHash',
  ]
  // Of what is random through and through, so that no key is needed.
  const keyless = ['ApiKey.hash']
  expect(columnsLike(/hash/i).sort()).toEqual([...lasting, ...keyless].sort())
})

test('no two texts of one row open in the place of the other', () => {
  const identities = sealedColumns.map(({ identity }) => identity('1'))
  expect(new Set(identities).size).toBe(identities.length)
})
