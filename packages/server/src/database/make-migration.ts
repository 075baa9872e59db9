/**
 * Writes the next migration, for SQLite and for PostgreSQL: the SQL that leads from the migrations so far to
 * `schema.prisma`. Run `tsx src/database/make-migration.ts <name>` in this package, then read what it wrote before you
 * commit it: rows that have to be filled, and triggers, are written by hand, for both.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { migrationFolders, readMigrations } from './migrations.ts'
import { diffPostgresql, diffSqlite } from './schema-diff.ts'
import { startThrowawayPostgresql } from './throwaway-postgresql.ts'

const [name] = process.argv.slice(2)
if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) throw new Error('Name the migration: lower-case words joined by "_"')
const folder = `${new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)}_${name}`

async function write(kind: keyof typeof migrationFolders, sql: string): Promise<void> {
  if (sql === '') {
    process.stdout.write(`The migrations for ${kind} already lead to schema.prisma.\n`)
    return
  }
  const directory = join(migrationFolders[kind], folder)
  await mkdir(directory, { recursive: true })
  await writeFile(join(directory, 'migration.sql'), sql)
  process.stdout.write(`${join(directory, 'migration.sql')}\n`)
}

const server = await startThrowawayPostgresql()
try {
  await write('sqlite', await diffSqlite(await readMigrations('sqlite')))
  await write('postgresql', await diffPostgresql(server.url('postgres'), await readMigrations('postgresql')))
} finally {
  await server.stop()
}
