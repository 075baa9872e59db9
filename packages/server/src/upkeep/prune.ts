/** Removes what served its purpose: events that were read, keys of requests that nobody repeats any more. */
import { inBatches, type UpkeepJob } from './job.ts'
import type { PruneStore } from './prune-store.ts'

const DAY_MS = 24 * 60 * 60 * 1_000
/** For how long a subscriber may be away and still resume. */
const EVENT_DAYS = 7
/** For how long the same idempotency key is the same request. */
const REQUEST_DAYS = 30

/** @param now milliseconds since 1970 */
export function createPruneJobs(store: PruneStore, now: () => number): UpkeepJob[] {
  const daysAgo = (days: number) => new Date(now() - days * DAY_MS)
  const job = (name: string, step: () => Promise<number>): UpkeepJob => ({
    name,
    run: (signal) => inBatches(signal, step),
  })
  return [
    job('old events', () => store.removeEvents(daysAgo(EVENT_DAYS))),
    job('old tag requests', () => store.removeTagRequests(daysAgo(REQUEST_DAYS))),
    job('old record intents', () => store.removeRecordIntents(daysAgo(REQUEST_DAYS))),
    job('expired sign-ins', () => store.removeExpired(new Date(now()))),
  ]
}
