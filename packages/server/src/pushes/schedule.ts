/** What follows from a failed attempt, and when. Pure. */
import type { ProviderError, ProviderErrorCode } from '@backchannel/providers'
import { integrationFaults } from '../integrations/health.ts'
import type { ErrorCode } from '../shared/errors.ts'

const MINUTE = 60
const LONGEST_BACK_OFF = 15 * MINUTE
/** A CRM that asks for more is asked again after this long all the same. */
const LONGEST_RETRY_AFTER = 60 * MINUTE
/** How long a CRM is left alone that throttles without saying until when. */
const UNNAMED_RETRY_AFTER = 5
/**
 * Attempts that failed by the CRM itself, in a row, before it is left alone. Of calls five are enough (reliability.md F8):
 * the lane of an integration counts those, and an attempt that it refuses says so. Most of an attempt's calls may have been
 * answered, so that of attempts it takes more, or a CRM that fails one call in five would be left alone most of the time.
 */
const FAILURES_TO_PAUSE = 10

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

/** What a failure says of the CRM as a whole. */
export type Sign =
  /** It works: what failed was this push's. */
  | 'ANSWERED'
  /** It asks for a pause. */
  | 'THROTTLED'
  /** The budget of calls of the day is used up. */
  | 'SPENT'
  /** It gives no usable answer. */
  | 'DOWN'
  /** An admin must put the integration right. */
  | 'LOCKED'
  | 'UNCLEAR'

const signs: Partial<Record<ProviderErrorCode, Sign>> = {
  CRM_RATE_LIMITED: 'THROTTLED',
  CRM_QUOTA_EXHAUSTED: 'SPENT',
  CRM_UNREACHABLE: 'DOWN',
  CRM_TIMEOUT: 'DOWN',
  CRM_UNAVAILABLE: 'DOWN',
  CRM_OUTCOME_UNKNOWN: 'UNCLEAR',
}

export function signOf(code: ProviderErrorCode): Sign {
  return waitsForAdmin(code) ? 'LOCKED' : (signs[code] ?? 'ANSWERED')
}

/** How long a CRM is left alone, in seconds; then one push tries, and what becomes of it decides for all others. */
function probeSeconds(sign: Sign): number {
  switch (sign) {
    case 'SPENT':
      // Nothing tells when the budget is there again: it counts the last 24 hours (reliability.md 3.3).
      return 15 * MINUTE
    case 'LOCKED':
      return 5 * MINUTE
    default:
      return 30
  }
}

/** How long the one push that tries has, in seconds, until another one may. */
export function probeTime(pauseCode: string): number {
  return probeSeconds(signOf(pauseCode as ProviderErrorCode))
}

/** No push of an integration is delivered for so long. */
export interface Pause {
  readonly seconds: number
  /** CRM_RATE_LIMITED: the CRM itself asked for it, and nobody's wish breaks it (ruling 15). */
  readonly code: ProviderErrorCode
}

/**
 * @param failuresInARow of the CRM itself, this one included
 * @param isProbe it was tried although, or because, the CRM is left alone
 */
export function pauseAfter(
  { code, retryAfter, status }: Pick<ProviderError, 'code' | 'retryAfter' | 'status'>,
  { failuresInARow, isProbe }: { failuresInARow: number; isProbe: boolean },
): Pause | null {
  const named = retryAfter === undefined ? null : Math.min(LONGEST_RETRY_AFTER, Math.max(1, retryAfter))
  const sign = signOf(code)
  switch (sign) {
    case 'ANSWERED':
    case 'UNCLEAR':
      return null
    case 'THROTTLED':
      return { seconds: named ?? UNNAMED_RETRY_AFTER, code }
    case 'DOWN': {
      if (named !== null) return { seconds: named, code: status === undefined ? code : 'CRM_RATE_LIMITED' }
      return isProbe || failuresInARow >= FAILURES_TO_PAUSE ? { seconds: probeSeconds(sign), code } : null
    }
    case 'SPENT':
    case 'LOCKED':
      return { seconds: probeSeconds(sign), code }
  }
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
  const ceiling = Math.min(LONGEST_BACK_OFF, 2 ** Math.min(input.attempts, 20))
  const floor = Math.min(LONGEST_RETRY_AFTER, Math.max(0, input.retryAfter ?? 0))
  // Behind a floor the tries of many pushes are spread too, or all of them would return at the same moment.
  const seconds = floor > 0 ? floor + input.random * Math.min(ceiling, 10) : Math.max(1, input.random * ceiling)
  return new Date(input.now + seconds * 1_000)
}

/** Whether a push that keeps failing is left to a person. */
export function isParked({
  failingSince,
  now,
  parkAfterMs,
}: {
  failingSince: Date
  now: number
  parkAfterMs: number
}): boolean {
  return now - failingSince.getTime() >= parkAfterMs
}

/**
 * Whether only an admin can help, by putting the integration right. The time until then counts as no time of failing: the
 * push goes on by itself when that has happened, however late (reliability.md 3.4).
 */
export function waitsForAdmin(code: ErrorCode): boolean {
  return integrationFaults.some((it) => it === code)
}
