/** Loaded into a measured server before it starts: how long its event loop was held, and the memory that it needs. */
import { monitorEventLoopDelay } from 'node:perf_hooks'

export interface LoopReport {
  /** The longest time for which nothing else could run, in milliseconds. */
  longestBlockMs: number
  rssMb: number
  /** Microseconds of CPU since the last `reset`. */
  cpuUs: number
}

const delay = monitorEventLoopDelay({ resolution: 1 })
delay.enable()
let since = process.cpuUsage()

/** The collection that comes first holds the loop for longer than anything that is to be measured. */
function reset(): void {
  globalThis.gc?.()
  setTimeout(() => {
    delay.reset()
    since = process.cpuUsage()
    report()
  }, 20)
}

function report(): void {
  const { user, system } = process.cpuUsage(since)
  const rssMb = process.memoryUsage().rss / 2 ** 20
  process.send?.({ longestBlockMs: delay.max / 1e6, rssMb, cpuUs: user + system } satisfies LoopReport)
}

process.on('message', (message) => {
  if (message === 'reset') reset()
  if (message === 'report') report()
})
// A server that wants to end is not kept by its measurement.
process.channel?.unref()
