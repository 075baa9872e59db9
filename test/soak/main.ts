/**
 * `npm run soak`: thousands of pushes under faults and kills, the same with plain creates as a control, and every kill
 * point of the failure table. Prints what the CRMs hold at the end, and ends with 1 where a figure is off.
 *
 *   npm run soak -- --seed 7 --only soak
 *   npm run soak -- --postgresql
 */
import { parseArgs } from 'node:util'
import { bundle } from './bundle.ts'
import { hitKillPoints } from './kill-points.ts'
import { soak } from './soak.ts'
import {
  faultsOfControl,
  faultsOfKillPoints,
  faultsOfSoak,
  printControl,
  printKillPoints,
  printSoak,
} from './soak-report.ts'

const { values: options } = parseArgs({
  options: {
    /** What is drawn by chance follows from it; from the clock unless given. */
    seed: { type: 'string', default: String(Date.now() % 1_000_000) },
    /** About a thousand pushes. */
    short: { type: 'boolean', default: false },
    /** `soak`, `control` or `points`; all of them unless given. */
    only: { type: 'string' },
    /** Two gateways and three workers on PostgreSQL and Redis, both of which go away in the middle. */
    postgresql: { type: 'boolean', default: false },
    /** How long the soak may take, in seconds. */
    limit: { type: 'string', default: '1200' },
  },
})
const { only, short } = options
const on = options.postgresql
  ? ({ on: 'postgresql', instances: { gateways: 2, workers: 3 } } as const)
  : ({ on: 'sqlite' } as const)
const seed = Number(options.seed)
const limitMs = Number(options.limit) * 1_000
const parts = ['soak', 'control', 'points']
if (!Number.isInteger(seed)) throw new Error(`--seed takes a whole number, not ${options.seed}`)
if (only !== undefined && !parts.includes(only)) throw new Error(`--only takes ${parts.join(', ')}, not ${only}`)
const runs = (part: string) => only === undefined || only === part

// Plain creates were seen to leave 2 to 13 % there twice: what is asked of the control is what chance does not miss.
const full = {
  threads: 580,
  kills: 64,
  pushes: 10_000,
  controlThreads: 180,
  twice: { share: 0.01, inAll: 200 },
  times: 10,
}
const brief = {
  threads: 60,
  kills: 8,
  pushes: 1_000,
  controlThreads: 25,
  twice: { share: 0.01, inAll: 20 },
  times: 3,
}
const size = short ? brief : full
const log = (line: string) => process.stdout.write(`${line}\n`)

let told = 0
function onProgress(line: string): void {
  if (performance.now() - told < 10_000) return
  told = performance.now()
  log(line)
}

const faults: string[] = []
const bundles = await bundle()
try {
  log(`Seed ${seed}`)
  if (runs('soak')) {
    const { threads, kills, pushes } = size
    const figures = await soak({ ...on, seed, threads, kills, worker: bundles.of('worker'), limitMs, onProgress })
    printSoak(figures)
    faults.push(...faultsOfSoak(figures, { pushes, kills, troubles: options.postgresql ? 4 : 0 }))
  }
  if (runs('control')) {
    const worker = bundles.of('plainCreates')
    const figures = await soak({ ...on, seed, threads: size.controlThreads, kills: 10, worker, limitMs, onProgress })
    printControl(figures)
    faults.push(...faultsOfControl(figures, size.twice))
  }
  if (runs('points')) {
    const figures = await hitKillPoints(bundles, size.times, { on: on.on })
    printKillPoints(figures, size.times)
    faults.push(...faultsOfKillPoints(figures, size.times))
  }
} finally {
  await bundles.remove()
}
for (const fault of faults) log(fault)
log(faults.length === 0 ? 'All figures are as they must be.' : 'Not all figures are as they must be.')
process.exitCode = faults.length === 0 ? 0 : 1
