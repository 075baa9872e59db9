import { createHash } from 'node:crypto'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageDirectory } from '../shared/package-directory.ts'

/** One step of a database's history: `<folder>/<name>/migration.sql`. */
export interface Migration {
  readonly name: string
  readonly sql: string
}

/** One history for each kind of database, under the same names and made from the same models. */
export const migrationFolders = {
  sqlite: join(packageDirectory, 'prisma/migrations'),
  postgresql: join(packageDirectory, 'prisma/migrations-postgresql'),
} as const

/** The migrations that this version of the gateway knows, oldest first. */
export async function readMigrations(kind: keyof typeof migrationFolders): Promise<Migration[]> {
  const directory = migrationFolders[kind]
  const entries = await readdir(directory, { withFileTypes: true })
  const names = entries.filter((entry) => entry.isDirectory()).map((entry) => entry.name)
  return Promise.all(
    names.sort().map(async (name) => ({ name, sql: await readFile(join(directory, name, 'migration.sql'), 'utf8') })),
  )
}

/** A row of Prisma's own table: which migration ran, and the hash of what it was then. */
export interface AppliedMigration {
  readonly name: string
  readonly checksum: string
}

/** The rows that count, as SQL that both databases read. */
export const APPLIED_MIGRATIONS = `
  SELECT migration_name AS name, checksum FROM _prisma_migrations
  WHERE finished_at IS NOT NULL AND rolled_back_at IS NULL`

/**
 * Whether nothing is left to do. Pure.
 *
 * @param database as the operator knows it, for the sentence
 * @throws Error when a migration that was applied has another content now
 */
export function isComplete(
  rows: readonly AppliedMigration[],
  migrations: readonly Migration[],
  database: string,
): boolean {
  const applied = new Map(rows.map((row) => [row.name, row.checksum]))
  for (const { name, sql } of migrations) {
    const checksum = applied.get(name)
    if (checksum === undefined) return false
    if (checksum !== createHash('sha256').update(sql).digest('hex')) {
      throw new Error(
        `The database at ${database} was made with another version of migration ${name}. ` +
          'Start the version that made it, or move the database away to begin with an empty one.',
      )
    }
  }
  return true
}
