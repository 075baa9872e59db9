/**
 * 100,000 pushes wait, as after a long outage of the CRMs: how soon a server is ready beside them, what a claim, a list, its
 * counts and a look of Prometheus take, and whether memory stays flat while they are delivered. Against 100 that wait.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { request } from 'undici'
import { createPauseStore } from '../../../packages/server/src/pushes/pause-store.ts'
import { createPushQueue } from '../../../packages/server/src/pushes/queue-store.ts'
import { type ConnectedWorkspace, type Installation, openInstallation } from '../../soak/installation.ts'
import { freePort, mainFile, untilAnswers } from '../gateway.ts'
import { end, startProgram, usage } from '../processes.ts'
import { median, printTable } from '../report.ts'
import { multiplyWaiting, seedDeliverable } from './seed.ts'

const WORKSPACES = 5
/** A hundred that wait, then a hundred thousand: those that can be delivered are due first. */
const STEPS = [
  { deliverable: 100, copies: 0 },
  { deliverable: 1_000, copies: 99 },
] as const
const DELIVERING_MS = 10_000

interface Figures {
  waiting: number
  claims: number[]
  dueMs: number
  listMs: number
  countsMs: number
  starts: Start[]
}

interface Start {
  readyMs: number
  scrapeMs: number
  rssMb: number
  laterRssMb: number
  delivered: number
}

export async function measureBacklog(starts: number): Promise<void> {
  for (const on of ['sqlite', 'postgresql'] as const) {
    const installation = await openInstallation({ people: 50, on })
    try {
      console.log(`\nPushes that wait, on ${on}; medians of ${starts} starts\n`)
      printTable(tableOf(await measure(installation, starts)))
    } finally {
      await installation.close()
    }
  }
  console.log('\nGoal: ready within 5 s, on a machine that does nothing else; the ratios hold on a busy one too.')
}

async function measure(installation: Installation, starts: number): Promise<Figures[]> {
  const workspaces: ConnectedWorkspace[] = []
  for (let number = 0; number < WORKSPACES; number++) workspaces.push(await installation.connect('SALESFORCE'))
  const measured: Figures[] = []
  for (const { deliverable, copies } of STEPS) {
    await seedDeliverable(installation, workspaces, deliverable)
    if (copies > 0) await multiplyWaiting(installation, copies)
    const waiting = await installation.prisma.push.count({ where: { status: 'QUEUED' } })
    measured.push({ waiting, ...(await measureQueries(installation, workspaces)), starts: [] })
    for (let number = 0; number < starts; number++) measured.at(-1)?.starts.push(await measureStart(installation))
  }
  return measured
}

async function measureQueries({ prisma, secrets, services }: Installation, workspaces: readonly ConnectedWorkspace[]) {
  const now = Date.now
  const queue = createPushQueue(prisma, { secrets, pauses: createPauseStore(prisma, now), leaseMs: 600_000, now })
  const claims: number[] = []
  const taken: { release: () => Promise<unknown> }[] = []
  for (let number = 0; number < 80; number++) {
    const integrationId = workspaces[number % workspaces.length]?.dynamics ?? ''
    const began = performance.now()
    const claim = await queue.claim(integrationId, { longestDue: number % 4 === 3 })
    claims.push(performance.now() - began)
    if (claim !== null) taken.push({ release: () => queue.release(claim) })
  }
  for (const { release } of taken) await release()
  const { workspaceId } = workspaces[0]?.viewer ?? { workspaceId: '' }
  const scope = { workspaceId, conversationIds: null }
  return {
    claims,
    dueMs: await timeOf(() => queue.dueIntegrations()),
    listMs: await timeOf(() => services.pushes.list(scope, {}, { after: null, take: 26 })),
    countsMs: await timeOf(() => services.pushes.countByStatus(scope, {})),
  }
}

async function measureStart({ workerEnv, prisma }: Installation): Promise<Start> {
  const [port, metricsPort] = [await freePort(), await freePort()]
  const countDelivered = () => prisma.push.count({ where: { status: 'DELIVERED' } })
  const before = await countDelivered()
  const began = performance.now()
  const server = startProgram(mainFile, [], {
    ...workerEnv,
    LOG_LEVEL: 'warn',
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
  })
  try {
    await untilAnswers(port)
    const readyMs = performance.now() - began
    const { rssMb = 0 } = usage(server) ?? {}
    const scrapeMs = await timeOf(async () => {
      const { body } = await request(`http://127.0.0.1:${metricsPort}/metrics`)
      await body.dump()
    })
    await wait(DELIVERING_MS)
    const { rssMb: laterRssMb = 0 } = usage(server) ?? {}
    return { readyMs, scrapeMs, rssMb, laterRssMb, delivered: (await countDelivered()) - before }
  } finally {
    await end(server)
  }
}

/** The median of some times, in milliseconds; the first one only warms up. */
async function timeOf(work: () => Promise<unknown>): Promise<number> {
  const times: number[] = []
  for (let time = 0; time <= 9; time++) {
    const began = performance.now()
    await work()
    if (time > 0) times.push(performance.now() - began)
  }
  return median(times)
}

function tableOf(measured: readonly Figures[]) {
  return measured.map(({ waiting, claims, dueMs, listMs, countsMs, starts }) => {
    const sorted = claims.toSorted((a, b) => a - b)
    const of = (value: (start: Start) => number) => median(starts.map(value))
    return {
      waiting,
      'ready ms': of(({ readyMs }) => readyMs).toFixed(0),
      'claim p50 ms': median(sorted).toFixed(1),
      'claim p99 ms': (sorted[Math.floor(sorted.length * 0.99)] ?? 0).toFixed(1),
      'what is due ms': dueMs.toFixed(1),
      'list ms': listMs.toFixed(1),
      'counts ms': countsMs.toFixed(1),
      'scrape ms': of(({ scrapeMs }) => scrapeMs).toFixed(1),
      'RSS MB': of(({ rssMb }) => rssMb).toFixed(0),
      [`RSS ${DELIVERING_MS / 1_000} s later`]: of(({ laterRssMb }) => laterRssMb).toFixed(0),
      'delivered by then': of(({ delivered }) => delivered),
    }
  })
}
