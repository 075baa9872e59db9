/**
 * Searches and messages per second through one and through two gateways on PostgreSQL and Redis, in turn from call to call
 * as a plain load balancer has it. On two processors the caller, the databases and the emulated CRMs take their part too.
 */
import type { ChildProcess } from 'node:child_process'
import { mkdirSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { join } from 'node:path'
import { runSql, startThrowawayPostgresql } from '../../../packages/server/src/database/throwaway-postgresql.ts'
import { startRedis } from '../../support/redis-server.ts'
import type { Pace } from '../contest.ts'
import { executeAt, freePort, mainFile, openGateway, searchRequest, untilAnswers } from '../gateway.ts'
import { type LoadResult, runLoad } from '../load.ts'
import { end, endAll, startProgram, usage } from '../processes.ts'
import { median, printTable } from '../report.ts'
import { startConversations, take } from '../streams/intake.ts'
import { measureNews } from './news.ts'

const CALLERS = 32

interface Cell {
  rps: number
  p50: number
  p99: number
  cpuUs: number
}

export async function measureInstances(bundles: string, directory: string, pace: Pace): Promise<void> {
  const [postgresql, redis] = await Promise.all([startThrowawayPostgresql(), startRedis()])
  const home = join(directory, 'instances')
  mkdirSync(home)
  await runSql(postgresql.url('postgres'), 'CREATE DATABASE bench')
  const env = { DATABASE_URL: postgresql.url('bench'), REDIS_URL: redis.url }
  const opened = await openGateway(bundles, home, env)
  try {
    const { gateway, search } = opened
    const startAnother = async (more: Record<string, string> = {}) => {
      const port = await freePort()
      const started = startProgram(mainFile, [], { ...gateway.env, PORT: String(port), ...more })
      await untilAnswers(port)
      return { port, process: started }
    }
    const second = await startAnother()
    const ports = [gateway.port, second.port]
    const servers = [gateway.process, second.process]
    const alone = await startAnother({ REDIS_URL: '' })
    console.log(`
A setting that is saved on one gateway holds on another
  with Redis     after ${await measureNews(gateway.port, second.port)}
  without Redis  after ${await measureNews(gateway.port, alone.port)}`)
    await end(alone.process)

    const searchOver = (count: number, durationMs: number) => {
      const [first, ...others] = ports.slice(0, count).map((port) => searchRequest(port, 'gateway', search))
      if (!first) throw new Error('There is no gateway')
      return runLoad({ ...first, others: others.map(({ url }) => url) }, CALLERS, durationMs)
    }
    const conversations = await startConversations(gateway)
    const appendOver = async (count: number, durationMs: number): Promise<LoadResult> => {
      let calls = 0
      const execute: typeof gateway.execute = (query, variables) =>
        executeAt(ports[calls++ % count] ?? gateway.port, query, variables)
      const { durations, errors, seconds } = await take({ execute }, conversations, CALLERS, durationMs)
      if (errors > 0) throw new Error(`${errors} messages were refused`)
      const sorted = durations.toSorted((a, b) => a - b)
      const at = (share: number) => sorted[Math.floor(sorted.length * share)] ?? 0
      return { operations: sorted.length, rps: sorted.length / seconds, p50: at(0.5), p99: at(0.99) }
    }

    console.log(
      `\n1 and 2 gateways on PostgreSQL and Redis, ${CALLERS} callers, ${availableParallelism()} processors\n`,
    )
    printTable([
      ...(await contest('searches', searchOver, servers, pace)),
      ...(await contest('appendMessages', appendOver, servers, pace)),
    ])
    console.log(
      '\nWhere the processors are full with one gateway, a second adds nothing here: this shows what a second',
    )
    console.log(
      'costs (locks, Redis, conflicts), and that both take part. It does not show what it adds on a machine of',
    )
    console.log('its own: for that, divide by the CPU of an operation.')
  } finally {
    // They go on delivering what they took, with the databases and the CRM.
    await endAll()
    await opened.stop()
    await Promise.all([postgresql.stop(), redis.stop()])
  }
}

/** Medians of rounds in which one gateway and two take turns. */
async function contest(
  what: string,
  over: (count: number, durationMs: number) => Promise<LoadResult>,
  servers: readonly ChildProcess[],
  { rounds, durationMs }: Pace,
) {
  const cells = new Map<number, Cell[]>([1, 2].map((count) => [count, []]))
  for (const count of cells.keys()) await over(count, durationMs)
  for (let round = 0; round < rounds; round += 1) {
    for (const [count, measured] of cells) {
      const before = cpuOf(servers)
      const { operations, rps, p50, p99 } = await over(count, durationMs)
      measured.push({ rps, p50, p99, cpuUs: (cpuOf(servers) - before) / operations })
    }
  }
  const of = (count: number, value: (cell: Cell) => number) => median((cells.get(count) ?? []).map(value))
  return [...cells.keys()].map((count) => ({
    what,
    gateways: count,
    'per second': Math.round(of(count, ({ rps }) => rps)),
    'against one': (of(count, ({ rps }) => rps) / of(1, ({ rps }) => rps)).toFixed(2),
    'p50 ms': of(count, ({ p50 }) => p50).toFixed(1),
    'p99 ms': of(count, ({ p99 }) => p99).toFixed(1),
    'CPU us/op of the gateways': Math.round(of(count, ({ cpuUs }) => cpuUs)),
  }))
}

const cpuOf = (servers: readonly ChildProcess[]) =>
  servers.reduce((sum, server) => sum + (usage(server)?.cpuUs ?? 0), 0)
