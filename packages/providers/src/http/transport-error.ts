import { ProviderError, type ProviderErrorCode } from '../errors.ts'
import type { HttpFailure } from './client.ts'

const codes: Record<HttpFailure['kind'], ProviderErrorCode> = {
  BLOCKED: 'CRM_UNREACHABLE',
  UNREACHABLE: 'CRM_UNREACHABLE',
  RESET: 'CRM_UNAVAILABLE',
  UNUSABLE: 'CRM_UNAVAILABLE',
  TIMEOUT: 'CRM_TIMEOUT',
  // Nobody waits for the answer any more; what remains to be told is that there was none.
  ABORTED: 'CRM_TIMEOUT',
}

/** The neutral error for a call that got no answer. Only a write that may have been received has an unknown outcome. */
export function toTransportError(failure: HttpFailure, effect: 'READ' | 'WRITE'): ProviderError {
  return new ProviderError(codes[failure.kind], {
    message: failure.message,
    outcome: effect === 'WRITE' && failure.sent ? 'UNKNOWN' : 'NOT_APPLIED',
    cause: failure,
  })
}
