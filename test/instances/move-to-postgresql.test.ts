/** `npm run move-to-postgresql` as an operator runs it: a server's data goes over, and the server goes on there. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { openDatabase } from '../../packages/server/src/database/index.ts'
import {
  runSql,
  startThrowawayPostgresql,
  type ThrowawayPostgresql,
} from '../../packages/server/src/database/throwaway-postgresql.ts'
import { acrossWorkspaces } from '../../packages/server/src/database/workspace-guard.ts'
import { say, tagThread } from '../pushes/operations.ts'
import { openInstallation, type ServerProcess } from '../support/server-process.ts'

let postgresql: ThrowawayPostgresql
beforeAll(async () => {
  postgresql = await startThrowawayPostgresql()
})
afterAll(() => postgresql.stop())

/** So many that the command says how far it is before it is done. */
const EVENTS = 2_100

async function plantEvents(file: string): Promise<void> {
  const { prisma, close } = await openDatabase(`file:${file}`)
  const event = { workspaceId: 'planted', kind: 'WORKSPACE_CHANGED' }
  await acrossWorkspaces(prisma).event.createMany({ data: Array.from({ length: EVENTS }, () => event) })
  await close()
}

async function eventsAt(url: string): Promise<number> {
  const { prisma, close } = await openDatabase(url)
  const count = await acrossWorkspaces(prisma).event.count()
  await close()
  return count
}

async function statuses(server: ServerProcess): Promise<string[]> {
  const { pushes } = await server.execute<{ pushes: { edges: { node: { status: string } }[] } }>(
    '{ pushes { edges { node { status } } } }',
  )
  return pushes.edges.map(({ node }) => node.status)
}

test('killed in the middle and run again, all is moved; a push that waited and one whose answer was lost arrive once from there', async () => {
  const { dynamics, salesforce, data, start, run } = await openInstallation({ PUSH_LEASE_SECONDS: '2' })
  const DATABASE_URL = postgresql.url('moved')
  await runSql(postgresql.url('postgres'), 'CREATE DATABASE moved')
  const before = await start()
  await dynamics.addFault({ method: 'PATCH', path: 'annotations', times: 100 }, { hang: 'BEFORE' })
  await salesforce.addFault({ method: 'POST', path: 'Task', times: 1 }, { hang: 'AFTER' })
  const thread = await tagThread(before)
  const ours = async () => [
    (await dynamics.records('annotation')).filter((row) => String(row['notetext']).includes('Where is my order?'))
      .length,
    (await salesforce.records('Task')).filter((row) => String(row['Description']).includes('Where is my order?'))
      .length,
  ]
  await expect.poll(() => ours()).toEqual([0, 1])
  const move = (until?: (out: string) => boolean) => run('move-to-postgresql-main', [], { DATABASE_URL }, until)

  await before.kill()
  await dynamics.clearFaults()
  await plantEvents(join(data, 'backchannel.db'))

  expect((await move((out) => out.includes('Event: 2000 rows'))).code).toBeNull()
  expect(await eventsAt(DATABASE_URL)).toBe(0)
  expect(await run('move-to-postgresql-main', [], { DATABASE_URL: postgresql.url('missing') })).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^The database of DATABASE_URL cannot be used: there is no database of this name.*\n$/),
  })
  const moved = await move()
  expect(moved).toMatchObject({ code: 0, err: '', out: expect.stringContaining('All is moved') })
  expect(moved.out).toMatch(/^Message +1 +1 {2}[0-9a-f]{16}$/m)

  const after = await start({ DATABASE_URL })
  await say(after, thread, 'm2', 'It came just now.')
  await expect.poll(() => statuses(after), { interval: 100 }).toEqual(['DELIVERED', 'DELIVERED'])
  expect(await ours()).toEqual([1, 1])
}, 120_000)
