import type { ActionableError } from './errors.ts'

/**
 * A failure as an ordinary value of a field. GraphQL takes whatever is an `Error` for thrown, so it is handed a copy that
 * is none, and that says which GraphQL type it has.
 */
export function toErrorValue(error: ActionableError): ActionableError & { __typename: string } {
  const { name, message } = error
  return { ...error, name, message, code: error.code, __typename: name === 'CrmError' ? 'ProviderError' : name }
}
