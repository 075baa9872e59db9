/** All that a gateway keeps, to be searched for what must not stand there. */
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { isOnPostgresql } from '../../packages/server/src/database/kind.ts'
import { Prisma } from '../../packages/server/src/generated/prisma/client.ts'
import type { RunningGateway } from './running-gateway.ts'

/**
 * Every file of its folder, once SQLite has brought its log into the database's. Of PostgreSQL each row of each table: its
 * files hold what was removed until it tidies up, and long texts compressed.
 */
export async function bytesKept({ database, directory }: RunningGateway): Promise<Buffer> {
  if (!isOnPostgresql(database)) await database.$queryRawUnsafe('PRAGMA wal_checkpoint(TRUNCATE)')
  const files = await readdir(directory)
  const contents = await Promise.all(files.map((file) => readFile(join(directory, file))))
  return Buffer.concat(isOnPostgresql(database) ? [...contents, await rowsOf(database)] : contents)
}

async function rowsOf(database: RunningGateway['database']): Promise<Buffer> {
  const tables = await database.$queryRaw<{ name: string }[]>(
    Prisma.sql`SELECT tablename::text AS "name" FROM pg_tables WHERE schemaname = 'public'`,
  )
  const texts: string[] = []
  for (const { name } of tables) {
    const rows = await database.$queryRawUnsafe<{ row: string }[]>(
      `SELECT to_json("it")::text AS "row" FROM "${name}" AS "it"`,
    )
    texts.push(...rows.map(({ row }) => row))
  }
  return Buffer.from(texts.join('\n'))
}
