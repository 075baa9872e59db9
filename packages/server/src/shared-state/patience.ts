/** Time-outs that tell others' slowness from one's own. */

const TURNS = 5

/**
 * Whether it settles within so many milliseconds. They are waited for in several turns, so that a time in which this process
 * was busy itself takes away one of them: in the others, what was asked is sent and its answer read.
 */
export function settlesWithin(answer: Promise<unknown>, ms: number): Promise<boolean> {
  return new Promise((resolve) => {
    let timer: NodeJS.Timeout | undefined
    const wait = (turns: number) => {
      // What has arrived meanwhile goes first.
      timer = setTimeout(() => (turns > 1 ? wait(turns - 1) : setImmediate(() => resolve(false))), ms / TURNS)
    }
    const settled = () => {
      clearTimeout(timer)
      resolve(true)
    }
    wait(TURNS)
    answer.then(settled, settled)
  })
}
