/**
 * The search against the same upstream request made directly and against a bare Yoga with a hand-written resolver, at
 * several latencies and numbers of callers.
 */
import { join } from 'node:path'
import type { Bench, Cell, Contender, Pace } from './contest.ts'
import { type OpenedGateway, searchRequest } from './gateway.ts'
import { answer, start } from './processes.ts'
import { median, printTable } from './report.ts'

const warmUpMs = 6_000
const latencies = [0, 20]
const concurrencies = [1, 10, 64]

export async function measureSearch(
  bundles: string,
  { gateway, upstream, recorded, handWrittenBytes, origin, search }: OpenedGateway,
  { warmUp, measure }: Bench,
  { rounds, durationMs }: Pace,
): Promise<void> {
  const { headers } = recorded
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
  for (const { request } of contenders) await warmUp(request, warmUpMs)

  const rows: Record<string, string | number>[] = []
  for (const latencyMs of latencies) {
    upstream.send({ latencyMs })
    for (const concurrency of concurrencies) {
      const cells = new Map<string, Cell[]>(contenders.map(({ name }) => [name, []]))
      for (let round = 0; round < rounds; round += 1) {
        for (const contender of contenders) {
          cells.get(contender.name)?.push(await measure(contender, concurrency))
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
  upstream.send({ latencyMs: 0 })
  console.log(`\nSearch of ${search.rows} contacts by phone; medians of ${rounds} rounds of ${durationMs / 1000} s\n`)
  printTable(rows)
  const weight = (bytes: number) => `${bytes}, ${(bytes / search.rows).toFixed(0)} a row`
  console.log(`\nUpstream bytes of one search: ${weight(recorded.bytes)}`)
  console.log(`With a hand-written $select and no annotations: ${weight(handWrittenBytes)}`)
  console.log(`Ours / hand-written: ${(recorded.bytes / handWrittenBytes).toFixed(2)}`)
}
