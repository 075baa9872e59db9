import { parseJsonBody } from './json-text.ts'
import type { KnownOperations } from './known-operations.ts'
import { badRequest, Refusal } from './refusal.ts'

/** A GraphQL request, as GraphQL over HTTP names its parts. */
export interface GraphQLParams {
  readonly query: string
  readonly operationName: string | null
  readonly variables: Record<string, unknown> | null
  /** What protocols above GraphQL add. */
  readonly extensions: Record<string, unknown> | null
}

/** @throws Refusal with a sentence that says which part is wrong */
export function toGraphQLParams(body: unknown, known: KnownOperations): GraphQLParams {
  if (Array.isArray(body)) throw badRequest('Send one operation at a time: batches are not answered.')
  if (!isMap(body)) throw badRequest('The body must be a JSON object with a "query".')
  const { operationName = null, variables = null, extensions = null } = body
  const query = body['query'] ?? queryOfHash(extensions, known)
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
export function readQuery(search: string, nesting: number, known: KnownOperations): GraphQLParams {
  const given = new URLSearchParams(search)
  const json = (name: string) => {
    const text = given.get(name)
    return text === null || text === '' ? null : parseJsonBody(Buffer.from(text), nesting)
  }
  const query = given.get('query')
  const operationName = given.get('operationName')
  return toGraphQLParams({ query, operationName, variables: json('variables'), extensions: json('extensions') }, known)
}

/** What Apollo's clients send instead of a document: `{ persistedQuery: { version: 1, sha256Hash } }`. */
function queryOfHash(extensions: unknown, known: KnownOperations): string | null {
  const persisted = isMap(extensions) ? extensions['persistedQuery'] : undefined
  const hash = isMap(persisted) ? persisted['sha256Hash'] : undefined
  if (typeof hash !== 'string') return null
  const query = known.find(hash)
  if (query !== null) return query
  throw new Refusal(400, 'PERSISTED_QUERY_NOT_FOUND', 'PersistedQueryNotFound')
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
