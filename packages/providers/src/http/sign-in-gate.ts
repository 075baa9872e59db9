/** Keeps one integration from asking a sign-in service that wants to be left alone, or that has just said no. */
import { ProviderError, type ProviderErrorCode } from '../errors.ts'

export interface SignInGate {
  /** @throws ProviderError what the service said last, while it must not be asked again */
  check(force: boolean): void
  /**
   * Signs in where that may be, and remembers what is said to it. Who forces it passes a refusal, for a person may have
   * put right what was wrong, but not a `Retry-After` (ruling 15).
   */
  pass<T>(force: boolean, signIn: () => Promise<T>): Promise<T>
}

/** What the same credentials are told again, until somebody changes something. */
const refusals: ReadonlySet<ProviderErrorCode> = new Set<ProviderErrorCode>([
  'CRM_CREDENTIALS_INVALID',
  'CRM_CONSENT_REQUIRED',
  'CRM_UNAUTHENTICATED',
  'CRM_USER_NOT_PERMITTED',
  'CRM_APP_NOT_APPROVED',
  'CRM_RATE_LIMITED',
])
const fewSeconds = 5_000

/**
 * @param now milliseconds since 1970
 * @param refusedForMs how long a refusal is believed
 */
export function createSignInGate(now: () => number, refusedForMs: number = fewSeconds): SignInGate {
  let said: { error: ProviderError; until: number } | null = null

  function remember(error: ProviderError): void {
    if (error.retryAfter !== undefined) said = { error, until: now() + error.retryAfter * 1_000 }
    else if (refusals.has(error.code)) said = { error, until: now() + refusedForMs }
  }

  function check(force: boolean): void {
    if (said === null || said.until <= now()) return
    const { code, message, retryAfter } = said.error
    if (retryAfter !== undefined) {
      throw new ProviderError(code, { message, retryAfter: Math.ceil((said.until - now()) / 1_000) })
    }
    if (!force) throw said.error
  }

  return {
    check,
    async pass(force, signIn) {
      check(force)
      try {
        const tokens = await signIn()
        said = null
        return tokens
      } catch (error) {
        if (error instanceof ProviderError) remember(error)
        throw error
      }
    },
  }
}
