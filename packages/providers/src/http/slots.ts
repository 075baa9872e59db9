/** A bounded number of calls at a time, and a bounded queue before it: first come, first served. */
import { ProviderError } from '../errors.ts'
import type { Deadline } from './deadline.ts'

export interface Slots {
  /** Waits for a slot; answers what gives it back. Rejects when the queue is full, the time is over or the caller left. */
  take(deadline: Deadline): Promise<() => void>
  limitTo(ceiling: number): void
  /** How many may be taken at a time. */
  readonly ceiling: number
}

export function createSlots(options: { ceiling: number; queue: number }): Slots {
  let ceiling = options.ceiling
  let taken = 0
  const waiting = new Set<() => void>()

  function admit(): void {
    for (const enter of waiting) {
      if (taken >= ceiling) return
      enter()
    }
  }

  function occupy(): () => void {
    taken += 1
    let given = false
    return () => {
      if (given) return
      given = true
      taken -= 1
      admit()
    }
  }

  return {
    take(deadline) {
      if (deadline.signal?.aborted) return Promise.reject(leftWhileWaiting())
      if (taken < ceiling && waiting.size === 0) return Promise.resolve(occupy())
      if (waiting.size >= options.queue) return Promise.reject(tooMany())

      return new Promise((resolve, reject) => {
        const leave = (error: ProviderError) => {
          settle()
          reject(error)
        }
        const enter = () => {
          settle()
          resolve(occupy())
        }
        const onAbort = () => leave(leftWhileWaiting())
        const timer = setTimeout(() => leave(noTimeLeft()), deadline.remainingMs())
        const settle = () => {
          waiting.delete(enter)
          clearTimeout(timer)
          deadline.signal?.removeEventListener('abort', onAbort)
        }
        waiting.add(enter)
        deadline.signal?.addEventListener('abort', onAbort, { once: true })
      })
    },
    limitTo(next) {
      ceiling = Math.max(1, Math.floor(next))
      admit()
    },
    get ceiling() {
      return ceiling
    },
  }
}

function tooMany(): ProviderError {
  return new ProviderError('CRM_RATE_LIMITED', {
    message: 'Too many calls to this CRM are waiting already. Try again in a moment.',
    retryAfter: 1,
  })
}

/** Its time was over before it was sent. */
export function noTimeLeft(): ProviderError {
  return new ProviderError('CRM_TIMEOUT', { message: 'This CRM is busy: the call waited too long for its turn.' })
}

function leftWhileWaiting(): ProviderError {
  return new ProviderError('CRM_TIMEOUT', { message: 'The call was cancelled.' })
}
