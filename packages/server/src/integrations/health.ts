/** What a failure says of an integration as a whole. Pure. */
import type { ProviderError, ProviderErrorCode } from '@backchannel/providers'
import type { IntegrationProblem } from './snapshot.ts'

/** Those that end when an admin puts the integration right, whatever is tried meanwhile. */
export const integrationFaults: readonly ProviderErrorCode[] = [
  'CRM_CREDENTIALS_INVALID',
  'CRM_CONSENT_REQUIRED',
  'CRM_UNAUTHENTICATED',
  'CRM_USER_NOT_PERMITTED',
  'CRM_APP_NOT_APPROVED',
  'CRM_API_DISABLED',
  'CRM_OTHER_ORG',
]

/** As it is shown with the integration: what happened, and what to do where the words of the failure leave that out. */
export function problemsOf({ code, message, advice }: ProviderError, now: number): IntegrationProblem[] {
  const since = new Date(now).toISOString()
  const words = advice === undefined ? [message] : [message, advice]
  return words.map((text) => ({ code, message: text, since }))
}
