/** The access token of one integration: kept, renewed early, asked for once however many need it. */
import { createSignInGate, type Deadline, shareWork, waitWithin } from '../http/index.ts'
import type { StoredTokens, TokenStore } from '../provider.ts'

export interface TokenSource {
  /** A token that is good for the next seconds at least. Rejects with `ProviderError`. */
  get(deadline: Deadline): Promise<string>
  /** The CRM refused this token: the next `get` answers another. */
  drop(token: string): void
  /** The token that this process was issued last; what `get` answers may also be one that another process keeps. */
  readonly lastIssued: string | null
}

export interface TokenSourceParts {
  /** Shared with other processes: who holds the lock asks for a new token, the others find it there. */
  store: TokenStore
  /** Milliseconds since 1970. */
  now: () => number
  /** Gets new tokens, for which the old ones may be needed. Runs under the lock of the store. */
  signIn: (before: StoredTokens | null) => Promise<StoredTokens>
  /** How long a refusal is believed before the same credentials are tried again; a few seconds where nothing is said. */
  refusedForMs?: number | undefined
}

/** A token is renewed this long before it ends, while calls go on with it. */
const renewBeforeMs = 5 * 60_000
/** And not used any more this long before it ends, so that it does not expire on the way. */
const sparesMs = 30_000
/** Tokens may live for less than what they are renewed ahead; calls must not sign in one after the other then. */
const renewEveryMs = 60_000

export function createTokenSource({ store, now, signIn, refusedForMs }: TokenSourceParts): TokenSource {
  let current: StoredTokens | null = null
  let renewedAt = Number.NEGATIVE_INFINITY
  let refused: string | null = null
  let lastIssued: string | null = null
  const gate = createSignInGate(now, refusedForMs)

  /** The tokens themselves when they last at least this long and were not refused. */
  function lasting(tokens: StoredTokens | null, ms: number): StoredTokens | null {
    if (tokens === null || tokens.accessToken === refused) return null
    return (tokens.expiresAt ?? 0) - ms > now() ? tokens : null
  }

  const renew = shareWork(async (force: boolean) => {
    current =
      lasting(await store.read(), renewBeforeMs) ??
      (await store.withLock(async () => {
        const stored = await store.read()
        const meanwhile = lasting(stored, renewBeforeMs)
        if (meanwhile !== null) return meanwhile
        const fresh = await gate.pass(force, () => signIn(stored))
        lastIssued = fresh.accessToken
        await store.replace(fresh)
        return fresh
      }))
    renewedAt = now()
    return current
  })

  return {
    async get(deadline) {
      const usable = lasting(current, sparesMs)
      if (usable === null) return (await waitWithin(renew(deadline.force), deadline)).accessToken
      // In the background; when it fails, the calls that find no token left meet the error.
      const isDue = lasting(usable, renewBeforeMs) === null && renewedAt + renewEveryMs <= now()
      if (isDue) renew(false).catch(() => {})
      return usable.accessToken
    },
    drop(token) {
      // The answer to an older one may come late, when its successor has been refused already.
      if (token === current?.accessToken) refused = token
    },
    get lastIssued() {
      return lastIssued
    },
  }
}
