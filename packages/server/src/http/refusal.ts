import { GraphQLError } from 'graphql'
import type { LimitHit } from './limit-hit.ts'

/** A request that is not taken as it is: the HTTP status, the cause for programs, and a sentence for people. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: string
  /** Which limit it was, where it was one. */
  readonly limit: LimitHit | null
  /** What its answer says beside the body, where it is one of HTTP. */
  readonly headers: Readonly<Record<string, string>>

  constructor(status: number, code: string, message: string, options: RefusalOptions = {}) {
    super(message, options)
    this.status = status
    this.code = code
    this.limit = options.limit ?? null
    this.headers = options.headers ?? {}
  }
}

interface RefusalOptions extends ErrorOptions {
  limit?: LimitHit
  headers?: Readonly<Record<string, string>>
}

/** What ends a stream whose caller's right has ended. */
export function accessEnded(): GraphQLError {
  return new GraphQLError('The access that this was opened with has ended.', {
    extensions: { code: 'UNAUTHENTICATED' },
  })
}

/** What answers a subscription to a client that takes no stream. */
export function needsStream(): GraphQLError {
  return new GraphQLError('Subscribe with "Accept: text/event-stream".', { extensions: { code: 'BAD_REQUEST' } })
}

export function badRequest(message: string, cause?: unknown): Refusal {
  return new Refusal(400, 'BAD_REQUEST', message, { cause })
}

/** Too much: 413 of a body, 429 of requests, and so on. */
export function overLimit(
  status: number,
  limit: LimitHit,
  message: string,
  headers: Readonly<Record<string, string>> = {},
): Refusal {
  return new Refusal(status, 'LIMIT_EXCEEDED', message, { limit, headers })
}

/** What could not be done at the moment. */
export function tryAgain(message: string): Refusal {
  return new Refusal(503, 'TRY_AGAIN', message, { headers: { 'retry-after': '1' } })
}

/** What nobody expected to fail; what it was stands in the log alone. */
export function failed(): Refusal {
  const message = 'Something went wrong here; it was logged. Quote the request id when you report it.'
  return new Refusal(500, 'INTERNAL_SERVER_ERROR', message)
}

/** A refusal as an error of GraphQL. */
export function refusalError({ message, code, limit }: Refusal): GraphQLError {
  return new GraphQLError(message, { extensions: { code, ...(limit && { limit }) } })
}
