/** Gives conversations of earlier releases what their visitors are found by. */
import { inBatches, type UpkeepJob } from './job.ts'
import type { VisitorKeysStore } from './visitor-keys-store.ts'

export interface VisitorKeysJob extends UpkeepJob {
  /** Resolves when every visitor that can be read can be found. Costs nothing once that is so. */
  completed(): Promise<void>
}

export function createVisitorKeysJob(store: VisitorKeysStore): VisitorKeysJob {
  let isComplete = false

  /** Answers how many visitors cannot be read. */
  async function complete(signal: AbortSignal): Promise<number> {
    let after = ''
    let unreadable = 0
    await inBatches(signal, async () => {
      const batch = await store.complete(after)
      if (batch === null) return 0
      after = batch.last
      unreadable += batch.unreadable
      return 1
    })
    isComplete = !signal.aborted
    return unreadable
  }

  return {
    name: 'visitor keys',
    async run(signal) {
      // What is written since has its keys: looking through all conversations once is enough.
      if (isComplete) return
      const unreadable = await complete(signal)
      if (unreadable > 0) throw new Error(`${unreadable} visitors cannot be read: is their key in BACKCHANNEL_KEYS?`)
    },
    async completed() {
      if (!isComplete) await complete(new AbortController().signal)
    },
  }
}
