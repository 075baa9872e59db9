import { mkdir } from 'node:fs/promises'
import { dirname } from 'node:path'
import { PrismaClient } from '../generated/prisma/client.ts'
import type { OpenedDatabase } from './index.ts'
import { readMigrations } from './migrations.ts'
import { createSqliteAdapter } from './sqlite-adapter.ts'
import { migrateSqlite } from './sqlite-migrations.ts'

/** How long Prisma lets a transaction wait for its turn before it gives up; longer than we wait for a lock. */
const TRANSACTION_MAX_WAIT_MS = 20_000

/** Opens a file, which is made where there is none, and brings it up to date. Its client is not guarded yet. */
export async function openSqlite(path: string): Promise<OpenedDatabase> {
  await mkdir(dirname(path), { recursive: true })
  await migrateSqlite(path, await readMigrations('sqlite'))
  const prisma = new PrismaClient({
    adapter: createSqliteAdapter(path),
    transactionOptions: { maxWait: TRANSACTION_MAX_WAIT_MS },
  })
  await prisma.$connect()
  return { prisma, everywhere: prisma, warnings: [], close: () => prisma.$disconnect() }
}
