import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { packageDirectory } from '../shared/package-directory.ts'
import { type Migration, migrate } from './migrations.ts'
import { withSchemaEngine } from './schema-engine.ts'

/** The SQL that leads from a database with these migrations to `schema.prisma`; empty when nothing is missing. */
export async function diffToSchema(migrations: readonly Migration[]): Promise<string> {
  const content = await readFile(join(packageDirectory, 'prisma/schema.prisma'), 'utf8')
  const files = [{ path: 'schema.prisma', content }]
  const directory = await mkdtemp(join(tmpdir(), 'backchannel-diff-'))
  try {
    const path = join(directory, 'database.db')
    await migrate(path, migrations)
    const { exitCode, stdout } = await withSchemaEngine(new PrismaBetterSqlite3({ url: path }), (engine) =>
      engine.diff({
        from: { tag: 'schemaDatasource', files, configDir: directory },
        to: { tag: 'schemaDatamodel', files },
        script: true,
        exitCode: true,
        filters: { externalTables: [], externalEnums: [] },
      }),
    )
    return exitCode === DIFFERENT ? (stdout ?? '') : ''
  } finally {
    await rm(directory, { recursive: true })
  }
}

const DIFFERENT = 2
