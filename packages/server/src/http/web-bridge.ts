import { once } from 'node:events'
import type { IncomingMessage, ServerResponse } from 'node:http'

/** A Node request as the web's `Request`, for the libraries that speak it. */
export function toWebRequest(request: IncomingMessage, url: string, signal: AbortSignal, body?: Buffer): Request {
  const headers = new Headers()
  for (const [name, value] of Object.entries(request.headers)) {
    if (name.startsWith(':') || value === undefined) continue
    for (const one of Array.isArray(value) ? value : [value]) headers.append(name, one)
  }
  return new Request(url, {
    method: request.method ?? 'GET',
    headers,
    signal,
    ...(body && body.length > 0 ? { body: new Uint8Array(body) } : {}),
  })
}

/**
 * Writes a web `Response` out, as fast as the client reads; a client that leaves ends the stream behind it, and so does
 * whoever ends the answer meanwhile.
 */
export async function sendWebResponse(response: ServerResponse, answer: Response): Promise<void> {
  for (const [name, value] of answer.headers) if (name !== 'set-cookie') response.setHeader(name, value)
  const cookies = answer.headers.getSetCookie()
  if (cookies.length > 0) response.setHeader('set-cookie', cookies)
  response.writeHead(answer.status)
  if (!answer.body) {
    response.end()
    return
  }
  response.flushHeaders()
  const reader = answer.body.getReader()
  response.once('close', () => void reader.cancel().catch(() => {}))
  for (;;) {
    const { done, value } = await reader.read()
    if (done || response.destroyed || response.writableEnded) break
    if (!response.write(value)) await drained(response)
  }
  response.end()
}

/** Until the client has read on, or has gone; the wait for the other ends with it. */
export async function drained(response: ServerResponse): Promise<void> {
  if (response.destroyed) return
  const over = new AbortController()
  const { signal } = over
  await Promise.race([once(response, 'drain', { signal }), once(response, 'close', { signal })]).finally(() =>
    over.abort(),
  )
}
