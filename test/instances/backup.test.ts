/** `npm run backup` beside a server that works, and `npm run restore`, as an operator runs them on either database. */
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import {
  runSql,
  startThrowawayPostgresql,
  type ThrowawayPostgresql,
} from '../../packages/server/src/database/throwaway-postgresql.ts'
import { say, tagThread } from '../pushes/operations.ts'
import { openInstallation, type ServerProcess } from '../support/server-process.ts'

let postgresql: ThrowawayPostgresql
beforeAll(async () => {
  postgresql = await startThrowawayPostgresql()
  await runSql(postgresql.url('postgres'), 'CREATE DATABASE kept')
})
afterAll(() => postgresql.stop())

const limitMs = 180_000
const patience = { interval: 100, timeout: 60_000 }

async function statuses(server: ServerProcess): Promise<string[]> {
  const { pushes } = await server.execute<{ pushes: { edges: { node: { status: string } }[] } }>(
    '{ pushes { edges { node { status } } } }',
  )
  return pushes.edges.map(({ node }) => node.status)
}

test.each(['SQLite', 'PostgreSQL'])(
  'F36: what was delivered after a backup was made is found in the CRMs after its restore, and is there once: %s',
  async (kind) => {
    const { dynamics, salesforce, data, start, run } = await openInstallation({
      PUSH_LEASE_SECONDS: '2',
      ...(kind === 'PostgreSQL' && { DATABASE_URL: postgresql.url('kept') }),
    })
    const crms = [dynamics, salesforce]
    const file = join(data, 'kept.backup')
    const first = await start()
    await dynamics.addFault({ method: 'PATCH', path: 'annotations', times: 100 }, { hang: true })
    await salesforce.addFault({ method: 'POST', path: 'Task', times: 100 }, { hang: true })
    const thread = await tagThread(first)
    await expect.poll(() => statuses(first), patience).toEqual(['DELIVERING', 'DELIVERING'])

    const backup = () => run('backup-main', [file])
    expect(await backup()).toMatchObject({ code: 0, err: '', out: expect.stringContaining('All is in') })
    expect(await backup()).toMatchObject({ code: 1, err: expect.stringContaining('Name one that is not there yet') })

    await first.kill()
    for (const crm of crms) await crm.clearFaults()
    const second = await start()
    const delivered = (server: ServerProcess) =>
      expect.poll(() => statuses(server), patience).toEqual(['DELIVERED', 'DELIVERED'])
    await delivered(second)
    await second.end()
    for (const crm of crms) await crm.clearCalls()
    // Until PostgreSQL has noticed that the server is gone.
    await expect
      .poll(() => run('restore-main', [file, '--replace']), { ...patience, interval: 500 })
      .toMatchObject({ code: 0, err: '', out: expect.stringContaining('Restored.') })
    const third = await start()
    await say(third, thread, 'm2', 'It came just now.')
    await delivered(third)
    for (const crm of crms) expect((await crm.calls()).length).toBeGreaterThan(0)
    const texts = [
      (await dynamics.records('annotation')).map((row) => String(row['notetext'])),
      (await salesforce.records('Task')).map((row) => String(row['Description'])),
    ]
    for (const held of texts) {
      const ours = held.filter((text) => text.includes('Where is my order?'))
      expect(ours).toEqual([expect.stringContaining('It came just now.')])
    }
  },
  limitMs,
)
