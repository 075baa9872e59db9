/** The time that one operation has, over all the calls that it makes. */

/** What every operation takes: a signal that ends it, and how long it may take at most. */
export interface CallOptions {
  signal?: AbortSignal | undefined
  /** Budget of the whole operation, retries and token refresh included, in milliseconds. Default 10,000. */
  timeoutMs?: number | undefined
  /** Try once although a pause is on (an open circuit, a used-up quota), but never within a `Retry-After` (ruling 15). */
  force?: boolean | undefined
}

const defaultTimeoutMs = 10_000

export interface Deadline {
  readonly signal: AbortSignal | undefined
  readonly force: boolean
  /** Milliseconds that are left; 0 when none are. */
  remainingMs(): number
}

/** Starts the clock of an operation. It is monotonic: a change of the wall clock neither ends nor prolongs a call. */
export function startDeadline(options: CallOptions = {}): Deadline {
  const endsAt = performance.now() + (options.timeoutMs ?? defaultTimeoutMs)
  return {
    signal: options.signal,
    force: options.force ?? false,
    remainingMs: () => Math.max(0, endsAt - performance.now()),
  }
}
