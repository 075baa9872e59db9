import { RateLimiterMemory, RateLimiterRes } from 'rate-limiter-flexible'

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

/** Counts of one server: better-auth's own are one for all servers of a process. */
export function createSignInRates(): SignInRates {
  const limiters = new Map<string, RateLimiterMemory>()

  function limiterOf({ window, max }: Rule): RateLimiterMemory {
    const name = `${max} in ${window}`
    const limiter = limiters.get(name) ?? new RateLimiterMemory({ points: max, duration: window })
    limiters.set(name, limiter)
    return limiter
  }

  return {
    async consume(key, rule) {
      try {
        await limiterOf(rule).consume(key)
        return { allowed: true, retryAfter: null }
      } catch (refused) {
        if (!(refused instanceof RateLimiterRes)) throw refused
        return { allowed: false, retryAfter: Math.ceil(refused.msBeforeNext / 1_000) }
      }
    },
  }
}
