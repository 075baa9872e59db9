/** Runs all upkeep jobs soon after the start and then every hour, one after the other. Any number of processes may. */
import { setTimeout as wait } from 'node:timers/promises'
import type { Logger } from '../shared/logger.ts'
import type { UpkeepJob } from './job.ts'

export interface UpkeepOptions {
  jobs: readonly UpkeepJob[]
  logger: Logger
  /** When they run for the first time, and how often then, in milliseconds. */
  firstMs?: number
  everyMs?: number
  /** Between 0 and 1: processes that were started together do not run at the same moment. */
  random?: () => number
}

export interface Upkeep {
  /** The step under way ends; nothing further begins. */
  stop(): Promise<void>
}

export function startUpkeep(options: UpkeepOptions): Upkeep {
  const { jobs, logger, firstMs = 10_000, everyMs = 60 * 60_000, random = Math.random } = options
  const stopping = new AbortController()
  const { signal } = stopping
  const pause = (ms: number) =>
    wait(ms * (0.9 + 0.2 * random()), undefined, { signal, ref: false }).catch(() => undefined)

  async function run(): Promise<void> {
    await pause(firstMs)
    while (!signal.aborted) {
      for (const job of jobs) {
        if (signal.aborted) return
        // One job's trouble is not the others', nor anybody's who is being served.
        await job.run(signal).catch((error: unknown) => {
          logger.warn({ err: error, job: job.name }, 'Upkeep failed; it is tried again')
        })
      }
      await pause(everyMs)
    }
  }

  const running = run()
  return {
    async stop() {
      stopping.abort()
      await running
    },
  }
}
