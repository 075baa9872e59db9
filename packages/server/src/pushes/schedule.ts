/** What follows from a failed attempt, and when. Pure. */
import type { ProviderErrorCode } from '@backchannel/providers'

const LONGEST_PAUSE_SECONDS = 15 * 60
/** A CRM that asks for more is asked again after this long all the same. */
const LONGEST_RETRY_AFTER_SECONDS = 60 * 60

/** RETRY heals by itself, or once an admin has put the integration right; FAIL needs a person to look at this push. */
const consequences = {
  CRM_CREDENTIALS_INVALID: 'RETRY',
  CRM_CONSENT_REQUIRED: 'RETRY',
  CRM_UNAUTHENTICATED: 'RETRY',
  CRM_USER_NOT_PERMITTED: 'RETRY',
  CRM_APP_NOT_APPROVED: 'RETRY',
  CRM_API_DISABLED: 'RETRY',
  CRM_OTHER_ORG: 'RETRY',
  CRM_UNREACHABLE: 'RETRY',
  CRM_TIMEOUT: 'RETRY',
  CRM_UNAVAILABLE: 'RETRY',
  CRM_RATE_LIMITED: 'RETRY',
  CRM_QUOTA_EXHAUSTED: 'RETRY',
  CRM_OUTCOME_UNKNOWN: 'RETRY',
  CONFLICT: 'RETRY',
  CRM_FORBIDDEN: 'FAIL',
  CRM_REJECTED: 'FAIL',
  CRM_NOT_CLOSABLE: 'FAIL',
  CRM_RECORD_GONE: 'FAIL',
  DUPLICATE: 'FAIL',
  NOT_FOUND: 'FAIL',
} as const satisfies Record<ProviderErrorCode, 'RETRY' | 'FAIL'>

export function consequenceOf(code: ProviderErrorCode): 'RETRY' | 'FAIL' {
  return consequences[code]
}

/**
 * When to try again: full jitter between 1 second and a ceiling that doubles up to 15 minutes; what the CRM asked for is
 * the floor.
 *
 * @param attempts how many there were, from 1
 * @param now milliseconds since 1970
 * @param random between 0 and 1
 */
export function retryAt(input: { attempts: number; retryAfter: number | null; now: number; random: number }): Date {
  const ceiling = Math.min(LONGEST_PAUSE_SECONDS, 2 ** Math.min(input.attempts, 20))
  const floor = Math.min(LONGEST_RETRY_AFTER_SECONDS, Math.max(0, input.retryAfter ?? 0))
  // Behind a floor the tries of many pushes are spread too, or all of them would return at the same moment.
  const seconds = floor > 0 ? floor + input.random * Math.min(ceiling, 10) : Math.max(1, input.random * ceiling)
  return new Date(input.now + seconds * 1_000)
}
