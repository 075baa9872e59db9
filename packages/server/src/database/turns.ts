/** Lets one at a time in, in the order of arrival. */
export interface Turns {
  /** Waits for its turn; the turn lasts until the function that comes back is called. */
  enter(): Promise<() => void>
  run<T>(work: () => Promise<T>): Promise<T>
}

export function createTurns(): Turns {
  let last: Promise<void> = Promise.resolve()
  const enter = async (): Promise<() => void> => {
    const before = last
    let leave: () => void = () => {}
    last = new Promise((resolve) => {
      leave = resolve
    })
    await before
    return leave
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
