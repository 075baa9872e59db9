/** How long an answer is waited for. */
import { overLimit } from './refusal.ts'

export interface Deadline {
  /** Ends when the client leaves, and when the time is over: what is done for the answer ends with it. */
  readonly signal: AbortSignal
  /**
   * What `work` answers, if that comes in time.
   *
   * @throws Refusal when it does not
   */
  keep<T>(work: Promise<T>): Promise<T>
}

/** @param leaving ends when the client goes away */
export function createDeadline(leaving: AbortSignal, seconds: number): Deadline {
  const ending = new AbortController()
  const leave = () => ending.abort(leaving.reason)
  if (leaving.aborted) leave()
  leaving.addEventListener('abort', leave)

  return {
    signal: ending.signal,
    async keep(work) {
      let timer: NodeJS.Timeout | undefined
      const over = new Promise<never>((_resolve, reject) => {
        timer = setTimeout(() => {
          const hit = { name: 'operationSeconds', most: seconds, found: seconds } as const
          const message = `It took longer than ${seconds} s. Ask for less at a time; of a change, look first whether it was made.`
          reject(overLimit(503, hit, message))
          ending.abort()
        }, seconds * 1_000)
      })
      try {
        return await Promise.race([work, over])
      } finally {
        clearTimeout(timer)
        leaving.removeEventListener('abort', leave)
      }
    },
  }
}
