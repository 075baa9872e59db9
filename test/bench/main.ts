/**
 * `npm run bench`: the search through the built gateway, with everything on, against the same upstream request made
 * directly and against a bare Yoga with a hand-written resolver, in the same run. Medians of interleaved rounds.
 *
 *   npm run bench -- --rounds 5 --seconds 3
 */
import type { ChildProcess } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseArgs } from 'node:util'
import { build } from 'esbuild'
import { measureColdStart } from './cold-start.ts'
import { openGateway, root, searchRequest } from './gateway.ts'
import type { LoadRequest, LoadResult } from './load.ts'
import type { LoadOrder } from './load-process.ts'
import { answer, ask, endAll, start, usage } from './processes.ts'
import { median, printTable } from './report.ts'

const { values: options } = parseArgs({
  options: {
    rounds: { type: 'string', default: '3' },
    seconds: { type: 'string', default: '2' },
    starts: { type: 'string', default: '5' },
  },
})
const rounds = Number(options.rounds)
const durationMs = Number(options.seconds) * 1000
/** Unmeasured: until every server runs compiled code, and before each measurement. */
const warmUpMs = 6_000
const settleMs = 500
const latencies = [0, 20]
const concurrencies = [1, 10, 64]

interface Contender {
  name: string
  /** Whose CPU and memory count; null: the caller's own. */
  server: ChildProcess | null
  request: LoadRequest
}

interface Cell extends LoadResult {
  upstreamCalls: number
  cpuUs: number | null
  rssMb: number | null
}

/** Beside the packages whose native modules the contenders load. */
const bundles = join(root, 'packages/server/node_modules/.cache/bench')
const directory = mkdtempSync(join(tmpdir(), 'backchannel-bench-'))

async function bundleContenders(): Promise<void> {
  const files = ['load-process', 'upstream', 'contenders/bare-yoga', 'contenders/pothos-prisma']
  await build({
    entryPoints: files.map((file) => join(import.meta.dirname, `${file}.ts`)),
    outdir: bundles,
    outbase: import.meta.dirname,
    bundle: true,
    // As the server's own bundle: what is loaded later stays in files of its own.
    splitting: true,
    platform: 'node',
    format: 'esm',
    target: 'node20.19',
    external: ['better-sqlite3'],
    banner: { js: "import { createRequire as __r } from 'node:module'; const require = __r(import.meta.url);" },
    logLevel: 'warning',
  })
}

async function measure(
  load: ChildProcess,
  contender: Contender,
  concurrency: number,
  countUpstream: () => Promise<number>,
): Promise<Cell> {
  const { request, server } = contender
  const order: LoadOrder = { request, concurrency, durationMs }
  // After its pause, a server has to find its pace again.
  await ask(load, { ...order, durationMs: settleMs } satisfies LoadOrder)
  const callsBefore = await countUpstream()
  const before = server && usage(server)
  const result = await ask<LoadResult & { cpuUs: number }>(load, order)
  const after = server && usage(server)
  const serverCpu = before && after ? after.cpuUs - before.cpuUs : null
  const cpuUs = (server === null ? result.cpuUs : serverCpu) ?? 0
  const upstreamCalls = ((await countUpstream()) - callsBefore) / result.operations
  return { ...result, upstreamCalls, cpuUs: cpuUs / result.operations, rssMb: after?.rssMb ?? null }
}

let stopEmulator = async () => {}

try {
  await bundleContenders()
  const opened = await openGateway(bundles, directory)
  stopEmulator = opened.stop
  const { gateway, upstream, recorded, handWrittenBytes, origin, search, countUpstream } = opened
  const headers = recorded.headers
  const yoga = start(
    join(bundles, 'contenders/bare-yoga.js'),
    [JSON.stringify({ origin, path: recorded.path, headers })],
    { NODE_ENV: 'production' },
  )
  const { port: yogaPort } = await answer<{ port: number }>(yoga)
  const contenders: Contender[] = [
    {
      name: 'direct',
      server: null,
      request: { url: origin + recorded.path, method: 'GET', headers, bodies: [], parse: true, expect: search.expect },
    },
    { name: 'yoga', server: yoga, request: searchRequest(yogaPort, 'yoga', search) },
    { name: 'gateway', server: gateway.process, request: searchRequest(gateway.port, 'gateway', search) },
  ]
  const load = start(join(bundles, 'load-process.js'))
  await answer(load)

  for (const { request } of contenders) {
    await ask(load, { request, concurrency: 10, durationMs: warmUpMs } satisfies LoadOrder)
  }

  const rows: Record<string, string | number>[] = []
  for (const latencyMs of latencies) {
    upstream.send({ latencyMs })
    for (const concurrency of concurrencies) {
      const cells = new Map<string, Cell[]>(contenders.map(({ name }) => [name, []]))
      for (let round = 0; round < rounds; round += 1) {
        for (const contender of contenders) {
          cells.get(contender.name)?.push(await measure(load, contender, concurrency, countUpstream))
        }
      }
      const of = (name: string, value: (cell: Cell) => number | null) =>
        median((cells.get(name) ?? []).map((cell) => value(cell) ?? 0))
      for (const { name } of contenders) {
        const ratio = (value: (cell: Cell) => number, against: string) =>
          median(
            (cells.get(name) ?? []).map((cell, round) => {
              const base = cells.get(against)?.[round]
              return base ? value(cell) / value(base) : 0
            }),
          )
        rows.push({
          'upstream ms': latencyMs,
          callers: concurrency,
          contender: name,
          RPS: Math.round(of(name, (cell) => cell.rps)),
          'p50 ms': of(name, (cell) => cell.p50).toFixed(2),
          'p99 ms': of(name, (cell) => cell.p99).toFixed(2),
          'CPU us/op': Math.round(of(name, (cell) => cell.cpuUs)),
          'RSS MB': Math.round(of(name, (cell) => cell.rssMb)) || '-',
          'RPS / yoga': ratio((cell) => cell.rps, 'yoga').toFixed(2),
          'p50 / direct': ratio((cell) => cell.p50, 'direct').toFixed(3),
          'p50 - direct ms': (of(name, (cell) => cell.p50) - of('direct', (cell) => cell.p50)).toFixed(2),
          'upstream calls/op': of(name, (cell) => cell.upstreamCalls).toFixed(2),
        })
      }
    }
  }
  console.log(`\nSearch of ${search.rows} contacts by phone; medians of ${rounds} rounds of ${durationMs / 1000} s\n`)
  printTable(rows)
  const weight = (bytes: number) => `${bytes}, ${(bytes / search.rows).toFixed(0)} a row`
  console.log(`\nUpstream bytes of one search: ${weight(recorded.bytes)}`)
  console.log(`With a hand-written $select and no annotations: ${weight(handWrittenBytes)}`)
  console.log(`Ours / hand-written: ${(recorded.bytes / handWrittenBytes).toFixed(2)}`)

  upstream.send({ latencyMs: 0 })
  const cold = await measureColdStart({
    bundles,
    directory,
    gateway,
    recorded,
    origin,
    search,
    starts: Number(options.starts),
  })
  console.log('\nFrom spawn to the first right answer\n')
  printTable(cold)
} finally {
  await endAll()
  await stopEmulator()
  rmSync(directory, { recursive: true, force: true })
}
