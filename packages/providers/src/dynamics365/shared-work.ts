/** Work that many callers need at once (a token, metadata) and that each of them waits for only as long as it may. */
import { ProviderError } from '../errors.ts'
import type { Deadline } from '../http/index.ts'

/** Joins the run that is going on, or starts one. What it rejects with reaches everybody who joined. */
export function shareWork<T>(work: () => Promise<T>): () => Promise<T> {
  let running: Promise<T> | null = null
  return () => {
    running ??= work().finally(() => {
      running = null
    })
    return running
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
        message: deadline.signal?.aborted ? 'The call was cancelled.' : 'Dynamics 365 did not answer in time.',
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
