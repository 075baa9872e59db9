/** Results as server-sent events, as the GraphQL over SSE protocol has them. */
import type { ServerResponse } from 'node:http'
import type { ExecutionResult, GraphQLError } from 'graphql'
import { textOf } from './answer-text.ts'
import { drained } from './web-bridge.ts'

export type Results = AsyncIterableIterator<ExecutionResult>

/** How often a quiet stream is written to, in milliseconds, so that no proxy takes it for dead. */
const PING_MS = 12_000
const PING = ':\n\n'
const COMPLETE = 'event: complete\ndata:\n\n'
/** How long a client that is cut off has to read why, in milliseconds. */
const LAST_WORDS_MS = 1_000

const frames = new WeakMap<ExecutionResult, Buffer>()

/** A result as it is written. The same result is rendered once, however many it is sent to. */
export function frameOf(result: ExecutionResult): Buffer {
  let frame = frames.get(result)
  if (!frame) {
    frame = Buffer.from(`event: next\ndata: ${textOf(result)}\n\n`)
    frames.set(result, frame)
  }
  return frame
}

/** Begins a stream that proxies let through and keep open. It is written to now and then until it closes. */
export function openEventStream(response: ServerResponse): void {
  // The end of the connection ends it, so that every event is one buffer to one socket instead of an HTTP chunk of three.
  response.useChunkedEncodingByDefault = false
  response.writeHead(200, {
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  })
  // Some browsers take the stream for open only when something has come.
  response.write(PING)
  const pings = setInterval(() => {
    if (!response.writableNeedDrain && !response.writableEnded) response.write(PING)
  }, PING_MS)
  response.once('close', () => clearInterval(pings))
}

/**
 * Writes results as they come, as fast as the client reads: while it does not, nothing is taken from `results` and
 * nothing piles up here. A client that leaves ends them, and so does whoever ends the answer meanwhile.
 */
export async function sendEventStream(response: ServerResponse, results: Results | ExecutionResult): Promise<void> {
  // A client that left meanwhile does not say so again.
  if (response.destroyed) return void ('next' in results && results.return?.())
  openEventStream(response)
  if (!('next' in results)) {
    response.end(`${frameOf(results)}${COMPLETE}`)
    return
  }
  const leave = () => void results.return?.()
  response.once('close', leave)
  try {
    for await (const result of results) {
      if (response.destroyed || response.writableEnded) break
      if (!response.write(frameOf(result))) await drained(response)
    }
    if (!response.writableEnded) response.end(COMPLETE)
  } finally {
    response.off('close', leave)
  }
}

/** Ends a stream before its results do, and says why, so that its client does not come back as if it were an accident. */
export function endEventStream(response: ServerResponse, why: GraphQLError): void {
  if (!response.headersSent) return void response.destroy()
  if (!response.writableEnded) response.end(`${frameOf({ errors: [why] })}${COMPLETE}`)
  cutOff(response)
}

/** Ends a stream without a word. A client takes that for an accident, and comes back. */
export function breakOffEventStream(response: ServerResponse): void {
  if (!response.headersSent) return void response.destroy()
  if (!response.writableEnded) response.end()
  cutOff(response)
}

/** Whoever does not read the end of a stream is not waited for. */
function cutOff(response: ServerResponse): void {
  setTimeout(() => response.destroy(), LAST_WORDS_MS).unref()
}
