/** Keeps no transcript for longer than its workspace wants to (ruling 8). */
import { inBatches, type UpkeepJob } from './job.ts'
import type { RetentionStore } from './retention-store.ts'

const DAY_MS = 24 * 60 * 60 * 1_000

/** @param now milliseconds since 1970 */
export function createRetentionJob(store: RetentionStore, now: () => number): UpkeepJob {
  return {
    name: 'retention',
    async run(signal) {
      for (const { id: workspaceId, retentionDays } of await store.listWorkspaces()) {
        const before = new Date(now() - retentionDays * DAY_MS)
        await inBatches(signal, async () => {
          let purged = 0
          for (const id of await store.findOld(workspaceId, before)) {
            if (signal.aborted) break
            if (await store.purge(workspaceId, id, before, new Date(now()))) purged++
          }
          return purged
        })
      }
    },
  }
}
