/**
 * Thousands of pushes to both emulated CRMs, which fail all the time, by workers that are killed all the time; then what
 * the CRMs hold is counted.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { FaultFigures, RandomFaults } from '@backchannel/emulator'
import { createRandom } from '@backchannel/emulator'
import { check, together, type Verdict } from './check.ts'
import { goOn, plant } from './feed.ts'
import type { Ground, GroundKind, Trouble } from './ground.ts'
import { heldIn } from './held.ts'
import { type ConnectedWorkspace, type Installation, type Org, openInstallation } from './installation.ts'
import { startKilledWorkers } from './killed-workers.ts'
import { type Expected, expectedOf, manners, planThreads, type Thread } from './threads.ts'
import { tellUnsettled } from './unsettled.ts'
import { untilTrue } from './waiting.ts'

export interface SoakOptions {
  seed: number
  /** Conversations of each of the workspaces. */
  threads: number
  kills: number
  /** The bundle of the worker. */
  worker: string
  /** Default SQLite. */
  on?: GroundKind
  /** Default one gateway and two workers. */
  instances?: { gateways: number; workers: number }
  /** The run fails where it takes longer, in milliseconds. */
  limitMs: number
  /** Told how far it is, now and then. */
  onProgress?: (line: string) => void
}

export interface SoakFigures {
  /** What was asked of the CRMs, and what is there. */
  verdicts: Record<Org, Verdict>
  faults: Record<Org, FaultFigures>
  pushes: number
  delivered: number
  partial: number
  /** Pushes that are not in the state that they must be in. */
  inOtherState: number
  kills: number
  /** What befell the servers that it stands on. */
  troubles: string[]
  /** What the database says of itself: `ok`. */
  database: string
  /** Errors of workers that name a fault of ours. */
  errors: string[]
  seconds: number
}

/** One call in five fails, and one write in a hundred lands seconds after we gave up. */
const faultsOf = (seed: number): RandomFaults => ({
  seed,
  share: 0.2,
  // What keeps failing or is throttled is left alone for a while: more of that would measure waiting.
  kinds: { BEFORE: 3, AFTER: 3, HANG_BEFORE: 1, HANG_AFTER: 1, UNAVAILABLE: 2, TOKEN_EXPIRED: 3, THROTTLED: 1 },
  lateShare: 0.01,
  lateMs: [4_000, 6_000],
})

interface Planted {
  workspace: ConnectedWorkspace
  thread: Thread
  records: { dynamics: string; salesforce: string }
}

export async function soak(options: SoakOptions): Promise<SoakFigures> {
  const { on = 'sqlite', instances } = options
  const installation = await openInstallation({ on, gateways: instances?.gateways ?? 1 })
  try {
    return await run(installation, options)
  } finally {
    await installation.close()
  }
}

async function run(installation: Installation, options: SoakOptions): Promise<SoakFigures> {
  const { seed, kills, worker, limitMs, onProgress = () => {}, instances } = options
  const { orgs, prisma, workerEnv, ground } = installation
  const began = performance.now()
  const { fraction } = createRandom(seed)
  const planned = await plan(installation, options.threads, fraction)
  for (const [index, crm] of Object.values(orgs).entries()) await crm.setRandomFaults(faultsOf(seed + index))
  const workers = startKilledWorkers({
    ...{ file: worker, env: workerEnv, kills, random: fraction, outages: ground.outages },
    workers: instances?.workers ?? 2,
  })
  const troubles: string[] = []
  try {
    let isComplete = false
    const share = () => workers.kills / kills
    const striking = strike(ground.troubles, share, ({ name }) => troubles.push(name))
    const underway = Promise.all([feed(installation, planned, fraction), workers.killed, striking]).then(() => {
      isComplete = true
    })
    const settled = async () => {
      if (isAway(ground)) return false
      // It may go away while it is asked.
      const left = await countUnsettled(installation).catch((error: unknown) => {
        if (isAway(ground)) return null
        throw error
      })
      onProgress(`${seconds(began)} s, kills: ${workers.kills}, pushes under way: ${left}`)
      return isComplete && left === 0
    }
    const settling = untilTrue(settled, { everyMs: 500, limitMs: limitMs - (performance.now() - began) })
    await Promise.all([underway, settling]).catch(async (error: Error) => {
      const unsettled = await tellUnsettled(installation).catch((reason: unknown) => [String(reason)])
      throw new Error(`${error.message}\n${unsettled.join('\n')}`, { cause: error })
    })
    const landed = async () => Object.values(await figuresOf(installation)).every(({ pending }) => pending === 0)
    await untilTrue(landed, { everyMs: 200, limitMs: 10_000 })
  } finally {
    await workers.stop()
  }
  const faults = await figuresOf(installation)
  for (const crm of Object.values(orgs)) await crm.setRandomFaults(null)
  const expected = planned.flatMap(({ workspace, thread, records }) =>
    expectedOf(thread, records, workspace.salesforceOrg),
  )
  return {
    verdicts: await verdictsOf(installation, expected),
    faults,
    ...(await statesOf(installation, expected)),
    kills: workers.kills,
    troubles,
    database: await ground.check(prisma),
    errors: await workers.stop(),
    seconds: seconds(began),
  }
}

const isAway = ({ outages }: Ground) => outages.begun > outages.ended
const seconds = (since: number) => Math.round((performance.now() - since) / 1_000)

