import { rmSync } from 'node:fs'
import { copyFile, mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { onTestFinished } from 'vitest'
import { type Database, openDatabase } from '../database/index.ts'
import { acrossWorkspaces } from '../database/workspace-guard.ts'

/** A real SQLite file in a folder of its own, with one workspace in it; gone when the test is over. */
export interface TestDatabase extends Database {
  /** `file:` address, for a second connection or another process. */
  readonly url: string
  readonly workspaceId: string
}

export async function openTestDatabase(): Promise<TestDatabase> {
  empty ??= makeEmptyDatabase()
  const directory = await mkdtemp(join(tmpdir(), 'backchannel-test-'))
  const path = join(directory, 'test.db')
  await copyFile(await empty, path)
  const url = `file:${path}`
  const { prisma, close } = await openDatabase(url)
  onTestFinished(async () => {
    await close()
    await rm(directory, { recursive: true, force: true })
  })
  // Tests look at rows behind the back of the stores.
  return { prisma: acrossWorkspaces(prisma), close, url, workspaceId }
}

const workspaceId = 'workspace-1'
let empty: Promise<string> | undefined

/** Migrating takes longer than most tests: it is done once in a process, and the file is copied. */
async function makeEmptyDatabase(): Promise<string> {
  const directory = await mkdtemp(join(tmpdir(), 'backchannel-empty-'))
  process.once('exit', () => rmSync(directory, { recursive: true, force: true }))
  const path = join(directory, 'empty.db')
  const { prisma, close } = await openDatabase(`file:${path}`)
  await prisma.workspace.create({ data: { id: workspaceId, name: 'Test', timeZone: 'Europe/Berlin' } })
  await close()
  return path
}
