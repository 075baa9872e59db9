/**
 * Writes the next migration: the SQL that leads from the migrations so far to `schema.prisma`.
 * Run `tsx src/database/make-migration.ts <name>` in this package, then read what it wrote before you commit it.
 */
import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { packageDirectory } from '../shared/package-directory.ts'
import { readMigrations } from './migrations.ts'
import { diffToSchema } from './schema-diff.ts'

const [name] = process.argv.slice(2)
if (!name || !/^[a-z][a-z0-9_]*$/.test(name)) throw new Error('Name the migration: lower-case words joined by "_"')

const directory = join(packageDirectory, 'prisma/migrations')
await mkdir(directory, { recursive: true })
const sql = await diffToSchema(await readMigrations(directory))
if (sql === '') {
  process.stdout.write('The migrations already lead to schema.prisma.\n')
} else {
  const folder = join(directory, `${new Date().toISOString().replaceAll(/\D/g, '').slice(0, 14)}_${name}`)
  await mkdir(folder)
  await writeFile(join(folder, 'migration.sql'), sql)
  process.stdout.write(`${join(folder, 'migration.sql')}\n`)
}
