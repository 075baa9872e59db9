import type { StoredTokens, TokenStore } from '../provider.ts'

/** A token store in memory, with a lock that holds for everybody who has this store. */
export function createMemoryTokenStore(initial: StoredTokens | null = null): TokenStore {
  let tokens = initial
  let last: Promise<unknown> = Promise.resolve()
  return {
    read: () => Promise.resolve(tokens),
    replace(next) {
      tokens = next
      return Promise.resolve()
    },
    withLock(work) {
      const turn = last.then(work)
      last = turn.catch(() => {})
      return turn
    },
  }
}
