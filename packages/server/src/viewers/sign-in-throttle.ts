const WINDOW_MS = 15 * 60_000
const WRONG_TRIES = 10
const ACCOUNTS_WATCHED = 10_000

/** Slows guessing down: an account takes ten wrong passwords in 15 minutes, wherever they come from. */
export interface SignInThrottle {
  /** Seconds until another try is heard; 0: now. */
  wait(account: string): number
  failed(account: string): void
  succeeded(account: string): void
}

export function createSignInThrottle(now: () => number): SignInThrottle {
  const failures = new Map<string, number[]>()
  const nameOf = (account: string) => account.trim().toLowerCase()
  const recent = (name: string) => (failures.get(name) ?? []).filter((at) => at > now() - WINDOW_MS)

  return {
    wait(account) {
      const tries = recent(nameOf(account))
      const [oldest] = tries
      if (oldest === undefined || tries.length < WRONG_TRIES) return 0
      return Math.ceil((oldest + WINDOW_MS - now()) / 1000)
    },
    failed(account) {
      const name = nameOf(account)
      const tries = [...recent(name), now()]
      failures.delete(name)
      failures.set(name, tries)
      if (failures.size > ACCOUNTS_WATCHED) {
        const [longestAgo] = failures.keys()
        if (longestAgo !== undefined) failures.delete(longestAgo)
      }
    },
    succeeded(account) {
      failures.delete(nameOf(account))
    },
  }
}
