/**
 * The push worker: delivers what is due, some at a time for each integration, until it is stopped. Any number may run.
 *
 * Integrations come in turn, one push each, so that none waits for another: a slow one fills its own places only, a
 * flooded one has its turn like the others. What happened to one push makes its own integration be looked at; all of them
 * are only looked at now and then.
 */
import { setTimeout as wait } from 'node:timers/promises'
import type { EventBus } from '../events/bus.ts'
import type { Logger } from '../shared/logger.ts'
import type { Attempt } from './attempt.ts'
import type { Claim } from './claim-store.ts'
import type { PushQueue } from './queue-store.ts'
import type { PushPlace, Traffic } from './traffic.ts'

export interface PushWorkerOptions {
  queue: Pick<PushQueue, 'dueIntegrations' | 'claim' | 'renew' | 'release' | 'integrationsChanged'>
  attempt: Attempt
  traffic: Pick<Traffic, 'places' | 'takePlace' | 'unheard'>
  events: EventBus
  logger: Logger
  /** The lease is prolonged three times in its length, in milliseconds. */
  leaseMs: number
  /** How often what falls due by itself is looked for, in milliseconds. */
  pollMs?: number
  /** How many pushes are delivered at once, of all integrations together. */
  overall?: number
}

export interface PushWorker {
  /** Takes no more, gives attempts under way this long to end, and hands back the others undone. */
  stop(graceMs?: number): Promise<void>
}

/** So many claims of an integration go by rank, then one to what is due for the longest time. */
const BY_RANK = 3

interface Running {
  claim: Claim
  abort: AbortController
  work: Promise<void>
}

export function startPushWorker(options: PushWorkerOptions): PushWorker {
  const { queue, attempt, traffic, events, logger, leaseMs, pollMs = 250, overall = 32 } = options
  const running = new Map<string, Running>()
  /** Integrations that may have something due; the first one is next. */
  const turns = new Set<string>()
  /** How often each was claimed from. */
  const claims = new Map<string, number>()
  let stopping = false
  let serving: Promise<void> | undefined
  let serveAgain = false
  let lookAtAll = true
  /** Integrations whose change could not be followed up; null: all of them. */
  const leftBehind = new Set<string | null>()

  /** One at a time; who asks during one gets another behind it. */
  function serve(): void {
    if (stopping) return
    if (serving) {
      serveAgain = true
      return
    }
    serving = serveTurns()
      .catch((error: unknown) => logger.warn({ err: error }, 'Looking for due pushes failed; it is tried again'))
      .finally(() => {
        serving = undefined
        if (!serveAgain) return
        serveAgain = false
        serve()
      })
  }

  function lookAt(integrationId: string): void {
    turns.add(integrationId)
    serve()
  }

  async function serveTurns(): Promise<void> {
    if (lookAtAll) {
      lookAtAll = false
      for (const integrationId of await queue.dueIntegrations()) turns.add(integrationId)
    }
    for (let integrationId = nextTurn(); integrationId !== undefined; integrationId = nextTurn()) {
      turns.delete(integrationId)
      // Where other workers have them all, the next poll looks again.
      const place = await traffic.takePlace(integrationId)
      if (place === null) continue
      const claim = await claimOf(integrationId).catch((error: unknown) => {
        place.leave()
        throw error
      })
      if (claim === null) {
        place.leave()
        continue
      }
      turns.add(integrationId)
      if (!stopping) {
        run(claim, place)
        continue
      }
      place.leave()
      await handBack(claim)
    }
  }

  async function claimOf(integrationId: string): Promise<Claim | null> {
    const count = claims.get(integrationId) ?? 0
    const claim = await queue.claim(integrationId, { longestDue: count % (BY_RANK + 1) === BY_RANK })
    if (claim !== null) claims.set(integrationId, count + 1)
    return claim
  }

  async function handBack(claim: Claim): Promise<void> {
    await queue.release(claim)
    await traffic.unheard(claim)
  }

  /** One whose places are all taken is looked at again when one of them is free. */
  function nextTurn(): string | undefined {
    if (stopping || running.size >= overall) return undefined
    const busy = new Map<string, number>()
    for (const { claim } of running.values()) {
      busy.set(claim.integrationId, (busy.get(claim.integrationId) ?? 0) + 1)
    }
    return [...turns].find((id) => (busy.get(id) ?? 0) < traffic.places(id))
  }

  function run(claim: Claim, place: PushPlace): void {
    // The soak of test/soak waits for this line to kill a worker that has begun.
    logger.debug({ pushId: claim.id, attempts: claim.attempts }, 'Push claimed')
    const abort = new AbortController()
    const heartbeat = setInterval(() => {
      place.stay()
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
        place.leave()
        running.delete(claim.leaseOwner)
        events.wake()
        lookAt(claim.integrationId)
      })
    running.set(claim.leaseOwner, { claim, abort, work })
  }

  function integrationsChanged(integrationId: string | null): void {
    queue
      .integrationsChanged(integrationId)
      .then(look)
      .catch((error: unknown) => {
        leftBehind.add(integrationId)
        logger.warn({ err: error }, 'Waiting pushes could not be set due; it is tried again')
      })
  }

  function poll(): void {
    const again = [...leftBehind]
    leftBehind.clear()
    for (const integrationId of again) integrationsChanged(integrationId)
    look()
  }

  function look(): void {
    lookAtAll = true
    serve()
  }

  const forget = events.onEvent(({ kind, integrationId }) => {
    if (kind === 'INTEGRATION_CHANGED') integrationsChanged(integrationId)
    if (kind === 'PUSH_UPDATED' && integrationId !== null) lookAt(integrationId)
  })
  const timer = setInterval(poll, pollMs)
  look()
  integrationsChanged(null)

  return {
    async stop(graceMs = 5_000) {
      stopping = true
      forget()
      clearInterval(timer)
      await serving
      await endOf(running, graceMs)
      for (const { abort } of running.values()) abort.abort()
      await endOf(running, ABORT_MS)
      // One that does not listen can change nothing any more; what it has sent is told by the key or by the intent.
      for (const { claim } of running.values()) {
        await handBack(claim).catch((error: unknown) => {
          logger.warn({ err: error, pushId: claim.id }, 'A push could not be handed back; its lease runs out')
        })
      }
    },
  }
}

/** How long an attempt may take to hand its push back. */
const ABORT_MS = 1_000

async function endOf(running: ReadonlyMap<string, Running>, atMostMs: number): Promise<void> {
  const timer = new AbortController()
  const work = [...running.values()].map((it) => it.work)
  await Promise.race([Promise.all(work), wait(atMostMs, undefined, { signal: timer.signal }).catch(() => {})])
  timer.abort()
}
