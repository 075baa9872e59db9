/**
 * `npm run bench`: the built gateway, with everything on, measured against others and against itself with other settings,
 * in the same run. Medians of interleaved rounds. Ends with 1 where a count that must hold does not.
 *
 *   npm run bench -- --rounds 5 --seconds 3 --only settings
 *   npm run bench -- --only fan-out
 *   npm run bench -- --help
 */
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { bundling } from '../support/bundling.ts'
import { measureAdmin } from './admin/index.ts'
import { measureBacklog } from './backlog/index.ts'
import { measureChecks } from './checks.ts'
import { measureColdStart } from './cold-start.ts'
import { openBench } from './contest.ts'
import { measureFlood } from './flood.ts'
import { openGateway, root } from './gateway.ts'
import { measureInstances } from './instances/index.ts'
import { endAll } from './processes.ts'
import { printTable } from './report.ts'
import { measureSearch } from './search.ts'
import { countSettings } from './settings/counts.ts'
import { measureSettings } from './settings/speed.ts'
import { measureSizing } from './sizing/index.ts'
import { measureFanOut } from './streams/fan-out.ts'
import { measureIntake } from './streams/intake.ts'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    starts: { type: 'string', default: '5' },
    /** One of the parts; all unless given. */
    only: { type: 'string' },
    help: { type: 'boolean', default: false },
  },
})
const parts = [
  'search',
  'settings',
  'fan-out',
  'intake',
  'flood',
  'checks',
  'admin',
  'backlog',
  'instances',
  'sizing',
] as const
const { only } = options
if (options.help) {
  console.log(`npm run bench -- [--only <part>] [--rounds 3] [--seconds 2] [--starts 5]

  --only     one of ${parts.join(', ')}; all unless given
  --rounds   how often each contender has its turn
  --seconds  how long a turn lasts
  --starts   how many starts are timed`)
  process.exit()
}
if (only !== undefined && !parts.some((part) => part === only)) {
  throw new Error(`--only takes ${parts.join(', ')}, not ${only}`)
}
const measures = (part: (typeof parts)[number]) => only === undefined || only === part
const pace = { rounds: Number(options.rounds), durationMs: Number(options.seconds) * 1000 }

/** Beside the packages whose native modules the contenders load. */
const bundles = join(root, 'packages/server/node_modules/.cache/bench')
const directory = mkdtempSync(join(tmpdir(), 'backchannel-bench-'))

async function bundleContenders(): Promise<void> {
  const files = [
    ...['load-process', 'flood-process', 'upstream', 'streams/loop-watch', 'streams/subscribers-process'],
    ...['contenders/bare-yoga', 'contenders/pothos-prisma', 'contenders/raw-stream', 'contenders/yoga-stream'],
  ]
  await build({
    ...bundling,
    entryPoints: files.map((file) => join(import.meta.dirname, `${file}.ts`)),
    outdir: bundles,
    outbase: import.meta.dirname,
  })
}

let stopEmulator = async () => {}

async function measureWithUpstream(): Promise<void> {
  const opened = await openGateway(bundles, directory)
  stopEmulator = opened.stop
  const bench = await openBench(bundles, pace, opened.countUpstream)
  if (measures('search')) await measureSearch(bundles, opened, bench, pace)
  if (measures('settings')) await measureSettings(bundles, directory, opened, bench, pace)
  if (!measures('search')) return
  const cold = await measureColdStart({ bundles, directory, ...opened, starts: Number(options.starts) })
  console.log('\nFrom spawn to the first right answer\n')
  printTable(cold)
}

try {
  await bundleContenders()
  if (measures('fan-out')) await measureFanOut(bundles, directory)
  if (measures('intake')) await measureIntake(bundles, directory, pace)
  if (measures('checks')) await measureChecks(directory)
  if (measures('flood')) await measureFlood(bundles, directory, pace)
  if (measures('backlog')) await measureBacklog(Number(options.starts))
  if (measures('sizing')) await measureSizing()
  if (measures('instances')) await measureInstances(bundles, directory, pace)
  if (measures('search') || measures('settings')) await measureWithUpstream()
  await endAll()
  if (measures('settings') && !(await countSettings())) process.exitCode = 1
  if (measures('admin') && !(await measureAdmin(Number(options.starts)))) process.exitCode = 1
} finally {
  await endAll()
  await stopEmulator()
  rmSync(directory, { recursive: true, force: true })
}
