/** The push worker: takes what is due, some at a time for each integration, until it is stopped. Any number may run. */
import { setTimeout as wait } from 'node:timers/promises'
import type { EventBus } from '../events/bus.ts'
import type { Logger } from '../shared/logger.ts'
import type { Attempt } from './attempt.ts'
import type { Claim, PushQueue } from './queue-store.ts'

export interface PushWorkerOptions {
  queue: PushQueue
  attempt: Attempt
  events: EventBus
  logger: Logger
  /** The lease is prolonged three times in its length, in milliseconds. */
  leaseMs: number
  /** How often what falls due by itself is looked for, in milliseconds. */
  pollMs?: number
  /** How many pushes of one integration are delivered at once, and of all of them together. */
  perIntegration?: number
  overall?: number
}

export interface PushWorker {
  /** Takes no more, gives attempts under way this long to end, and hands back the others undone. */
  stop(graceMs?: number): Promise<void>
}

export function startPushWorker(options: PushWorkerOptions): PushWorker {
  const { queue, attempt, events, logger, leaseMs, pollMs = 1_000, perIntegration = 4, overall = 16 } = options
  const running = new Map<Promise<void>, { integrationId: string; abort: AbortController }>()
  let stopping = false
  let looking: Promise<void> | undefined
  let lookAgain = false

  /** One look at a time; who asks during one gets another behind it. */
  function look(): void {
    if (stopping) return
    if (looking) {
      lookAgain = true
      return
    }
    looking = takeDue()
      .catch((error: unknown) => logger.warn({ err: error }, 'Looking for due pushes failed; it is tried again'))
      .finally(() => {
        looking = undefined
        if (lookAgain) {
          lookAgain = false
          look()
        }
      })
  }

  async function takeDue(): Promise<void> {
    if (running.size >= overall) return
    // No integration waits for another: a slow one fills its own places only.
    for (const integrationId of await queue.dueIntegrations()) {
      const busy = [...running.values()].filter((it) => it.integrationId === integrationId).length
      const free = Math.min(perIntegration - busy, overall - running.size)
      if (free <= 0) continue
      for (const claim of await queue.claim(integrationId, free)) run(claim)
    }
  }

  function run(claim: Claim): void {
    logger.debug({ pushId: claim.id, attempts: claim.attempts }, 'Push claimed')
    const abort = new AbortController()
    const heartbeat = setInterval(() => {
      queue.renew(claim).then(
        (ours) => ours || abort.abort(),
        (error: unknown) => logger.warn({ err: error, pushId: claim.id }, 'A lease could not be prolonged'),
      )
    }, leaseMs / 3)
    abort.signal.addEventListener('abort', () => clearInterval(heartbeat))
    const work = attempt(claim, abort.signal)
      .catch((error: unknown) => logger.error({ err: error, pushId: claim.id }, 'What became of a push was not noted'))
      .finally(() => {
        clearInterval(heartbeat)
        running.delete(work)
        events.wake()
        look()
      })
    running.set(work, { integrationId: claim.integrationId, abort })
    if (stopping) abort.abort()
  }

  function integrationsChanged(integrationId: string | null): void {
    queue
      .integrationsChanged(integrationId)
      .then(look)
      .catch((error: unknown) => logger.warn({ err: error }, 'Waiting pushes could not be released'))
  }

  const forget = events.onEvent((event) => {
    if (event.kind === 'INTEGRATION_CHANGED') integrationsChanged(event.integrationId)
    if (event.kind === 'PUSH_UPDATED') look()
  })
  const timer = setInterval(look, pollMs)
  integrationsChanged(null)

  return {
    async stop(graceMs = 5_000) {
      stopping = true
      forget()
      clearInterval(timer)
      await looking
      await endOf(running.keys(), graceMs)
      for (const { abort } of running.values()) abort.abort()
      // One that does not listen is left behind: its lease runs out, and another worker takes over.
      await endOf(running.keys(), ABORT_MS)
    },
  }
}

/** How long an attempt may take to hand its push back. */
const ABORT_MS = 1_000

async function endOf(work: Iterable<Promise<void>>, atMostMs: number): Promise<void> {
  const timer = new AbortController()
  await Promise.race([Promise.all(work), wait(atMostMs, undefined, { signal: timer.signal }).catch(() => {})])
  timer.abort()
}
