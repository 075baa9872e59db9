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
  /**
   * Lets a call through that is sent at once; null where it must wait. While the circuit is open, one call probes the
   * server and the others wait for what becomes of it. A forced call passes all the same.
   */
  enter(force: boolean): Passage | null
}

/** One call on its way. Exactly one of these is said when it ends. */
interface Passage {
  succeeded(): void
  failed(): void
  /** The call ended without telling anything about the server: its caller left, or it had no time for an answer. */
  unknown(): void
}

export function createCircuit(options: CircuitOptions): Circuit {
  let failuresInARow = 0
  let openUntil = 0
  let probe: Passage | null = null

  const isOpen = () => failuresInARow >= options.failures

  function waitMs(): number {
    if (!isOpen()) return 0
    return probe === null ? Math.max(0, openUntil - options.now()) : options.pauseMs
  }

  return {
    waitMs,
    enter(force) {
      if (!force && waitMs() > 0) return null
      const passage: Passage = {
        succeeded() {
          failuresInARow = 0
          probe = null
        },
        failed() {
          failuresInARow += 1
          if (isOpen()) openUntil = options.now() + options.pauseMs
          passage.unknown()
        },
        unknown() {
          // A call that was sent before says nothing about the one that probes.
          if (probe === passage) probe = null
        },
      }
      if (isOpen()) probe ??= passage
      return passage
    },
  }
}
