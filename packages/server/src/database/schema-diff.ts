import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { PrismaPg } from '@prisma/adapter-pg'
import type { SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import { packageDirectory } from '../shared/package-directory.ts'
import type { Migration } from './migrations.ts'
import { migratePostgresql } from './postgresql-migrations.ts'
import { toPostgresqlModels, withWideColumns } from './postgresql-models.ts'
import { withSchemaEngine } from './schema-engine.ts'
import { migrateSqlite } from './sqlite-migrations.ts'

/** The SQL that leads from a SQLite database with these migrations to `schema.prisma`; empty when nothing is missing. */
export async function diffSqlite(migrations: readonly Migration[]): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'backchannel-diff-'))
  try {
    const url = join(directory, 'database.db')
    await migrateSqlite(url, migrations)
    return await diffToModels(new PrismaBetterSqlite3({ url }), await readModels())
  } finally {
    await rm(directory, { recursive: true })
  }
}

/**
 * The same for PostgreSQL.
 *
 * @param url of an empty database, which is brought up to date by it
 */
export async function diffPostgresql(url: string, migrations: readonly Migration[]): Promise<string> {
  await migratePostgresql(url, migrations)
  const sql = await diffToModels(describing(url), withWideColumns(toPostgresqlModels(await readModels())))
  return orderedByBytes(sql)
}

/**
 * The engine asks PostgreSQL's catalogue for columns of the type "char", one character each, which Prisma's adapter does
 * not know: it is told that they are text.
 */
function describing(url: string): SqlMigrationAwareDriverAdapterFactory {
  const factory = new PrismaPg({ connectionString: url })
  return {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    async connect() {
      const connection = await factory.connect()
      const pool = connection.underlyingDriver()
      const { query } = pool
      Reflect.set(pool, 'query', async (...given: unknown[]) => {
        const result: { fields: { dataTypeID: number }[] } = await Reflect.apply(query, pool, given)
        for (const field of result.fields) if (field.dataTypeID === TYPE_CHAR) field.dataTypeID = TYPE_TEXT
        return result
      })
      return connection
    },
  }
}

const TYPE_CHAR = 18
const TYPE_TEXT = 25

const readModels = () => readFile(join(packageDirectory, 'prisma/schema.prisma'), 'utf8')

async function diffToModels(factory: SqlMigrationAwareDriverAdapterFactory, content: string): Promise<string> {
  const files = [{ path: 'schema.prisma', content }]
  // The engine never closes what it opened.
  const opened: { dispose(): Promise<void> }[] = []
  const remembering: SqlMigrationAwareDriverAdapterFactory = {
    provider: factory.provider,
    adapterName: factory.adapterName,
    connectToShadowDb: () => factory.connectToShadowDb(),
    async connect() {
      const connection = await factory.connect()
      opened.push(connection)
      return connection
    },
  }
  try {
    const { exitCode, stdout } = await withSchemaEngine(remembering, (engine) =>
      engine.diff({
        from: { tag: 'schemaDatasource', files, configDir: packageDirectory },
        to: { tag: 'schemaDatamodel', files },
        script: true,
        exitCode: true,
        filters: { externalTables: [], externalEnums: [] },
      }),
    )
    return exitCode === DIFFERENT ? (stdout ?? '') : ''
  } finally {
    for (const connection of opened) await connection.dispose()
  }
}

const DIFFERENT = 2

/**
 * Text in the order of its bytes, as SQLite has it: the order of ids, names and cursors then does not depend on the
 * language that somebody made the database with.
 */
function orderedByBytes(sql: string): string {
  return sql.replaceAll(/^( *(?:ADD COLUMN +|ALTER COLUMN )?"\w+" (?:SET DATA TYPE )?TEXT)\b/gm, '$1 COLLATE "C"')
}
