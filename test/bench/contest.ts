/** One measurement of one server: its callers' times, its CPU and memory, and what it asked of the upstream. */
import type { ChildProcess } from 'node:child_process'
import { join } from 'node:path'
import type { LoadRequest, LoadResult } from './load.ts'
import type { LoadOrder } from './load-process.ts'
import { answer, ask, start, usage } from './processes.ts'

export interface Contender {
  name: string
  /** Whose CPU and memory count; null: the caller's own. */
  server: ChildProcess | null
  request: LoadRequest
}

export interface Cell extends LoadResult {
  upstreamCalls: number
  cpuUs: number | null
  rssMb: number | null
}

export interface Pace {
  rounds: number
  durationMs: number
}

export interface Bench {
  /** Until a server runs compiled code; unmeasured. */
  warmUp(request: LoadRequest, ms: number): Promise<void>
  measure(contender: Contender, concurrency: number): Promise<Cell>
}

/** Unmeasured, before each measurement: after its pause, a server has to find its pace again. */
const settleMs = 500

export async function openBench(
  bundles: string,
  { durationMs }: Pace,
  countUpstream: () => Promise<number>,
): Promise<Bench> {
  const load = start(join(bundles, 'load-process.js'))
  await answer(load)
  return {
    async warmUp(request, ms) {
      await ask(load, { request, concurrency: 10, durationMs: ms } satisfies LoadOrder)
    },
    async measure({ request, server }, concurrency) {
      const order: LoadOrder = { request, concurrency, durationMs }
      await ask(load, { ...order, durationMs: settleMs } satisfies LoadOrder)
      const callsBefore = await countUpstream()
      const before = server && usage(server)
      const result = await ask<LoadResult & { cpuUs: number }>(load, order)
      const after = server && usage(server)
      const serverCpu = before && after ? after.cpuUs - before.cpuUs : null
      const cpuUs = (server === null ? result.cpuUs : serverCpu) ?? 0
      const upstreamCalls = ((await countUpstream()) - callsBefore) / result.operations
      return { ...result, upstreamCalls, cpuUs: cpuUs / result.operations, rssMb: after?.rssMb ?? null }
    },
  }
}
