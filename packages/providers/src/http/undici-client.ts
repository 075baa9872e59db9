/** The HTTP client on undici: pooled keep-alive connections, checked addresses, a hard end for every call. */
import { Agent, type Dispatcher } from 'undici'
import { createAddressGuard } from './address.ts'
import { maxBodyBytes, readBody, UnusableBody } from './answer-body.ts'
import { type HttpClient, HttpFailure, type HttpRequest, type HttpResponse } from './client.ts'
import { ConnectFailure, createConnector, type Resolve } from './connector.ts'

export interface HttpClientOptions {
  /** `host` or `host:port` that may be private and plain http: the emulator, an on-premises server. */
  allowedHosts: readonly string[]
  /** No call is waited for longer, in milliseconds; 30,000 unless given. */
  longestCallMs?: number
  /** Tells the addresses of a host; the system does unless given. */
  resolve?: Resolve
}

const connectTimeoutMs = 5_000

export function createHttpClient(options: HttpClientOptions): HttpClient {
  const { allowedHosts, longestCallMs = 30_000, resolve } = options
  const guard = createAddressGuard(allowedHosts)
  const agent = new Agent({
    connect: createConnector(guard, connectTimeoutMs, resolve),
    connections: 128,
    keepAliveTimeout: 30_000,
    maxResponseSize: maxBodyBytes,
    // Every call has its own timer for the whole of it, which is precise where these are not.
    headersTimeout: 0,
    bodyTimeout: 0,
  })

  async function send(request: HttpRequest): Promise<HttpResponse> {
    const problem = guard.check(request.url)
    if (problem !== null) throw new HttpFailure('BLOCKED', { message: problem, sent: false })
    if (request.signal?.aborted) throw new HttpFailure('ABORTED', { message: 'The call was cancelled.', sent: false })

    const timeoutMs = Math.min(request.timeoutMs, longestCallMs)
    const ending = new AbortController()
    let timedOut = false
    const timer = setTimeout(() => {
      timedOut = true
      ending.abort()
    }, timeoutMs)
    const onAbort = () => ending.abort()
    request.signal?.addEventListener('abort', onAbort, { once: true })
    try {
      const url = new URL(request.url)
      const answer = await agent.request({
        origin: url.origin,
        path: url.pathname + url.search,
        method: request.method,
        headers: { 'accept-encoding': 'gzip', ...request.headers },
        body: request.body ?? null,
        signal: ending.signal,
      })
      return { status: answer.statusCode, headers: plainHeaders(answer.headers), body: await readBody(answer) }
    } catch (error) {
      throw toHttpFailure(error, new URL(request.url).host, {
        timedOutAfterMs: timedOut ? timeoutMs : null,
        aborted: request.signal?.aborted ?? false,
      })
    } finally {
      clearTimeout(timer)
      request.signal?.removeEventListener('abort', onAbort)
    }
  }

  return {
    send,
    problemOf: (url) => guard.check(url),
    // Destroyed, not closed: closing would wait for answers that may never come.
    close: () => agent.destroy(),
  }
}

function plainHeaders(headers: Dispatcher.ResponseData['headers']): Record<string, string> {
  const plain: Record<string, string> = {}
  for (const name in headers) {
    const value = headers[name]
    if (value !== undefined) plain[name] = typeof value === 'string' ? value : value.join(', ')
  }
  return plain
}

function toHttpFailure(
  error: unknown,
  host: string,
  ending: { timedOutAfterMs: number | null; aborted: boolean },
): HttpFailure {
  if (ending.timedOutAfterMs !== null) {
    const seconds = Math.max(0.1, Math.round(ending.timedOutAfterMs / 100) / 10)
    const message = `No whole answer came from ${host} within ${seconds} s. Try again in a moment.`
    return new HttpFailure('TIMEOUT', { message, sent: true, cause: error })
  }
  if (ending.aborted) {
    return new HttpFailure('ABORTED', { message: 'The call was cancelled.', sent: true, cause: error })
  }
  if (error instanceof ConnectFailure) {
    const kind = error.blocked ? 'BLOCKED' : 'UNREACHABLE'
    return new HttpFailure(kind, { message: error.message, sent: false, cause: error })
  }
  if (error instanceof UnusableBody) {
    const message = `What ${host} answered cannot be read: it is ${error.message}.`
    return new HttpFailure('UNUSABLE', { message, sent: true, cause: error })
  }
  return new HttpFailure('RESET', { message: `The connection to ${host} broke. Try again.`, sent: true, cause: error })
}
