/** Time as an emulated CRM sees it. It runs with the real clock and can be moved ahead. */
export interface Clock {
  /** Milliseconds since 1970. */
  now(): number
  /** Moves the clock by so many milliseconds, from now on. */
  advance(ms: number): void
  /** Back to the real time. */
  reset(): void
}

export function createClock(): Clock {
  let offset = 0
  return {
    now: () => Date.now() + offset,
    advance(ms) {
      offset += ms
    },
    reset() {
      offset = 0
    },
  }
}
