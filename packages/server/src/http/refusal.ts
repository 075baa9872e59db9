import { GraphQLError } from 'graphql'

/** A request that is not taken as it is: the HTTP status, the cause for programs, and a sentence for people. */
export class Refusal extends Error {
  override readonly name = 'Refusal'
  readonly status: number
  readonly code: string

  constructor(status: number, code: string, message: string, options?: ErrorOptions) {
    super(message, options)
    this.status = status
    this.code = code
  }
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
