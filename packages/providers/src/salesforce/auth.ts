/** The session of one integration: which token goes where, and one renewal at a time over all processes. */
import { ProviderError } from '../errors.ts'
import { createSignInGate, type Deadline, shareWork, waitWithin } from '../http/index.ts'
import type { ProviderPorts, StoredTokens } from '../provider.ts'
import type { SalesforceConfig } from './config.ts'
import { renewTokens } from './oauth.ts'

export interface ApiSession {
  accessToken: string
  /** Origin of all API calls. */
  instanceUrl: string
}

export interface SalesforceAuth {
  /**
   * The session as it is. Salesforce names no end of a token: whether it still holds, a call must tell.
   * @throws ProviderError where its renewal was refused a moment ago, except to who forces it
   */
  session(force: boolean): Promise<ApiSession>
  /**
   * A session in the place of one that Salesforce refused with 401.
   * @throws ProviderError CRM_UNAUTHENTICATED where a person must connect again
   */
  renew(refused: ApiSession, deadline: Deadline): Promise<ApiSession>
  /** The access token that this process was issued last; `renew` may also answer one that another process keeps. */
  readonly lastIssued: string | null
  /** The address of the org as far as it is known without asking; null before the first call. */
  knownInstanceUrl(): string | null
}

type AuthPorts = Pick<ProviderPorts, 'http' | 'now' | 'tokens'>

function notConnected(): ProviderError {
  return new ProviderError('CRM_UNAUTHENTICATED', { message: 'Salesforce is not connected. Connect it first.' })
}

function sessionEnded(providerCode?: string): ProviderError {
  return new ProviderError('CRM_UNAUTHENTICATED', {
    message: 'The Salesforce session has ended and could not be renewed. Connect Salesforce again.',
    ...(providerCode === undefined ? {} : { providerCode }),
  })
}

export function createAuth(config: SalesforceConfig, ports: AuthPorts): SalesforceAuth {
  let current: StoredTokens | null = null
  // A refresh token that Salesforce has called void is not tried again.
  let voidRefreshToken: string | null = null
  /** The access token that could not be renewed. */
  let lost: string | null = null
  let lastIssued: string | null = null
  const gate = createSignInGate(ports.now)

  function toSession(tokens: StoredTokens | null): ApiSession {
    if (tokens === null || tokens.instanceUrl === null) throw notConnected()
    return { accessToken: tokens.accessToken, instanceUrl: tokens.instanceUrl }
  }

  async function renewLocked(refused: string, force: boolean): Promise<StoredTokens> {
    const stored = await ports.tokens.read()
    if (stored === null) throw notConnected()
    // Another process was here first.
    if (stored.accessToken !== refused) return stored
    const { refreshToken } = stored
    if (refreshToken === null || refreshToken === voidRefreshToken) throw sessionEnded()
    try {
      const renewed = await gate.pass(force, () => renewTokens(config, ports, { ...stored, refreshToken }))
      lastIssued = renewed.accessToken
      await ports.tokens.replace(renewed)
      return renewed
    } catch (error) {
      if (!(error instanceof ProviderError) || error.providerCode !== 'invalid_grant') throw error
      if (error.code !== 'CRM_UNAUTHENTICATED') throw error
      // Somebody may have connected anew, where asking took longer than our lock is held.
      const latest = await ports.tokens.read()
      if (latest !== null && latest.accessToken !== refused) return latest
      voidRefreshToken = refreshToken
      throw sessionEnded('invalid_grant')
    }
  }

  // Never aborted with a caller: a rotated refresh token that nobody kept would end the connection.
  const renew = shareWork(async (refused: string, force: boolean) => {
    try {
      current = await ports.tokens.withLock(() => renewLocked(refused, force))
      return current
    } catch (error) {
      lost = refused
      throw error
    }
  })

  return {
    async session(force) {
      // Somebody may have connected anew in the place of what was lost.
      if (current === null || current.accessToken === lost) current = await ports.tokens.read()
      if (current !== null && current.accessToken === lost) gate.check(force)
      return toSession(current)
    },

    async renew(refused, deadline) {
      if (current !== null && current.accessToken !== refused.accessToken) return toSession(current)
      return toSession(await waitWithin(renew(refused.accessToken, deadline.force), deadline))
    },

    get lastIssued() {
      return lastIssued
    },

    knownInstanceUrl: () => current?.instanceUrl ?? null,
  }
}
