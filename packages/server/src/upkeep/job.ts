/** What keeps the database in order, in small steps that others wait for only shortly. */
import { setTimeout as wait } from 'node:timers/promises'

/** One thing that is looked after now and then. Running it twice, also at once, does no harm. */
export interface UpkeepJob {
  readonly name: string
  /** Ends early, without an error, when the signal comes: what is left is done next time. */
  run(signal: AbortSignal): Promise<void>
}

/** Between two batches others have the database, and the event loop, for themselves. In milliseconds. */
const PAUSE_MS = 20

/** Repeats a step until there is nothing left for it. @param step answers how many rows it found */
export async function inBatches(signal: AbortSignal, step: () => Promise<number>): Promise<void> {
  while (!signal.aborted && (await step()) > 0) {
    await wait(PAUSE_MS, undefined, { signal }).catch(() => {})
  }
}
