/** Workers that are paused longer than their lease, and a database that is put back to what it was. */
import { type ChildProcess, spawn } from 'node:child_process'
import { setTimeout as wait } from 'node:timers/promises'
import { PrismaBetterSqlite3 } from '@prisma/adapter-better-sqlite3'
import { afterAll, beforeAll, expect, onTestFinished, test } from 'vitest'
import { type Bundles, bundle } from './bundle.ts'
import { check } from './check.ts'
import { plant } from './feed.ts'
import { heldIn } from './held.ts'
import { type Installation, type Org, openInstallation } from './installation.ts'
import { type Expected, expectedOf, manners, planThreads } from './threads.ts'

let bundles: Bundles
beforeAll(async () => {
  bundles = await bundle()
})
afterAll(() => bundles.remove())

/** What is waited for comes within seconds, and on a busy machine within minutes. */
const limitMs = 300_000

const [notes] = manners
const orgs = ['DYNAMICS', 'SALESFORCE', 'KEYLESS'] as const

/** Conversations that are tagged to a contact of each of these CRMs. */
async function plantSome(
  installation: Installation,
  count: number,
  wanted: readonly Org[] = orgs,
): Promise<Expected[]> {
  const idOf = async (org: Org, table: string, id: string) =>
    wanted.includes(org) ? { id: String((await installation.orgs[org].records(table))[0]?.[id]) } : null
  const expected: Expected[] = []
  for (const org of ['SALESFORCE', 'KEYLESS'] as const) {
    const workspace = await installation.connect(org)
    const dynamics = org === 'SALESFORCE' ? await idOf('DYNAMICS', 'contact', 'contactid') : null
    const salesforce = await idOf(org, 'Contact', 'Id')
    if (dynamics === null && salesforce === null) continue
    for (const thread of notes ? planThreads(notes, org.toLowerCase(), count, () => 0.5) : []) {
      const records = { ...(dynamics && { dynamics: dynamics.id }), ...(salesforce && { salesforce: salesforce.id }) }
      await plant(installation, workspace, thread, records)
      const all = { dynamics: dynamics?.id ?? '', salesforce: salesforce?.id ?? '' }
      expected.push(...expectedOf(thread, all, org).filter(({ recordId }) => recordId !== ''))
    }
  }
  return expected
}

async function whatIsOff(installation: Installation, expected: readonly Expected[]): Promise<string[]> {
  const verdicts = orgs.map(async (org) => {
    const wanted = expected.filter((it) => it.org === org)
    const { planned, found, examples } = check(
      wanted,
      await heldIn(installation.orgs[org], org === 'DYNAMICS' ? 'annotation' : 'Task'),
    )
    return planned === found ? examples : [...examples, `${org} holds ${found} of ${planned}`]
  })
  return (await Promise.all(verdicts)).flat()
}

const isDelivered = ({ prisma }: Pick<Installation, 'prisma'>) =>
  prisma.push.count({ where: { status: { not: 'DELIVERED' } } }).then((count) => count === 0)

/** A process that stops inside a transaction would hold SQLite's file for all: it is let go on, and stopped again. */
async function pauseOutsideTransactions(process: ChildProcess, { ground }: Installation): Promise<void> {
  process.kill('SIGSTOP')
  while (!(await isFree(ground.databaseUrl))) {
    process.kill('SIGCONT')
    await wait(20)
    process.kill('SIGSTOP')
  }
}

async function isFree(url: string): Promise<boolean> {
  const connection = await new PrismaBetterSqlite3({ url, timeout: 100 }).connect()
  const writing = connection.executeScript('BEGIN IMMEDIATE; ROLLBACK')
  return writing
    .then(
      () => true,
      () => false,
    )
    .finally(() => void connection.dispose())
}

test.each(orgs)(
  'F22: a worker that is paused for longer than its lease writes nothing when it goes on: %s',
  async (org) => {
    const installation = await openInstallation({ people: 30 })
    onTestFinished(() => installation.close())
    const expected = await plantSome(installation, 1, [org])
    // Paused while it waits for an answer.
    await installation.orgs[org].setLatency({ ms: 3_000 })
    const paused = spawn(process.execPath, [bundles.of('worker')], {
      env: { ...installation.workerEnv, CRM_TIMEOUT_SECONDS: '10' },
      stdio: 'ignore',
    })
    onTestFinished(() => void paused.kill('SIGKILL'))
    const isCreate = ({ method, path }: { method: string; path: string }) =>
      (method === 'PATCH' && path.includes('annotations(')) || (method === 'POST' && path.endsWith('/sobjects/Task'))
    const creates = async () => (await installation.orgs[org].calls()).filter(isCreate)
    await expect.poll(() => creates(), { interval: 20, timeout: 120_000 }).toHaveLength(1)
    await pauseOutsideTransactions(paused, installation)
    await installation.orgs[org].setLatency({ ms: 0 })

    await installation.finish(() => isDelivered(installation))
    const before = await installation.prisma.push.findMany({ include: { activities: true } })
    paused.kill('SIGCONT')
    await new Promise((resolve) => setTimeout(resolve, 2_000))
    expect(await installation.prisma.push.findMany({ include: { activities: true } })).toEqual(before)
    expect(await whatIsOff(installation, expected)).toEqual([])
  },
  limitMs,
)

test(
  'F36: pushes that a restored backup does not know of are recognised in the CRMs, with and without a key field',
  async () => {
    const installation = await openInstallation({ people: 30 })
    onTestFinished(() => installation.close())
    const expected = await plantSome(installation, 3)
    const backup = await installation.backUp()
    await installation.finish(() => isDelivered(installation))
    expect(await whatIsOff(installation, expected)).toEqual([])

    let before = 0
    await backup.finish(async (prisma) => {
      before ||= await prisma.push.count({ where: { status: { not: 'DELIVERED' } } })
      return isDelivered({ prisma })
    })
    expect(before).toBeGreaterThan(0)
    expect(await whatIsOff(installation, expected)).toEqual([])
  },
  limitMs,
)
