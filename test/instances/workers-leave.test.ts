/** Processes on PostgreSQL and Redis that are paused for longer than their lease, and that are told to end in the middle. */
import { kill } from 'node:process'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { openDatabase } from '../../packages/server/src/database/index.ts'
import {
  runSql,
  startThrowawayPostgresql,
  type ThrowawayPostgresql,
} from '../../packages/server/src/database/throwaway-postgresql.ts'
import { acrossWorkspaces } from '../../packages/server/src/database/workspace-guard.ts'
import { tagThread } from '../pushes/operations.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { openInstallation } from '../support/server-process.ts'

let postgresql: ThrowawayPostgresql
let redis: RedisServer
beforeAll(async () => {
  postgresql = await startThrowawayPostgresql()
  redis = await startRedis()
})
afterAll(() => Promise.all([postgresql.stop(), redis.stop()]))

const limitMs = 180_000
const patience = { interval: 50, timeout: 60_000 }

/** @param leaseSeconds how long a process that fell silent keeps its pushes */
async function open(name: string, leaseSeconds: number) {
  const DATABASE_URL = postgresql.url(name)
  await runSql(postgresql.url('postgres'), `CREATE DATABASE ${name}`)
  const database = await openDatabase(DATABASE_URL)
  const prisma = acrossWorkspaces(database.prisma)
  const env = { DATABASE_URL, REDIS_URL: redis.url, PUSH_LEASE_SECONDS: String(leaseSeconds) }
  const installation = await openInstallation(env)
  onTestFinished(database.close)
  const { dynamics, salesforce } = installation
  return {
    ...installation,
    rows: () => prisma.push.findMany({ include: { activities: true }, orderBy: { id: 'asc' } }),
    /** How many connections of others are in the middle of something. */
    async busyOthers() {
      const [row] = await prisma.$queryRaw<{ count: number }[]>`
        SELECT count(*)::int AS count FROM pg_stat_activity
        WHERE datname = current_database() AND pid <> pg_backend_pid() AND state <> 'idle'`
      return row?.count ?? 0
    },
    async hang(when: 'BEFORE' | 'AFTER', times: number) {
      await dynamics.addFault({ method: 'PATCH', path: 'annotations', times }, { hang: when })
      await salesforce.addFault({ method: 'POST', path: 'Task', times }, { hang: when })
    },
    /** How many activities each CRM holds. */
    async held() {
      const isOurs = (text: unknown) => String(text).includes('Where is my order?')
      return [
        (await dynamics.records('annotation')).filter((row) => isOurs(row['notetext'])).length,
        (await salesforce.records('Task')).filter((row) => isOurs(row['Description'])).length,
      ]
    },
  }
}

test(
  'F22 on PostgreSQL and Redis: a server that is paused for longer than its lease changes nothing when it goes on',
  async () => {
    const { start, startWorker, rows, busyOthers, hang, held } = await open('paused', 2)
    const paused = await start()
    // The CRMs file it, and whoever asked for it waits for the answer when it is paused.
    await hang('AFTER', 1)
    await tagThread(paused)
    await expect.poll(() => held(), patience).toEqual([1, 1])
    // Not inside a transaction: PostgreSQL would keep the rows of it for as long as the pause takes.
    const pause = async () => {
      kill(paused.pid, 'SIGSTOP')
      const busy = await busyOthers()
      if (busy > 0) kill(paused.pid, 'SIGCONT')
      return busy
    }
    await expect.poll(pause, { ...patience, interval: 5 }).toBe(0)

    await startWorker()
    const statuses = async () => (await rows()).map(({ status }) => status)
    await expect.poll(() => statuses(), patience).toEqual(['DELIVERED', 'DELIVERED'])
    const before = await rows()
    kill(paused.pid, 'SIGCONT')
    // All that it still wanted to write, it has written by its end.
    expect(await paused.end()).toBe(0)
    expect(await rows()).toEqual(before)
    expect(await held()).toEqual([1, 1])
  },
  limitMs,
)

test(
  'a server and a worker that are told to end hand their pushes back at once, and not when their lease of 5 minutes is over',
  async () => {
    const { dynamics, salesforce, start, startWorker, rows, hang, held } = await open('leaving', 300)
    const server = await start()
    await hang('BEFORE', 100)
    await tagThread(server)
    const owners = async () => {
      const all = await rows()
      return all.every(({ status }) => status === 'DELIVERING') ? all.map(({ leaseOwner }) => leaseOwner) : []
    }
    await expect.poll(() => owners(), patience).toHaveLength(2)
    const first = await owners()

    const worker = await startWorker()
    expect(await server.end()).toBe(0)
    const others = async () => (await owners()).filter((owner) => !first.includes(owner))
    await expect.poll(() => others(), patience).toHaveLength(2)

    for (const crm of [dynamics, salesforce]) await crm.clearFaults()
    await startWorker()
    expect(await worker.end()).toBe(0)
    const statuses = async () => (await rows()).map(({ status }) => status)
    await expect.poll(() => statuses(), patience).toEqual(['DELIVERED', 'DELIVERED'])
    expect(await held()).toEqual([1, 1])
  },
  limitMs,
)
