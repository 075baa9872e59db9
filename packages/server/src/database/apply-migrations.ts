import type { SqlDriverAdapter, SqlMigrationAwareDriverAdapterFactory } from '@prisma/driver-adapter-utils'
import type { Migration } from './migrations.ts'
import { withSchemaEngine } from './schema-engine.ts'

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
  return withSchemaEngine(sharing(connection), async (engine) => {
    const { appliedMigrationNames } = await engine.applyMigrations({ migrationsList, filters })
    return appliedMigrationNames
  })
}

/**
 * Hands the engine our one connection, whatever it opens, so that all it does happens in our transaction. It never closes
 * what it opened, and would keep the database locked.
 */
function sharing(connection: SqlDriverAdapter): SqlMigrationAwareDriverAdapterFactory {
  const shared = {
    provider: connection.provider,
    adapterName: connection.adapterName,
    queryRaw: connection.queryRaw.bind(connection),
    executeRaw: connection.executeRaw.bind(connection),
    executeScript: connection.executeScript.bind(connection),
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
