import { type ASTNode, GraphQLError } from 'graphql'
import type { LimitName } from './limit-values.ts'

/** Which limit was hit, for programs. */
export interface LimitHit {
  /** A name of `limit-values.ts`, or of a limit that is fixed. */
  readonly name: LimitName | FixedLimit
  readonly most: number
  /** How much was found; where counting stopped at the limit, at least so much. */
  readonly found: number
}

/** Limits of streams, which nobody has to set. */
export type FixedLimit = 'streamsReserved' | 'streamOperations' | 'openSubscriptions'

/** The error of an operation that asks for too much: the code LIMIT_EXCEEDED, and which limit it was. */
export function limitExceeded(hit: LimitHit, message: string, node?: ASTNode): GraphQLError {
  return new GraphQLError(message, { ...(node && { nodes: node }), extensions: { code: 'LIMIT_EXCEEDED', limit: hit } })
}
