/** Servers of two releases run on one database while they are replaced in turn: a migration leaves the earlier what it needs. */
import { describe, expect, test } from 'vitest'
import { type Migration, readMigrations } from './migrations.ts'

/** Before it there was no release whose servers could still run. */
const BASELINE = '20261127'

/**
 * What an earlier release would stumble over: it reads and writes the columns that it knows, fills no others, knows no
 * further values of an enum, and does not say what a wall asks for that was not there. What has to go is left alone by one
 * release and removed by the one after it.
 */
function forbiddenIn(sql: string): string[] {
  const made = new Set([...sql.matchAll(/CREATE TABLE "(\w+)"/gi)].map(([, table]) => table))
  const statements = sql
    .replaceAll(/--.*$/gm, '')
    .split(';')
    .map((statement) => statement.replaceAll(/\s+/g, ' ').trim())
  return statements.filter((statement) => {
    const [, table = ''] = /(?:ALTER TABLE|\bON) (?:ONLY )?"(\w+)"/i.exec(statement) ?? []
    if (/^(DROP|TRUNCATE|DELETE)\b|\bRENAME\b|\bADD VALUE\b/i.test(statement)) return true
    if (made.has(table)) return false
    if (/^CREATE (POLICY|TRIGGER)\b|\b(ENABLE|FORCE) ROW LEVEL SECURITY\b/i.test(statement)) return true
    if (/^CREATE UNIQUE INDEX|\bADD CONSTRAINT\b/i.test(statement)) return true
    if (/\b(DROP|ALTER) COLUMN\b|\bSET (NOT NULL|DATA TYPE)\b/i.test(statement)) return true
    return /\bADD COLUMN\b[^,]*\bNOT NULL\b/i.test(statement) && !/\bDEFAULT\b/i.test(statement)
  })
}

describe('a migration', () => {
  test.each([
    'DROP TABLE "Tag"',
    'DELETE FROM "Session"',
    'ALTER TABLE "Tag" DROP COLUMN "taggedBy"',
    'ALTER TABLE "Tag" RENAME COLUMN "taggedBy" TO "by"',
    'ALTER TABLE "Tag" ADD COLUMN "note" TEXT NOT NULL',
    'ALTER TABLE "Tag" ALTER COLUMN "taggedBy" SET NOT NULL',
    'ALTER TABLE "Tag" ADD CONSTRAINT "once" UNIQUE ("taggedBy")',
    'CREATE UNIQUE INDEX "once" ON "Tag"("taggedBy")',
    `ALTER TYPE "Role" ADD VALUE 'GUEST'`,
    'DROP INDEX "Tag_key"',
    'ALTER TABLE "Tag" ENABLE ROW LEVEL SECURITY',
    'CREATE POLICY "wall" ON "Tag" USING (false)',
  ])('may not say: %s', (statement) => {
    expect(forbiddenIn(`-- Why\nCREATE TABLE "Other" ("id" TEXT NOT NULL);\n${statement};\n`)).toEqual([statement])
  })

  test.each([
    'ALTER TABLE "Tag" ADD COLUMN "note" TEXT',
    `ALTER TABLE "Tag" ADD COLUMN "note" TEXT NOT NULL DEFAULT ''`,
    'CREATE INDEX "Tag_taggedBy_idx" ON "Tag"("taggedBy")',
    'CREATE TABLE "Note" ("id" TEXT NOT NULL PRIMARY KEY); CREATE UNIQUE INDEX "Note_key" ON "Note"("id")',
    'CREATE TABLE "Note" ("id" TEXT NOT NULL PRIMARY KEY); ALTER TABLE "Note" ENABLE ROW LEVEL SECURITY',
  ])('may say: %s', (statement) => {
    expect(forbiddenIn(statement)).toEqual([])
  })

  test.each(['sqlite', 'postgresql'] as const)(
    'of %s says nothing that servers of the release before stumble over',
    async (kind) => {
      const later = (await readMigrations(kind)).filter(({ name }) => name >= BASELINE)
      const faults = later.flatMap(({ name, sql }: Migration) =>
        forbiddenIn(sql).map((statement) => `${name}: ${statement}`),
      )
      expect(faults).toEqual([])
    },
  )
})
