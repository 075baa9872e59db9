import type { ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { textOf } from './answer-text.ts'
import { type Refusal, refusalError } from './refusal.ts'

const RESPONSE_JSON = 'application/graphql-response+json'
const PLAIN_JSON = 'application/json'

/** The media types of GraphQL over HTTP that an `Accept` header asks for; null: none that we have. */
export type AnswerType = typeof RESPONSE_JSON | typeof PLAIN_JSON

export function chooseAnswerType(accept: string | undefined): AnswerType | null {
  if (accept === undefined || accept.includes(RESPONSE_JSON)) return RESPONSE_JSON
  if (/application\/json|application\/\*|\*\/\*/.test(accept)) return PLAIN_JSON
  return null
}

/** Whether an `Accept` header names a stream of events. */
export function acceptsStream(accept = ''): boolean {
  return accept
    .split(',')
    .some((type) => /^\s*text\/event-stream\s*(;|$)/i.test(type) && !/;\s*q=0(\.0*)?\s*(;|$)/i.test(type))
}

/** Whether it names one of the JSON types, rather than all types. */
export function namesJson(accept = ''): boolean {
  return accept.includes(PLAIN_JSON) || accept.includes(RESPONSE_JSON)
}

/**
 * Writes a result. A request that never began to run has no `data`: with the GraphQL media type it answers 400, with plain
 * JSON 200, as GraphQL over HTTP has it.
 */
export function sendResult(response: ServerResponse, result: ExecutionResult, type: AnswerType): void {
  sendJson(response, 'data' in result || type === PLAIN_JSON ? 200 : 400, result, type)
}

/** Refuses a whole request: `code` for programs, `message` for people. */
export function sendRefusal(response: ServerResponse, refusal: Refusal, type: AnswerType = RESPONSE_JSON): void {
  sendJson(response, refusal.status, { errors: [refusalError(refusal)] }, type, refusal.headers)
}

function sendJson(
  response: ServerResponse,
  status: number,
  result: ExecutionResult,
  type: AnswerType,
  headers: Refusal['headers'] = {},
): void {
  if (response.destroyed || response.headersSent) return
  const body = Buffer.from(textOf(result))
  response.writeHead(status, { ...headers, 'content-type': `${type}; charset=utf-8`, 'content-length': body.length })
  response.end(body)
}
