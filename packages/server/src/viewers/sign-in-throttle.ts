const WINDOW_MS = 15 * 60_000
/** Wrong passwords that one network, or one known device, may try at an account within the window. */
const WRONG_TRIES = 10
/** Wrong passwords of all unknown devices together, from which on they are heard slowly. */
const WRONG_TRIES_IN_ALL = 30
const SLOW_MS = 30_000
const NAMES_WATCHED = 20_000

/** Somebody who says to be the owner of an account. */
export interface Guess {
  readonly account: string
  /** A network, a device or a session. */
  readonly from: string
  /** Whether it has proven before that it belongs to the account: a device that signed in, or an open session. */
  readonly known: boolean
}

/**
 * Slows guessing down without letting anybody lock anybody else out. Ten wrong passwords in 15 minutes close an account for
 * the network that they come from, and for no other. Thirty, wherever they come from, slow it down for unknown devices: one
 * try in 30 seconds. A device that has signed in before never waits for what others do.
 */
export interface SignInThrottle {
  /** Seconds until another try is heard; 0: now. */
  wait(guess: Guess): number
  failed(guess: Guess): void
  succeeded(guess: Guess): void
}

export function createSignInThrottle(now: () => number): SignInThrottle {
  const failures = new Map<string, number[]>()
  const recent = (name: string) => (failures.get(name) ?? []).filter((at) => at > now() - WINDOW_MS)

  function note(name: string): void {
    const tries = [...recent(name).slice(1 - WRONG_TRIES_IN_ALL), now()]
    failures.delete(name)
    failures.set(name, tries)
    if (failures.size <= NAMES_WATCHED) return
    const [longestAgo] = failures.keys()
    if (longestAgo !== undefined) failures.delete(longestAgo)
  }

  return {
    wait(guess) {
      const own = recent(ownName(guess))
      const ownEnd = own.length < WRONG_TRIES ? 0 : (own.at(-WRONG_TRIES) ?? 0) + WINDOW_MS
      const all = guess.known ? [] : recent(sharedName(guess))
      const slowEnd = all.length < WRONG_TRIES_IN_ALL ? 0 : (all.at(-1) ?? 0) + SLOW_MS
      return Math.max(0, Math.ceil((Math.max(ownEnd, slowEnd) - now()) / 1000))
    },
    failed(guess) {
      note(ownName(guess))
      if (!guess.known) note(sharedName(guess))
    },
    succeeded(guess) {
      failures.delete(ownName(guess))
    },
  }
}

function sharedName({ account }: Guess): string {
  return account.trim().toLowerCase()
}

function ownName(guess: Guess): string {
  return `${sharedName(guess)}\n${guess.known ? 'known' : 'network'}\n${guess.from}`
}
