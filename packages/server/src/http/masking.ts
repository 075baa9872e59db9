import { type ExecutionResult, GraphQLError } from 'graphql'
import { ActionableError } from '../shared/errors.ts'
import type { Logger } from '../shared/logger.ts'
import { databaseRefusal } from './database-trouble.ts'
import { Refusal, refusalError } from './refusal.ts'

/**
 * What a caller may see of an error. Refusals of GraphQL itself and failures that a caller can act on pass; everything
 * else is logged whole under the request's id, and the caller is told that id.
 */
export function maskError(error: GraphQLError, requestId: string, logger: Logger): GraphQLError {
  const cause = rootOf(error)
  if (cause instanceof GraphQLError || cause === undefined) {
    return 'code' in error.extensions
      ? error
      : shown(error, error.message, { code: 'BAD_USER_INPUT', ...error.extensions })
  }
  if (cause instanceof ActionableError) return shown(error, cause.message, { code: cause.code })
  if (cause instanceof Refusal) return shown(error, cause.message, refusalError(cause).extensions)
  const again = databaseRefusal(cause, requestId, logger)
  if (again) return shown(error, again.message, { code: again.code, requestId })
  if (isAbort(cause))
    return shown(error, 'The request was given up before it was done.', { code: 'CANCELLED', requestId })
  logger.error({ err: cause, requestId, path: error.path?.join('.') }, 'A request failed')
  return shown(error, 'Something went wrong here; it was logged. Quote the request id when you report it.', {
    code: 'INTERNAL_SERVER_ERROR',
    requestId,
  })
}

/** The same for all errors of a result. */
export function maskResult<Result extends ExecutionResult>(result: Result, requestId: string, logger: Logger): Result {
  if (!result.errors || result.errors.length === 0) return result
  return { ...result, errors: result.errors.map((error) => maskError(error, requestId, logger)) }
}

/** What was thrown, as an error that can be masked. */
export function asGraphQLError(cause: unknown): GraphQLError {
  return new GraphQLError('Failed', { originalError: cause instanceof Error ? cause : new Error(String(cause)) })
}

/** Names of fields and types that a caller came close to; part of the schema, which not everybody may read. */
export function withoutSuggestions(error: GraphQLError): GraphQLError {
  const { message } = error
  // It is the last sentence; a value of the caller's, which stands in some messages, may hold the same words.
  const at = message.endsWith('?') ? message.lastIndexOf(' Did you mean ') : -1
  return at === -1 ? error : shown(error, message.slice(0, at), error.extensions)
}

/** What was thrown at first; undefined for a refusal of GraphQL's own. */
export function rootOf(error: GraphQLError): Error | undefined {
  let cause: Error | undefined = error.originalError
  while (cause instanceof GraphQLError && cause.originalError) cause = cause.originalError
  return cause
}

/** The same error in other words, and without what caused it. */
export function shown(error: GraphQLError, message: string, extensions: Record<string, unknown>): GraphQLError {
  const { nodes, source, positions, path } = error
  return new GraphQLError(message, { ...(nodes ? { nodes } : { source, positions }), path, extensions })
}

function isAbort(error: Error): boolean {
  return error.name === 'AbortError' || error.name === 'TimeoutError'
}
