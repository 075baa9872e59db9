import { onTestFinished } from 'vitest'
import { type Database, openDatabase } from '../database/index.ts'
import { isOnPostgresql } from '../database/kind.ts'
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import { makeTestDatabase } from './make-database.ts'

/** A real database of its own, with one workspace in it; gone when the test is over. */
export interface TestDatabase extends Database {
  /** Its address, for a second connection or another process. */
  readonly url: string
  readonly workspaceId: string
}

export async function openTestDatabase(): Promise<TestDatabase> {
  const { url, remove } = await makeTestDatabase()
  const { prisma, close, warnings } = await openDatabase(url)
  onTestFinished(async () => {
    await close()
    await remove()
  })
  // Tests look at rows behind the back of the stores.
  const everywhere = acrossWorkspaces(prisma)
  await everywhere.workspace.create({ data: { id: workspaceId, name: 'Test', timeZone: 'Europe/Berlin' } })
  return { prisma: everywhere, close, warnings, url, workspaceId }
}

const workspaceId = 'workspace-1'

/** For a test of many runs, which loses nothing by a power cut. (The PostgreSQL of the tests is as hasty from its start.) */
export async function hasten(prisma: TestDatabase['prisma']): Promise<void> {
  if (!isOnPostgresql(prisma)) await prisma.$queryRawUnsafe('PRAGMA synchronous = OFF')
}
