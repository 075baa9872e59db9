import type { ServerResponse } from 'node:http'
import type { ExecutionResult } from 'graphql'
import { overLimit, type Refusal, refusalError } from './refusal.ts'

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
 *
 * @throws Refusal when it has more bytes than `mostBytes`
 */
export function sendResult(
  response: ServerResponse,
  result: ExecutionResult,
  type: AnswerType,
  mostBytes: number,
): void {
  const body = rendered(result)
  if (body.length > mostBytes) {
    const hit = { name: 'answerBytes', most: mostBytes, found: body.length } as const
    throw overLimit(400, hit, `An answer may have at most ${mostBytes} bytes. Ask for less at a time.`)
  }
  sendJson(response, 'data' in result || type === PLAIN_JSON ? 200 : 400, body, type)
}

/** Refuses a whole request: `code` for programs, `message` for people. */
export function sendRefusal(response: ServerResponse, refusal: Refusal, type: AnswerType = RESPONSE_JSON): void {
  sendJson(response, refusal.status, rendered({ errors: [refusalError(refusal)] }), type)
}

function rendered(result: ExecutionResult): Buffer {
  return Buffer.from(JSON.stringify(result))
}

function sendJson(response: ServerResponse, status: number, body: Buffer, type: AnswerType): void {
  if (response.destroyed || response.headersSent) return
  response.writeHead(status, { 'content-type': `${type}; charset=utf-8`, 'content-length': body.length })
  response.end(body)
}
