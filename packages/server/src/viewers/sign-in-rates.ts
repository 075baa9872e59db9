import { RateLimiterRes } from 'rate-limiter-flexible'
import type { Counter, SharedState } from '../shared-state/shared-state.ts'

interface Rule {
  /** Seconds. */
  readonly window: number
  /** Requests within the window. */
  readonly max: number
}

interface Counted {
  readonly allowed: boolean
  /** Seconds until the next is heard; null: it was allowed. */
  readonly retryAfter: number | null
}

/** What better-auth counts requests with, by address and path. */
export interface SignInRates {
  consume(key: string, rule: Rule): Promise<Counted>
}

/** Counts over all instances; better-auth's own counts are one for all servers of a process. */
export function createSignInRates(shared: Pick<SharedState, 'counter'>): SignInRates {
  const counters = new Map<string, Counter>()

  function counterOf({ window, max }: Rule): Counter {
    const name = `sign-ins-${max}-in-${window}`
    const counter = counters.get(name) ?? shared.counter(name, { points: max, seconds: window })
    counters.set(name, counter)
    return counter
  }

  return {
    async consume(key, rule) {
      try {
        await counterOf(rule).consume(key)
        return { allowed: true, retryAfter: null }
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused
        return { allowed: false, retryAfter: Math.ceil(refused.msBeforeNext / 1_000) }
      }
    },
  }
}
