/** The look-up worker: takes the conversations whose visitor is to be looked up, until it is stopped. Any number may run. */
import type { EventBus } from '../events/bus.ts'
import { isOutage } from '../shared/errors.ts'
import type { Logger } from '../shared/logger.ts'
import { unforeseenDelay } from './decide.ts'
import type { LookUpJob } from './job.ts'
import type { LookUpClaim, LookUpQueue } from './look-up-store.ts'

export interface LookUpWorkerOptions {
  queue: LookUpQueue
  job: LookUpJob
  events: Pick<EventBus, 'onEvent' | 'wake'>
  logger: Logger
  /** Milliseconds since 1970. */
  now: () => number
  /** How often conversations that have begun, or are due once more, are looked for, in milliseconds. */
  pollMs?: number
  /** How many are looked up at once. */
  overall?: number
}

export interface LookUpWorker {
  /** Takes no more, and hands back what is under way. */
  stop(): Promise<void>
}

export function startLookUpWorker(options: LookUpWorkerOptions): LookUpWorker {
  const { queue, job, events, logger, now, pollMs = 250, overall = 32 } = options
  /** With the workspace of each. */
  const running = new Map<Promise<void>, string>()
  const stopping = new AbortController()
  let looking: Promise<void> | undefined
  let lookAgain = false

  /** One look at a time; who asks during one gets another behind it. */
  function look(): void {
    if (stopping.signal.aborted) return
    if (looking) {
      lookAgain = true
      return
    }
    looking = takeDue()
      .catch((error: unknown) =>
        logger.warn({ err: error }, 'Looking for visitors to look up failed; it is tried again'),
      )
      .finally(() => {
        looking = undefined
        if (lookAgain) {
          lookAgain = false
          look()
        }
      })
  }

  async function takeDue(): Promise<void> {
    const free = overall - running.size
    if (free <= 0) return
    const ofWorkspaces = new Map<string, number>()
    for (const workspaceId of running.values()) {
      ofWorkspaces.set(workspaceId, (ofWorkspaces.get(workspaceId) ?? 0) + 1)
    }
    for (const claim of await queue.claim(free, ofWorkspaces)) run(claim)
  }

  function run(claim: LookUpClaim): void {
    const work = job(claim, stopping.signal)
      .catch(async (error: unknown) => {
        logger.error({ err: error, conversationId: claim.id }, 'A visitor could not be looked up')
        const delay = unforeseenDelay(isOutage(error) ? 1 : claim.attempts)
        await queue.giveBack(claim, delay === null ? null : new Date(now() + delay))
      })
      .catch((error: unknown) => logger.warn({ err: error }, 'A look-up was not handed back; its lease runs out'))
      .finally(() => {
        running.delete(work)
        events.wake()
        look()
      })
    running.set(work, claim.workspaceId)
  }

  const forget = events.onEvent(({ kind }) => {
    if (kind === 'VISITOR_UPDATED') look()
  })
  const timer = setInterval(look, pollMs)
  look()

  return {
    async stop() {
      stopping.abort()
      forget()
      clearInterval(timer)
      await looking
      await Promise.all(running.keys())
    },
  }
}
