import { parseJsonBody } from './json-text.ts'
import { badRequest } from './refusal.ts'

/** A GraphQL request, as GraphQL over HTTP names its parts. */
export interface GraphQLParams {
  readonly query: string
  readonly operationName: string | null
  readonly variables: Record<string, unknown> | null
  /** What protocols above GraphQL add. */
  readonly extensions: Record<string, unknown> | null
}

/** @throws Refusal with a sentence that says which part is wrong */
export function toGraphQLParams(body: unknown): GraphQLParams {
  if (Array.isArray(body)) throw badRequest('Send one operation at a time: batches are not answered.')
  if (!isMap(body)) throw badRequest('The body must be a JSON object with a "query".')
  const { query, operationName = null, variables = null, extensions = null } = body
  if (typeof query !== 'string' || query === '') throw badRequest('"query" must be the text of a GraphQL document.')
  if (operationName !== null && typeof operationName !== 'string') throw badRequest('"operationName" must be a string.')
  if (variables !== null && !isMap(variables)) throw badRequest('"variables" must be an object.')
  if (extensions !== null && !isMap(extensions)) throw badRequest('"extensions" must be an object.')
  return { query, operationName, variables, extensions }
}

/**
 * Reads them from the query of a GET, where `variables` and `extensions` are written as JSON.
 *
 * @param nesting how deep those may nest
 * @throws Refusal
 */
export function readQuery(search: string, nesting: number): GraphQLParams {
  const given = new URLSearchParams(search)
  const json = (name: string) => {
    const text = given.get(name)
    return text === null || text === '' ? null : parseJsonBody(Buffer.from(text), nesting)
  }
  return toGraphQLParams({
    query: given.get('query'),
    operationName: given.get('operationName'),
    variables: json('variables'),
    extensions: json('extensions'),
  })
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
