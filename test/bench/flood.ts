/** How long an honest caller waits alone, beside a flood by one agent, and beside hostile requests. */
import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import type { Pace } from './contest.ts'
import type { FloodOrder, Statuses } from './flood-process.ts'
import { apiKey, graphqlRequest } from './gateway.ts'
import { type LoadResult, runLoad } from './load.ts'
import { answer, ask, end, start } from './processes.ts'
import { median, printTable } from './report.ts'
import { startWatchedGateway } from './streams/watched-gateway.ts'

const HONEST_CALLERS = 4
const QUERY = '{ viewer { kind } integrations { id } }'
const TOKEN =
  'mutation { issueAgentToken(agentId: "flood", agentName: "Flood") { ... on IssueAgentTokenSuccess { token } } }'

export async function measureFlood(bundles: string, directory: string, { rounds, durationMs }: Pace): Promise<void> {
  const home = join(directory, 'flood')
  mkdirSync(home)
  const gateway = await startWatchedGateway(bundles, home, {
    EMULATOR: 'off',
    LIMIT_HEADER_SECONDS: '1',
    LIMIT_REQUEST_SECONDS: '2',
  })
  const { issueAgentToken } = await gateway.execute<{ issueAgentToken: { token: string } }>(TOKEN)
  const other = start(join(bundles, 'flood-process.js'))
  await answer(other)
  const honest = () => runLoad(graphqlRequest(gateway.port, QUERY, [{}], '"viewer"'), HONEST_CALLERS, durationMs)
  const beside = async (kind: FloodOrder['kind'], bearer: string) => {
    const order: FloodOrder = {
      kind,
      port: gateway.port,
      bearer,
      connections: kind === 'flood' ? 64 : 4,
      durationMs: durationMs + 1_000,
    }
    const flooding = ask<{ statuses: Statuses }>(other, order)
    const result = await honest()
    return { ...result, statuses: (await flooding).statuses }
  }

  await honest()
  const measured: Record<string, (LoadResult & { statuses?: Statuses })[]> = { alone: [], flood: [], hostile: [] }
  for (let round = 0; round < rounds; round += 1) {
    measured['alone']?.push(await honest())
    measured['flood']?.push(await beside('flood', issueAgentToken.token))
    measured['hostile']?.push(await beside('hostile', apiKey))
  }
  const p99Alone = median((measured['alone'] ?? []).map(({ p99 }) => p99))
  console.log(
    `\nAn honest caller (${HONEST_CALLERS} at a time), and who was beside it: a flood by 64 connections, hostile requests by 4\n`,
  )
  printTable(
    Object.entries(measured).map(([name, results]) => ({
      beside: name,
      RPS: Math.round(median(results.map(({ rps }) => rps))),
      'p50 ms': median(results.map(({ p50 }) => p50)).toFixed(2),
      'p99 ms': median(results.map(({ p99 }) => p99)).toFixed(2),
      'p99 / alone': (median(results.map(({ p99 }) => p99)) / p99Alone).toFixed(2),
      'what the other was answered': JSON.stringify(results.at(-1)?.statuses ?? {}).replaceAll('"', ''),
    })),
  )
  await end(gateway.process)
}
