import type { SharedState } from '../shared-state/shared-state.ts'

const WINDOW_MS = 15 * 60_000
/** Wrong passwords that one network, or one known device, may try at an account within the window. */
const WRONG_TRIES = 10
/** Wrong passwords of all unknown devices together, from which on they are heard slowly. */
const WRONG_TRIES_IN_ALL = 30
const SLOW_MS = 30_000

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
  wait(guess: Guess): Promise<number>
  failed(guess: Guess): Promise<void>
  succeeded(guess: Guess): Promise<void>
}

/** @param shared where wrong passwords are remembered, of all instances together */
export function createSignInThrottle(now: () => number, shared: Pick<SharedState, 'moments'>): SignInThrottle {
  const failures = shared.moments('wrong-passwords', { most: WRONG_TRIES_IN_ALL, forMs: WINDOW_MS })
  const recent = async (name: string) => (await failures.list(name)).filter((at) => at > now() - WINDOW_MS)

  return {
    async wait(guess) {
      const [own, all] = await Promise.all([recent(ownName(guess)), guess.known ? [] : recent(sharedName(guess))])
      const ownEnd = own.length < WRONG_TRIES ? 0 : (own.at(-WRONG_TRIES) ?? 0) + WINDOW_MS
      const slowEnd = all.length < WRONG_TRIES_IN_ALL ? 0 : (all.at(-1) ?? 0) + SLOW_MS
      return Math.max(0, Math.ceil((Math.max(ownEnd, slowEnd) - now()) / 1000))
    },
    async failed(guess) {
      const names = guess.known ? [ownName(guess)] : [ownName(guess), sharedName(guess)]
      await Promise.all(names.map((name) => failures.add(name, now())))
    },
    succeeded: (guess) => failures.forget(ownName(guess)),
  }
}

function sharedName({ account }: Guess): string {
  return account.trim().toLowerCase()
}

function ownName(guess: Guess): string {
  return `${sharedName(guess)}\n${guess.known ? 'known' : 'network'}\n${guess.from}`
}
