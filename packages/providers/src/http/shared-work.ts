/**
 * Work that many callers need at once (a token, metadata) and that each of them waits for only as long as it may. It goes
 * on when they leave, for the next one needs it too; work that ends with its last caller is a single flight.
 */
import { ProviderError } from '../errors.ts'
import type { Deadline } from './deadline.ts'

/**
 * Joins the run for the same arguments that is going on, or starts one. What it rejects with reaches everybody who
 * joined. Nobody's deadline is that of the run: it needs one of its own.
 */
export function shareWork<Args extends readonly (string | boolean)[], T>(
  work: (...args: Args) => Promise<T>,
): (...args: Args) => Promise<T> {
  const runs = new Map<string, Promise<T>>()
  return (...args) => {
    const key = JSON.stringify(args)
    const running = runs.get(key)
    if (running !== undefined) return running
    const run = work(...args).finally(() => runs.delete(key))
    runs.set(key, run)
    return run
  }
}

/**
 * Waits for shared work within the caller's own deadline. The work goes on for the others, and for the next caller.
 *
 * @throws ProviderError `CRM_TIMEOUT` when the deadline ends or its signal aborts
 */
export async function waitWithin<T>(work: Promise<T>, deadline: Deadline): Promise<T> {
  const { promise: ended, reject } = withResolvers()
  const giveUp = () =>
    reject(
      new ProviderError('CRM_TIMEOUT', {
        message: deadline.signal?.aborted ? 'The call was cancelled.' : 'The CRM did not answer in time.',
      }),
    )
  if (deadline.signal?.aborted) giveUp()
  const timer = setTimeout(giveUp, deadline.remainingMs())
  deadline.signal?.addEventListener('abort', giveUp, { once: true })
  try {
    return await Promise.race([work, ended])
  } finally {
    clearTimeout(timer)
    deadline.signal?.removeEventListener('abort', giveUp)
  }
}

function withResolvers(): { promise: Promise<never>; reject: (error: ProviderError) => void } {
  let reject: (error: ProviderError) => void = () => {}
  const promise = new Promise<never>((_, fail) => {
    reject = fail
  })
  return { promise, reject }
}