/** One trouble after another, evenly over the time in which workers are killed. */
async function strike(troubles: readonly Trouble[], share: () => number, onOver: (trouble: Trouble) => void) {
  for (const [index, trouble] of troubles.entries()) {
    while (share() < (index + 1) / (troubles.length + 1)) await wait(100)
    await trouble.strike()
    onOver(trouble)
  }
}

/** The workspaces, and what each is to be asked for: both Salesforce orgs with every manner of filing in Dynamics. */
async function plan(installation: Installation, threads: number, random: () => number): Promise<Planted[]> {
  const { orgs } = installation
  const idsOf = async (org: Org, table: string, id: string) =>
    (await orgs[org].records(table)).map((row) => String(row[id]))
  const contacts = {
    DYNAMICS: await idsOf('DYNAMICS', 'contact', 'contactid'),
    SALESFORCE: await idsOf('SALESFORCE', 'Contact', 'Id'),
    KEYLESS: await idsOf('KEYLESS', 'Contact', 'Id'),
  }
  const pick = (ids: readonly string[]) => ids[Math.floor(random() * ids.length)] ?? ''
  const planned: Planted[] = []
  for (const salesforceOrg of ['SALESFORCE', 'KEYLESS'] as const) {
    for (const [index, manner] of manners.entries()) {
      const workspace = await installation.connect(salesforceOrg, manner.settings)
      const prefix = `${salesforceOrg === 'KEYLESS' ? 'k' : 's'}${index}`
      for (const thread of planThreads(manner, prefix, threads, random)) {
        const records = { dynamics: pick(contacts.DYNAMICS), salesforce: pick(contacts[salesforceOrg]) }
        planned.push({ workspace, thread, records })
      }
    }
  }
  // The workspaces take turns.
  return planned
    .map((it) => ({ it, at: random() }))
    .sort((a, b) => a.at - b.at)
    .map(({ it }) => it)
}

/** Several at once, as a chat product sends them; conversations that go on do so while others begin. */
async function feed(installation: Installation, planned: readonly Planted[], random: () => number): Promise<void> {
  const going: { planted: Planted; id: string; next: number }[] = []
  async function talk(least: number): Promise<void> {
    while (going.length > least) {
      const index = Math.floor(random() * going.length)
      const [one] = going.splice(index, 1)
      if (one === undefined) return
      const { planted, id, next } = one
      const { workspace, thread } = planted
      await patiently(() => goOn(gateway(), workspace, thread, id, next))
      if (next < thread.before + thread.later) going.push({ ...one, next: next + 1 })
    }
  }
  const queue = [...planned]
  // Each call goes to the next gateway, as a plain load balancer has it.
  let calls = 0
  const gateway = () => installation.gateways[calls++ % installation.gateways.length] ?? installation
  const { outages } = installation.ground
  /** What failed while the database was away is sent again once it is back. */
  async function patiently<T>(send: () => Promise<T>): Promise<T> {
    for (;;) {
      const before = outages.ended
      try {
        return await send()
      } catch (error) {
        if (outages.begun === before) throw error
        await wait(200)
      }
    }
  }
  async function work(): Promise<void> {
    for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
      const { workspace, thread, records } = next
      const id = await patiently(() => plant(gateway(), workspace, thread, records))
      if (thread.later > 0) going.push({ planted: next, id, next: thread.before + 1 })
      await talk(40)
    }
  }
  await Promise.all(Array.from({ length: 4 }, work))
  await talk(0)
}

function countUnsettled({ prisma }: Installation): Promise<number> {
  return prisma.push.count({ where: { status: { notIn: ['DELIVERED', 'PARTIAL', 'FAILED'] } } })
}

async function figuresOf({ orgs }: Installation): Promise<Record<Org, FaultFigures>> {
  const [DYNAMICS, SALESFORCE, KEYLESS] = await Promise.all([
    orgs.DYNAMICS.faultFigures(),
    orgs.SALESFORCE.faultFigures(),
    orgs.KEYLESS.faultFigures(),
  ])
  return { DYNAMICS, SALESFORCE, KEYLESS }
}

async function verdictsOf({ orgs }: Installation, expected: readonly Expected[]): Promise<Record<Org, Verdict>> {
  const of = async (org: Org, ...tables: string[]) =>
    together(
      await Promise.all(
        tables.map(async (table) => {
          const wanted = expected.filter((it) => it.org === org && it.table === table)
          return check(wanted, await heldIn(orgs[org], table))
        }),
      ),
    )
  return {
    DYNAMICS: await of('DYNAMICS', 'annotation', 'task'),
    SALESFORCE: await of('SALESFORCE', 'Task'),
    KEYLESS: await of('KEYLESS', 'Task'),
  }
}

async function statesOf({ prisma }: Installation, expected: readonly Expected[]) {
  const wanted = new Map(expected.map((it) => [`${it.thread.externalId} ${it.recordId}`, it.status]))
  const pushes = await prisma.push.findMany({
    select: {
      status: true,
      tag: { select: { remoteId: true } },
      conversation: { select: { externalId: true } },
    },
  })
  const count = (status: string) => pushes.filter((push) => push.status === status).length
  const other = pushes.filter(
    ({ status, tag, conversation }) => status !== wanted.get(`${conversation.externalId} ${tag.remoteId}`),
  )
  return {
    pushes: pushes.length,
    delivered: count('DELIVERED'),
    partial: count('PARTIAL'),
    inOtherState: other.length,
  }
}
