import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Database, openDatabase } from '../database/index.ts'

/** A real SQLite file in a folder of its own, with one workspace in it; gone when the test is over. */
export interface TestDatabase extends Database {
  /** `file:` address, for a second connection or another process. */
  readonly url: string
  readonly workspaceId: string
}

export async function openTestDatabase(): Promise<TestDatabase> {
  const directory = await mkdtemp(join(tmpdir(), 'backchannel-test-'))
  const url = `file:${join(directory, 'test.db')}`
  const { prisma, close } = await openDatabase(url)
  onTestFinished(async () => {
    await close()
    await rm(directory, { recursive: true, force: true })
  })
  const workspaceId = 'workspace-1'
  await prisma.workspace.create({ data: { id: workspaceId, name: 'Test', timeZone: 'Europe/Berlin' } })
  return { prisma, close, url, workspaceId }
}
