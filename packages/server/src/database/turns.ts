import { setTimeout as wait } from 'node:timers/promises'

/** Turns that follow one another without a gap, up to so long, */
const LONGEST_RUN_MS = 60
/** are followed by a gap in which another process may come first: at its tries it would hardly ever meet a shorter one. */
const GAP_MS = 4

/** Lets one at a time in, in the order of arrival. */
export interface Turns {
  /** Waits for its turn; the turn lasts until the function that comes back is called. */
  enter(): Promise<() => void>
  run<T>(work: () => Promise<T>): Promise<T>
}

export function createTurns(): Turns {
  let last: Promise<void> = Promise.resolve()
  /** When the present run of turns began, and when the latest of them ended. */
  let runBegan = 0
  let ended = Number.NEGATIVE_INFINITY

  async function leaveGap(): Promise<void> {
    const now = performance.now()
    if (now - ended < GAP_MS) {
      if (now - runBegan < LONGEST_RUN_MS) return
      await wait(GAP_MS)
    }
    runBegan = performance.now()
  }

  const enter = async (): Promise<() => void> => {
    const before = last
    let leave: () => void = () => {}
    last = new Promise((resolve) => {
      leave = resolve
    })
    await before
    await leaveGap()
    return () => {
      ended = performance.now()
      leave()
    }
  }
  return {
    enter,
    async run(work) {
      const leave = await enter()
      try {
        return await work()
      } finally {
        leave()
      }
    },
  }
}
