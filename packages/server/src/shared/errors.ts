/**
 * Failures that a caller can act on. Services throw them; `shared/schema.ts` gives each a GraphQL type, and a field's
 * result union names those that it can meet. Whatever else is thrown is masked.
 */
import type { ProviderErrorCode, ProviderKey } from '@backchannel/providers'

export type ErrorCode =
  | 'VALIDATION'
  | 'NOT_CONNECTED'
  | 'NOT_ALLOWED'
  | 'CHAT_NOT_ENDED'
  | 'IDEMPOTENCY_CONFLICT'
  | 'LIMIT_EXCEEDED'
  | 'INTERNAL'
  | ProviderErrorCode

/** What all of them share. `message` is a sentence for a person. */
export abstract class ActionableError extends Error {
  abstract readonly code: ErrorCode
}

/** Something that this process stands on is away: no fault of ours, and it passes. No caller can act on it but by waiting. */
export abstract class OutageError extends Error {}

/** Whether that is why something failed; what others wrap keeps it as its cause. */
export function isOutage(error: unknown): boolean {
  return error instanceof OutageError || (error instanceof Error && error.cause instanceof OutageError)
}

/** One input that is wrong: the path of the input field, so that a form can place the message. */
export interface FieldError {
  path: readonly string[]
  message: string
}

export class ValidationError extends ActionableError {
  override readonly name = 'ValidationError'
  readonly code = 'VALIDATION'
  readonly fields: readonly FieldError[]

  constructor(fields: readonly FieldError[], message = fields.map((field) => field.message).join(' ')) {
    super(message)
    this.fields = fields
  }
}

export class NotConnectedError extends ActionableError {
  override readonly name = 'NotConnectedError'
  readonly code = 'NOT_CONNECTED'
  readonly providers: readonly ProviderKey[]

  constructor(providers: readonly ProviderKey[], message: string) {
    super(message)
    this.providers = providers
  }
}

/** A setting or a role forbids it; the message says which. */
export class NotAllowedError extends ActionableError {
  override readonly name = 'NotAllowedError'
  readonly code = 'NOT_ALLOWED'
}

export class NotFoundError extends ActionableError {
  override readonly name = 'NotFoundError'
  readonly code = 'NOT_FOUND'
}

/** A record that an error points at, without asking the CRM. */
export interface ReferenceSnapshot {
  integrationId: string
  entityName: string
  remoteId: string
  name: string | null
  url: string | null
}

export class DuplicateError extends ActionableError {
  override readonly name = 'DuplicateError'
  readonly code = 'DUPLICATE'
  readonly duplicates: readonly ReferenceSnapshot[]

  constructor(duplicates: readonly ReferenceSnapshot[], message: string) {
    super(message)
    this.duplicates = duplicates
  }
}

export class NotEndedError extends ActionableError {
  override readonly name = 'NotEndedError'
  readonly code = 'CHAT_NOT_ENDED'
}

/** Somebody else changed it meanwhile, or an idempotency key came back with another input. */
export class ConflictError extends ActionableError {
  override readonly name = 'ConflictError'
  readonly code: 'CONFLICT' | 'IDEMPOTENCY_CONFLICT'
  readonly version: number | null
  readonly changedBy: string | null
  readonly changedAt: Date | null

  constructor(
    message: string,
    detail: { code?: 'CONFLICT' | 'IDEMPOTENCY_CONFLICT'; version?: number; changedBy?: string; changedAt?: Date } = {},
  ) {
    super(message)
    this.code = detail.code ?? 'CONFLICT'
    this.version = detail.version ?? null
    this.changedBy = detail.changedBy ?? null
    this.changedAt = detail.changedAt ?? null
  }
}

export class LimitError extends ActionableError {
  override readonly name = 'LimitError'
  readonly code = 'LIMIT_EXCEEDED'
  /** Which limit, and its value: "25 records". */
  readonly limit: string
  /** Seconds. */
  readonly retryAfter: number | null

  constructor(message: string, limit: string, retryAfter: number | null = null) {
    super(message)
    this.limit = limit
    this.retryAfter = retryAfter
  }
}

/** The CRM said no, or said nothing: a `ProviderError` of the providers package, and which CRM it came from. */
export class CrmError extends ActionableError {
  override readonly name = 'CrmError'
  readonly code: ProviderErrorCode
  readonly provider: ProviderKey
  readonly providerCode: string | null
  /** Seconds. */
  readonly retryAfter: number | null
  /** What to do, where `message` is a fixed sentence. */
  readonly advice: string | null

  constructor(
    provider: ProviderKey,
    error: {
      code: ProviderErrorCode
      message: string
      providerCode?: string | undefined
      retryAfter?: number | undefined
      advice?: string | undefined
    },
  ) {
    super(error.message, { cause: error })
    this.code = error.code
    this.provider = provider
    this.providerCode = error.providerCode ?? null
    this.retryAfter = error.retryAfter ?? null
    this.advice = error.advice ?? null
  }
}
