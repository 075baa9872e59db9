import { GraphQLError } from 'graphql'

/** A request-level refusal: the caller's key or role does not reach this field. */
export function forbidden(field: string): GraphQLError {
  return new GraphQLError(
    `${field} needs a wider scope than this caller has. Use a key whose scope covers it, or ask an admin of the workspace.`,
    { extensions: { code: 'FORBIDDEN' } },
  )
}
