/** Whether the server can be reached, for everybody who shows it. */

export type Reach = 'UP' | 'OFFLINE' | 'UNREACHABLE'

export interface Connection {
  reach(): Reach
  /** Returns how to stop. */
  onChange(listener: () => void): () => void
  /** Events or an answer did not arrive. */
  lost(): void
  /** They do again. */
  regained(): void
  /** The browser says whether it has a network at all. */
  setOnline(online: boolean): void
  /** Ends when there is a reason to try again: the time is over, the network is back, or somebody asked for it. */
  wait(ms: number): Promise<void>
  /** Whatever waits tries again, and `onTry` is called. */
  tryNow(): void
  onTry(listener: () => void): () => void
}

/** A server that restarts, or a request that a tunnel swallowed, is not worth a word. */
const UNNOTICED_MS = 800

export function createConnection(online = true): Connection {
  const listeners = new Set<() => void>()
  const tryListeners = new Set<() => void>()
  const waiting = new Set<() => void>()
  let isOnline = online
  let isReached = true
  let timer: ReturnType<typeof setTimeout> | undefined

  const tell = () => {
    for (const listener of listeners) listener()
  }
  function tryNow() {
    for (const go of [...waiting, ...tryListeners]) go()
  }

  return {
    reach: () => (isOnline ? (isReached ? 'UP' : 'UNREACHABLE') : 'OFFLINE'),

    onChange(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },

    lost() {
      timer ??= setTimeout(() => {
        isReached = false
        tell()
      }, UNNOTICED_MS)
    },

    regained() {
      clearTimeout(timer)
      timer = undefined
      if (isReached) return
      isReached = true
      tell()
    },

    setOnline(now) {
      if (now === isOnline) return
      isOnline = now
      if (now) tryNow()
      tell()
    },

    wait: (ms) =>
      new Promise((resolve) => {
        const go = () => {
          clearTimeout(over)
          waiting.delete(go)
          resolve()
        }
        const over = setTimeout(go, ms)
        waiting.add(go)
      }),

    tryNow,

    onTry(listener) {
      tryListeners.add(listener)
      return () => void tryListeners.delete(listener)
    },
  }
}
