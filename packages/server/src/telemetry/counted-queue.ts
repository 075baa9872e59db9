import type { PushQueue } from '../pushes/queue-store.ts'
import type { Metrics } from './metrics.ts'

/** The same queue, and what became of each attempt is counted once it is noted. */
export function countedQueue(queue: PushQueue, { pushAttempted }: Pick<Metrics, 'pushAttempted'>): PushQueue {
  return {
    ...queue,
    async delivered(claim, done) {
      await queue.delivered(claim, done)
      pushAttempted(done.shortfall === null ? 'delivered' : 'partial')
    },
    async continueElsewhere(claim, confirmed) {
      await queue.continueElsewhere(claim, confirmed)
      pushAttempted('delivered')
    },
    async retry(claim, fault, when) {
      const noted = await queue.retry(claim, fault, when)
      if (noted) pushAttempted('retried')
      return noted
    },
    async fail(claim, fault) {
      const noted = await queue.fail(claim, fault)
      if (noted) pushAttempted('failed')
      return noted
    },
    async release(claim) {
      const noted = await queue.release(claim)
      if (noted) pushAttempted('released')
      return noted
    },
  }
}
