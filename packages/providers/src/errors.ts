/**
 * What can go wrong between us and a CRM, in words that are the same for every vendor.
 *
 * A vendor folder turns its own codes into one of these at one edge (its `errors.ts`), by table. Callers switch over
 * `code` and never read a vendor's text.
 */

/** The closed set of codes. The names are those of the GraphQL enum `ErrorCode`, without the ones that no CRM causes. */
export const providerErrorCodes = [
  /** Client id, secret, password or certificate refused. A person must correct them. */
  'CRM_CREDENTIALS_INVALID',
  /** An admin of the CRM must consent to our app first. */
  'CRM_CONSENT_REQUIRED',
  /** The session ended and could not be renewed: the integration must be reconnected. */
  'CRM_UNAUTHENTICATED',
  /** We are known, but not allowed to do this (privilege, field or object permission). */
  'CRM_FORBIDDEN',
  /** The user that we act as is not in the org, is disabled, or is not permitted to use the app. */
  'CRM_USER_NOT_PERMITTED',
  /** The org allows only listed apps, and ours is not on the list. */
  'CRM_APP_NOT_APPROVED',
  /** The org's edition or the user's profile has no API access. */
  'CRM_API_DISABLED',
  /** The credentials lead to another org than the one that this integration is bound to. */
  'CRM_OTHER_ORG',
  /** Name not found, connection refused, TLS failed, or the host is not allowed. Nothing was sent. */
  'CRM_UNREACHABLE',
  /** No whole answer within the budget. Whether a write happened is not known, unless `outcome` says so. */
  'CRM_TIMEOUT',
  /** 5xx, HTML from a proxy, a broken connection. Likely to pass. */
  'CRM_UNAVAILABLE',
  /** Throttled for a moment: wait `retryAfter` seconds. */
  'CRM_RATE_LIMITED',
  /** The daily budget of API calls is used up. */
  'CRM_QUOTA_EXHAUSTED',
  /** The CRM understood and said no: a field, a rule, a plug-in. `fields` names what it named. */
  'CRM_REJECTED',
  /** This kind of activity has no state that could be closed. */
  'CRM_NOT_CLOSABLE',
  /** The record is deleted, merged or converted. */
  'CRM_RECORD_GONE',
  /** A write was sent, its answer was lost, and the CRM holds no key that would tell. */
  'CRM_OUTCOME_UNKNOWN',
  /** The CRM's own duplicate rules found candidates: `duplicates` names them. */
  'DUPLICATE',
  /** Somebody else changed the row since we read it (etag or timestamp did not match). */
  'CONFLICT',
  /** There is no such record, entity type or field. */
  'NOT_FOUND',
] as const

export type ProviderErrorCode = (typeof providerErrorCodes)[number]

/**
 * What is known about a write whose call failed. `NOT_APPLIED`: surely nothing happened (refused before it was sent,
 * 4xx, throttled). `UNKNOWN`: it may have happened (time-out, reset, 5xx).
 */
export type WriteOutcome = 'NOT_APPLIED' | 'UNKNOWN'

/** One field that the CRM named in its refusal, by the CRM's own field name. */
export interface ProviderFieldError {
  name: string
  message: string
}

/** A candidate that the CRM's duplicate rules found. */
export interface DuplicateCandidate {
  entityName: string
  remoteId: string
  name: string | null
}

export interface ProviderErrorOptions {
  /** A sentence for a person, without secrets. What an admin of the CRM wrote into a rule or plug-in comes as it is. */
  message: string
  /** What to do about it, where the words of `message` are given and leave no room to say so. */
  advice?: string
  /** The vendor's own code, as it wrote it: `0x80040217`, `INVALID_FIELD`, `AADSTS7000215`. */
  providerCode?: string
  /** Seconds to wait, where the CRM said so. */
  retryAfter?: number
  /** HTTP status of the answer, if there was one. */
  status?: number
  outcome?: WriteOutcome
  fields?: ProviderFieldError[]
  duplicates?: DuplicateCandidate[]
  /** For DUPLICATE: whether the CRM would save it all the same when asked to (an alert rule, not a block rule). */
  canInsist?: boolean
  /** The CRM does not have what we named (an entity type, a field, an option): what we know of its metadata may be old. */
  metadataDoubtful?: boolean
  cause?: unknown
}

/** The only error class that leaves this package. */
export class ProviderError extends Error {
  override readonly name = 'ProviderError'
  readonly code: ProviderErrorCode
  readonly advice: string | undefined
  readonly providerCode: string | undefined
  readonly retryAfter: number | undefined
  readonly status: number | undefined
  readonly outcome: WriteOutcome
  readonly fields: readonly ProviderFieldError[]
  readonly duplicates: readonly DuplicateCandidate[]
  readonly canInsist: boolean
  readonly metadataDoubtful: boolean

  constructor(code: ProviderErrorCode, options: ProviderErrorOptions) {
    super(options.message, options.cause === undefined ? undefined : { cause: options.cause })
    this.code = code
    this.advice = options.advice
    this.providerCode = options.providerCode
    this.retryAfter = options.retryAfter
    this.status = options.status
    this.outcome = options.outcome ?? 'NOT_APPLIED'
    this.fields = options.fields ?? []
    this.duplicates = options.duplicates ?? []
    this.canInsist = options.canInsist ?? false
    this.metadataDoubtful = options.metadataDoubtful ?? false
  }
}

/**
 * What an operation still does after a write that went through. Where that fails, the write is not denied: the error says
 * that the outcome is unknown.
 */
export async function afterWrite<T>(work: () => T | Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (!(error instanceof ProviderError) || error.outcome === 'UNKNOWN') throw error
    const { code, message, advice, providerCode, retryAfter, status } = error
    throw new ProviderError(code, {
      message,
      outcome: 'UNKNOWN',
      cause: error,
      ...(advice === undefined ? {} : { advice }),
      ...(providerCode === undefined ? {} : { providerCode }),
      ...(retryAfter === undefined ? {} : { retryAfter }),
      ...(status === undefined ? {} : { status }),
    })
  }
}
