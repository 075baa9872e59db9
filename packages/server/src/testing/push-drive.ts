/**
 * The push worker's own code, driven step by step: which attempt runs when, where a worker dies or is held up, and what
 * the CRM does to which call are a test's to say. Time passes only when it is told to.
 */
import { type CrmProvider, ProviderError, type ProviderKey } from '@backchannel/providers'
import { createAttempt } from '../pushes/attempt.ts'
import { createPauseStore } from '../pushes/pause-store.ts'
import { createPushQueue, type PushQueue } from '../pushes/queue-store.ts'
import { createTraffic } from '../pushes/traffic.ts'
import { createLogger } from '../shared/logger.ts'
import { createInProcessState } from '../shared-state/in-process.ts'
import type { openPushWorld } from './push-world.ts'

/** REFUSED: surely nothing was done. BEFORE, AFTER: no answer, and nothing or everything done. LATE: done after a while. */
export const crmFaults = ['REFUSED', 'THROTTLED', 'BEFORE', 'AFTER', 'LATE'] as const
export type CrmFault = (typeof crmFaults)[number]

/** What becomes of one worker at one of its calls to the database or the CRM. */
export interface Fate {
  at: number
  what: 'DIES_BEFORE' | 'DIES_AFTER' | 'HELD_UP'
}

export const LEASE_MS = 30_000

class Death extends Error {}

/** Counts the calls of one worker, until its fate. */
class Life {
  #calls = 0
  #dead = false
  #goOn: () => void = () => {}
  #noteHeldUp: () => void = () => {}
  readonly heldUp: Promise<void>
  readonly #fate: Fate | null

  constructor(fate: Fate | null) {
    this.#fate = fate
    this.heldUp = new Promise((resolve) => {
      this.#noteHeldUp = resolve
    })
  }

  goOn(): void {
    this.#goOn()
  }

  async call<T>(work: () => Promise<T>): Promise<T> {
    if (this.#dead) throw new Death()
    const meets = this.#calls++ === this.#fate?.at ? this.#fate.what : null
    if (meets === 'DIES_BEFORE') this.#die()
    if (meets === 'HELD_UP') {
      this.#noteHeldUp()
      await new Promise<void>((resolve) => {
        this.#goOn = resolve
      })
    }
    const result = await work()
    if (meets === 'DIES_AFTER') this.#die()
    return result
  }

  #die(): never {
    this.#dead = true
    throw new Death()
  }
}

/** An object whose asynchronous methods pass through `around`. */
function wrapped<T extends object>(target: T, isWrapped: (name: string) => boolean, around: Around): T {
  return new Proxy(target, {
    get(object, name) {
      const member: unknown = Reflect.get(object, name)
      if (typeof member !== 'function' || typeof name !== 'string' || !isWrapped(name)) return member
      return (...args: unknown[]) => around(name, async () => member.apply(object, args) as unknown)
    },
  })
}

type Around = (name: string, work: () => Promise<unknown>) => Promise<unknown>

const writes = new Set(['fileActivity', 'updateActivity', 'updateRecord'])
const reads = new Set(['findActivity', 'findRecords', 'findSuccessor'])

export function createPushDrive(world: Awaited<ReturnType<typeof openPushWorld>>) {
  const { prisma, secrets, now } = world
  const faults: Record<ProviderKey, CrmFault[]> = { DYNAMICS: [], SALESFORCE: [] }
  const late: (() => Promise<unknown>)[] = []
  const held: { life: Life; work: Promise<void> }[] = []
  const pauses = createPauseStore(prisma, now)
  const traffic = createTraffic({ pauses, shared: createInProcessState(), leaseMs: LEASE_MS, perIntegration: 4 })
  const queue = createPushQueue(prisma, { secrets, pauses, leaseMs: LEASE_MS, now })

  const faulty = (key: ProviderKey): Around =>
    async function around(name, work) {
      const fault = faults[key].shift()
      const isWrite = writes.has(name)
      switch (fault) {
        case undefined:
          return work()
        case 'REFUSED':
          throw new ProviderError('CRM_UNREACHABLE', { message: 'Not reached.' })
        case 'THROTTLED':
          throw new ProviderError('CRM_RATE_LIMITED', { message: 'Slow down.', retryAfter: 5 })
        case 'AFTER':
          await work()
          break
        case 'LATE':
          if (isWrite) late.push(work)
          break
        case 'BEFORE':
          break
      }
      throw new ProviderError('CRM_TIMEOUT', { message: 'No answer.', outcome: isWrite ? 'UNKNOWN' : 'NOT_APPLIED' })
    }

  function attemptOf(life: Life) {
    const mortal = (): Around => (_name, work) => life.call(work)
    const { integrations } = world
    return createAttempt({
      queue: wrapped<PushQueue>(queue, () => true, mortal()),
      traffic,
      conversations: world.conversations,
      integrations: {
        ...integrations,
        async provider(workspaceId, id): Promise<CrmProvider | null> {
          const provider = await integrations.provider(workspaceId, id)
          if (provider === null) return null
          const isCall = (name: string) => writes.has(name) || reads.has(name)
          return wrapped(wrapped(provider, isCall, faulty(provider.key)), isCall, mortal())
        },
      },
      secrets,
      logger: createLogger('silent'),
      now,
      random: () => 0.5,
      settleMs: 630_000,
      parkAfterMs: Number.MAX_SAFE_INTEGER,
    })
  }

  return {
    /** What the next calls to a CRM meet. */
    fail: (key: ProviderKey, fault: CrmFault, times: number) =>
      void faults[key].push(...Array.from({ length: times }, () => fault)),

    /** One attempt at each CRM that has something due; answers how many there were. */
    async work(fate: Fate | null = null): Promise<number> {
      let attempts = 0
      for (const integrationId of await queue.dueIntegrations()) {
        const claim = await queue.claim(integrationId, { longestDue: false })
        if (claim === null) continue
        attempts++
        const life = new Life(fate)
        const work = attemptOf(life)(claim, new AbortController().signal).catch((error: unknown) => {
          if (!(error instanceof Death)) throw error
        })
        const isHeldUp = await Promise.race([work.then(() => false), life.heldUp.then(() => true)])
        if (isHeldUp) held.push({ life, work })
      }
      return attempts
    },

    /** Calls that the CRM had not done yet are done now. */
    async landLate(): Promise<void> {
      for (const work of late.splice(0)) await work().catch(() => {})
    },

    /** Workers that were held up go on from where they were. */
    async goOn(): Promise<void> {
      for (const { life, work } of held.splice(0)) {
        life.goOn()
        await work
      }
    },

    heal() {
      faults.DYNAMICS.length = 0
      faults.SALESFORCE.length = 0
    },
  }
}
