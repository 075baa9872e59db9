import { builder } from '../builder.ts'
import type { ErrorCode } from './errors.ts'

/** What each code tells a caller, who reads it in the schema. */
const descriptions: Record<ErrorCode, string> = {
  VALIDATION: 'The input is wrong: `fields` says where.',
  NOT_CONNECTED: 'No CRM that could answer is connected: connect one.',
  NOT_ALLOWED: 'A setting or a role forbids it.',
  CHAT_NOT_ENDED: 'The chat is still running: ask with `afterEnd: true`.',
  IDEMPOTENCY_CONFLICT: 'The idempotency key was used before with another input: take a new one.',
  LIMIT_EXCEEDED: 'More was asked than one call may ask for, or too often.',
  INTERNAL: 'We failed by a fault of our own, which is logged.',
  CRM_CREDENTIALS_INVALID: 'Client ID, secret, password or certificate was refused: correct it.',
  CRM_CONSENT_REQUIRED: 'An admin of the CRM must consent to our app first.',
  CRM_UNAUTHENTICATED: 'The session ended and could not be renewed: reconnect the integration.',
  CRM_FORBIDDEN: 'The user that we act as lacks a permission in the CRM: grant it there.',
  CRM_USER_NOT_PERMITTED: 'The user that we act as is not in the org, is disabled, or may not use the app.',
  CRM_APP_NOT_APPROVED: 'The org allows only listed apps: an admin of the CRM must put ours on the list.',
  CRM_API_DISABLED: "The org's edition or the user's profile has no API access.",
  CRM_OTHER_ORG: 'The credentials lead to another org than the one that this integration is bound to.',
  CRM_UNREACHABLE: 'The CRM cannot be reached at its address. Nothing was sent.',
  CRM_TIMEOUT: 'The CRM did not answer in time. A write may have happened: repeat it with the same idempotency key.',
  CRM_UNAVAILABLE: 'The CRM has a fault that is likely to pass: try again later.',
  CRM_RATE_LIMITED: 'The CRM throttles us for a moment: wait `retryAfter` seconds.',
  CRM_QUOTA_EXHAUSTED: "The org's budget of API calls is used up.",
  CRM_REJECTED: 'The CRM understood and said no: a field, a rule or a plug-in.',
  CRM_NOT_CLOSABLE: 'This kind of activity has no state that could be closed.',
  CRM_RECORD_GONE: 'The record is deleted, merged or converted.',
  CRM_OUTCOME_UNKNOWN: 'A write was sent, its answer was lost, and nothing tells whether it happened: look in the CRM.',
  DUPLICATE: "The CRM's duplicate rules found others: use one of them, or insist.",
  CONFLICT: 'Somebody else changed it meanwhile: read it again.',
  NOT_FOUND: 'There is nothing with this ID or name that the caller may see.',
}

const values = Object.fromEntries(
  Object.entries(descriptions).map(([code, description]) => [code, { description }]),
) as Record<ErrorCode, { description: string }>

export const ErrorCodeEnum = builder.enumType('ErrorCode', {
  description: 'Every cause of a failure that a caller can act on. Those that begin with CRM_ come from a CRM.',
  values,
})
