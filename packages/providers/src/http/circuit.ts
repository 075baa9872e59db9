/** Stops calling a server that keeps failing, and tries it again with one call at a time. */

export interface CircuitOptions {
  /** Milliseconds since 1970. */
  now: () => number
  /** Failures in a row that open it. */
  failures: number
  /** Milliseconds until one call may try again. */
  pauseMs: number
}

export interface Circuit {
  /** Milliseconds until a call may pass; 0 when one may now. */
  waitMs(): number
  /** Says that a call is on its way; while the circuit is half open, others wait for what becomes of it. */
  start(): void
  succeeded(): void
  failed(): void
  /** The call ended without telling anything about the server: its caller left, or it was never sent. */
  unknown(): void
}

export function createCircuit(options: CircuitOptions): Circuit {
  let failuresInARow = 0
  let openUntil = 0
  let probing = false

  const isOpen = () => failuresInARow >= options.failures

  return {
    waitMs() {
      if (!isOpen()) return 0
      if (probing) return options.pauseMs
      return Math.max(0, openUntil - options.now())
    },
    start() {
      if (isOpen()) probing = true
    },
    succeeded() {
      failuresInARow = 0
      probing = false
    },
    failed() {
      failuresInARow += 1
      probing = false
      if (isOpen()) openUntil = options.now() + options.pauseMs
    },
    unknown() {
      probing = false
    },
  }
}
