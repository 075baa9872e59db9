/** The access token of one integration: kept, renewed early, asked for once however many need it. */
import { ProviderError } from '../errors.ts'
import { type Deadline, shareWork, waitWithin } from '../http/index.ts'
import type { StoredTokens, TokenStore } from '../provider.ts'

export interface TokenSource {
  /** A token that is good for the next seconds at least. Rejects with `ProviderError`. */
  get(deadline: Deadline): Promise<string>
  /** The CRM refused this token: the next `get` answers another. */
  drop(token: string): void
}

export interface TokenSourceParts {
  /** Shared with other processes: who holds the lock asks for a new token, the others find it there. */
  store: TokenStore
  /** Milliseconds since 1970. */
  now: () => number
  signIn: () => Promise<StoredTokens>
}

/** A token is renewed this long before it ends, while calls go on with it. */
const renewBeforeMs = 5 * 60_000
/** And not used any more this long before it ends, so that it does not expire on the way. */
const sparesMs = 30_000

export function createTokenSource({ store, now, signIn }: TokenSourceParts): TokenSource {
  let current: StoredTokens | null = null
  let refused: string | null = null
  let pause: { until: number; error: ProviderError } | null = null

  /** The tokens themselves when they last at least this long and were not refused. */
  function lasting(tokens: StoredTokens | null, ms: number): StoredTokens | null {
    if (tokens === null || tokens.accessToken === refused) return null
    return (tokens.expiresAt ?? 0) - ms > now() ? tokens : null
  }

  /** Signs in, unless the service has asked for a pause that still lasts. Who forces a call keeps it too (ruling 15). */
  async function signInWhenAllowed(): Promise<StoredTokens> {
    if (pause !== null && pause.until > now()) {
      const { code, message } = pause.error
      throw new ProviderError(code, { message, retryAfter: Math.ceil((pause.until - now()) / 1_000) })
    }
    try {
      return await signIn()
    } catch (error) {
      if (error instanceof ProviderError && error.retryAfter !== undefined) {
        pause = { until: now() + error.retryAfter * 1_000, error }
      }
      throw error
    }
  }

  const renew = shareWork(async () => {
    const findStored = async () => lasting(await store.read(), renewBeforeMs)
    current =
      (await findStored()) ??
      (await store.withLock(async () => {
        const meanwhile = await findStored()
        if (meanwhile !== null) return meanwhile
        const fresh = await signInWhenAllowed()
        await store.replace(fresh)
        return fresh
      }))
    return current
  })

  return {
    async get(deadline) {
      const usable = lasting(current, sparesMs)
      if (usable === null) return (await waitWithin(renew(), deadline)).accessToken
      // In the background; when it fails, the calls that find no token left meet the error.
      if (lasting(usable, renewBeforeMs) === null) renew().catch(() => {})
      return usable.accessToken
    },
    drop(token) {
      refused = token
    },
  }
}
