/**
 * 100,000 pushes wait, as after a long outage of the CRMs: how soon a server is ready beside them, what a claim, a list, its
 * counts and a look of Prometheus take, and whether memory stays flat while they are delivered. Against a few that wait.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { request } from 'undici'
import { createPauseStore } from '../../../packages/server/src/pushes/pause-store.ts'
import { createPushQueue } from '../../../packages/server/src/pushes/queue-store.ts'
import { type ConnectedWorkspace, type Installation, openInstallation } from '../../soak/installation.ts'
import { freePort, mainFile, untilAnswers } from '../gateway.ts'
import { end, startProgram, usage } from '../processes.ts'
import { median, printTable } from '../report.ts'
import { seedWaiting } from './seed.ts'

const WORKSPACES = 5
const WAITING = [100, 100_000] as const
/** So many are there to be delivered while memory is watched, however few waited before. */
const UNDER_WATCH = 10_000
/** When memory is looked at, in seconds since the server was ready. */
const LOOKS = [0, 30, 60, 120] as const

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
}

interface Watched {
  waiting: number
  /** One for each of `LOOKS`. */
  rssMb: number[]
  delivered: number
}

export async function measureBacklog(starts: number): Promise<void> {
  for (const on of ['sqlite', 'postgresql'] as const) {
    const installation = await openInstallation({ people: 50, on })
    try {
      const { figures, watched } = await measure(installation, starts)
      console.log(`\nPushes that wait, on ${on}; medians of ${starts} starts\n`)
      printTable(tableOf(figures))
      console.log('\nMemory of one server that delivers them, in MB\n')
      printTable(watched.map(memoryOf))
    } finally {
      await installation.close()
    }
  }
  console.log('\nGoal: ready within 5 s, on a machine that does nothing else; the ratios hold on a busy one too.')
}

async function measure(installation: Installation, starts: number) {
  const workspaces: ConnectedWorkspace[] = []
  for (let number = 0; number < WORKSPACES; number++) workspaces.push(await installation.connect('SALESFORCE'))
  const countWaiting = () => installation.prisma.push.count({ where: { status: 'QUEUED' } })
  /** Up to so many, and no more. */
  const topUp = async (count: number) =>
    seedWaiting(installation, workspaces, Math.max(0, count - (await countWaiting())))
  const figures: Figures[] = []
  const watched: Watched[] = []
  for (const count of WAITING) {
    await topUp(count)
    const waiting = await countWaiting()
    const figure: Figures = { waiting, ...(await measureQueries(installation, workspaces)), starts: [] }
    for (let number = 0; number < starts; number++) {
      await topUp(count)
      figure.starts.push(await measureStart(installation))
    }
    figures.push(figure)
    await topUp(UNDER_WATCH)
    watched.push({ waiting: await countWaiting(), ...(await watchMemory(installation)) })
  }
  return { figures, watched }
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

/** Runs the server of an installation until the work with it is done. */
async function withServer<T>(
  { workerEnv }: Installation,
  work: (it: { server: ReturnType<typeof startProgram>; readyMs: number; metricsPort: number }) => Promise<T>,
): Promise<T> {
  const [port, metricsPort] = [await freePort(), await freePort()]
  const began = performance.now()
  const server = startProgram(mainFile, [], {
    ...workerEnv,
    LOG_LEVEL: 'warn',
    PORT: String(port),
    METRICS_PORT: String(metricsPort),
  })
  try {
    await untilAnswers(port)
    return await work({ server, readyMs: performance.now() - began, metricsPort })
  } finally {
    await end(server)
  }
}

const measureStart = (installation: Installation): Promise<Start> =>
  withServer(installation, async ({ readyMs, metricsPort }) => {
    const scrapeMs = await timeOf(async () => {
      const { body } = await request(`http://127.0.0.1:${metricsPort}/metrics`)
      await body.dump()
    })
    return { readyMs, scrapeMs }
  })

async function watchMemory(installation: Installation): Promise<Omit<Watched, 'waiting'>> {
  const countDelivered = () => installation.prisma.push.count({ where: { status: 'DELIVERED' } })
  const before = await countDelivered()
  const rssMb = await withServer(installation, async ({ server }) => {
    const ready = performance.now()
    const seen: number[] = []
    for (const seconds of LOOKS) {
      await wait(Math.max(0, ready + seconds * 1_000 - performance.now()))
      seen.push(usage(server)?.rssMb ?? 0)
    }
    return seen
  })
  return { rssMb, delivered: (await countDelivered()) - before }
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
    }
  })
}

function memoryOf({ waiting, rssMb, delivered }: Watched) {
  const looks = LOOKS.map((seconds, index) => [
    seconds === 0 ? 'ready' : `${seconds} s later`,
    (rssMb[index] ?? 0).toFixed(0),
  ])
  return { waiting, ...Object.fromEntries(looks), delivered }
}
