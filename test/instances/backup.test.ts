/** `npm run backup` beside a server that works, and `npm run restore`, as an operator runs them on either database. */
import { execFileSync, spawn } from 'node:child_process'
import { randomBytes } from 'node:crypto'
import { once } from 'node:events'
import { existsSync } from 'node:fs'
import { mkdtemp, open, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { text } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
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

/** One of the commands, as somebody starts it who then closes the terminal. */
function begin(entry: string, args: readonly string[], databaseUrl: string) {
  const child = spawn(process.execPath, [`packages/server/dist/${entry}.js`, ...args], {
    cwd: join(import.meta.dirname, '../..'),
    env: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: databaseUrl,
      BACKCHANNEL_KEYS: `k1:${randomBytes(32).toString('base64')}`,
    },
    stdio: ['ignore', 'ignore', 'pipe'],
  })
  const ended = Promise.all([text(child.stderr), once(child, 'exit')]).then(([err, [code]]) => ({ code, err }))
  return { ended, hangUp: () => void child.kill('SIGHUP') }
}

test(
  'whose terminal goes away while they back up or restore a PostgreSQL leaves all as it was',
  async () => {
    const directory = await mkdtemp(join(tmpdir(), 'backchannel-stopped-'))
    onTestFinished(() => rm(directory, { recursive: true }))
    await runSql(postgresql.url('postgres'), 'CREATE DATABASE stopped')
    const url = postgresql.url('stopped')
    const { prisma, close } = await openDatabase(url)
    const everywhere = acrossWorkspaces(prisma)
    await everywhere.workspace.create({ data: { id: 'a', name: 'Kept' } })

    const file = join(directory, 'half.dump')
    await everywhere.$transaction(
      async (transaction) => {
        await transaction.$executeRaw`SET LOCAL idle_in_transaction_session_timeout = 0`
        // pg_dump waits for it, its file open already.
        await transaction.$executeRaw`LOCK TABLE "Event" IN ACCESS EXCLUSIVE MODE`
        const backup = begin('backup-main', [file], url)
        await expect.poll(() => existsSync(`${file}.part`), patience).toBe(true)
        backup.hangUp()
        expect(await backup.ended).toEqual({ code: 1, err: expect.stringContaining('pg_dump was stopped') })
        expect([file, `${file}.part`].map(existsSync)).toEqual([false, false])
      },
      { timeout: limitMs },
    )
    await close()

    const endless = join(directory, 'endless.dump')
    execFileSync('mkfifo', [endless])
    const restore = begin('restore-main', [endless, '--replace'], url)
    // It is opened for writing when pg_restore has begun to read, which it does for as long as nothing comes.
    const writer = await open(endless, 'w')
    onTestFinished(() => writer.close())
    restore.hangUp()
    expect(await restore.ended).toEqual({ code: 1, err: expect.stringContaining('pg_restore was stopped') })
    const after = await openDatabase(url)
    onTestFinished(after.close)
    expect(await acrossWorkspaces(after.prisma).workspace.count()).toBe(1)
  },
  limitMs,
)
