import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { Migration } from './migrations.ts'
import { withSchemaEngine } from './schema-engine.ts'
import { databaseSentence } from './unusable.ts'

/**
 * Has Prisma's engine run what is missing, all of it through one connection.
 *
 * @returns the names of the migrations that were applied now
 */
export async function applyMigrations(
  connection: SqlDriverAdapter,
  migrations: readonly Migration[],
): Promise<string[]> {
  const migrationsList = {
    baseDir: 'migrations',
    lockfile: { path: 'migration_lock.toml', content: null },
    shadowDbInitScript: '',
    migrationDirectories: migrations.map(({ name, sql }) => ({
      path: name,
      migrationFile: { path: 'migration.sql', content: { tag: 'ok' as const, value: sql } },
    })),
  }
  const filters = { externalTables: [], externalEnums: [] }
  let refusal: unknown = null
  const onRefusal = (error: unknown) => {
    refusal = error
  }
  try {
    return await withSchemaEngine(sharing(connection, onRefusal), async (engine) => {
      const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters })
      return appliedMigrationNames
    })
  } catch (error) {
    // The engine tells a story of its own, in which nobody finds what the database said.
    throw databaseSentence(refusal) === null ? error : refusal
  }
}

/**
 * Hands the engine our one connection, whatever it opens, so that all it does happens in our transaction. It never closes
 * what it opened, and would keep the database locked.
 */
function sharing(
  connection: SqlDriverAdapter,
  onRefusal: (error: unknown) => void,
): SqlMigrationAwareDriverAdapterFactory {
  function telling<Given extends unknown[], Answer>(ask: (...given: Given) => Promise<Answer>) {
    return (...given: Given) =>
      ask(...given).catch((error: unknown) => {
        onRefusal(error)
        throw error
      })
  }
  const shared = {
    provider: connection.provider,
    adapterName: connection.adapterName,
    queryRaw: telling(connection.queryRaw.bind(connection)),
    executeRaw: telling(connection.executeRaw.bind(connection)),
    executeScript: telling(connection.executeScript.bind(connection)),
    startTransaction: connection.startTransaction.bind(connection),
    ...(connection.getConnectionInfo && { getConnectionInfo: connection.getConnectionInfo.bind(connection) }),
    dispose: async () => {},
  } satisfies SqlDriverAdapter
  return {
    provider: connection.provider,
    adapterName: connection.adapterName,
    connect: async () => shared,
    connectToShadowDb: async () => {
      throw new Error('Migrations are applied without a second database')
    },
  }
}
