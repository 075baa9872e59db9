/** What is read for those who watch: soon, or not at all. Prometheus waits for 10 s, and a load balancer for less. */

import { OutageError } from '../shared/errors.ts'

class NoAnswerError extends OutageError {
  override readonly name = 'NoAnswerError'
}

/** How long whoever asks waits. */
const PATIENCE_MS = 3_000
/** Since when a reading counts as lost, with its connection: another one is begun beside it. */
const LOST_MS = 30_000

/**
 * The same reading, that everybody who asks while it goes on has a part in, however long it hangs: no two of it are waited
 * for at once. It rejects where nothing came within 3 s.
 */
export function inTime<T>(read: () => Promise<T>): () => Promise<T> {
  let underWay: Promise<T> | null = null

  function begin(): Promise<T> {
    const over = lateness()
    const reading = read()
    const answer = Promise.race([reading, over.promise])
    const forget = () => {
      clearTimeout(lost)
      over.forget()
      if (underWay === answer) underWay = null
    }
    const lost = setTimeout(forget, LOST_MS).unref()
    reading.then(forget, forget)
    return answer
  }

  return () => {
    underWay ??= begin()
    return underWay
  }
}

function lateness(): { promise: Promise<never>; forget: () => void } {
  let timer: NodeJS.Timeout | undefined
  const promise = new Promise<never>((_resolve, reject) => {
    timer = setTimeout(() => reject(new NoAnswerError(`No answer came within ${PATIENCE_MS / 1_000} s`)), PATIENCE_MS)
  })
  return { promise, forget: () => clearTimeout(timer) }
}
