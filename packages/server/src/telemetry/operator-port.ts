/** What an operator's own programs ask: metrics, and how the process is. On a port that is not that of the API. */
import { createHash, timingSafeEqual } from 'node:crypto'
import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Logger } from '../shared/logger.ts'
import type { Metrics } from './metrics.ts'

export interface OperatorPortOptions {
  port: number
  host: string
  /** What `/metrics` is opened with, as a bearer token; null: by whoever reaches the port. */
  token: string | null
  metrics: Pick<Metrics, 'registry'>
  /** What is in the way of the process' work, such as `closing`; null: nothing. */
  obstacle(): Promise<string | null>
  logger: Logger
}

export interface OperatorPort {
  readonly port: number
  close(): Promise<void>
}

const HEADERS_MS = 5_000
const MOST_CONNECTIONS = 100

/** Opens the port; rejects where it is taken. */
export async function openOperatorPort(options: OperatorPortOptions): Promise<OperatorPort> {
  const { port, host, token, metrics, obstacle, logger } = options
  const server = createServer(
    { headersTimeout: HEADERS_MS, requestTimeout: HEADERS_MS, maxHeaderSize: 8_192 },
    (request, response) => {
      answer(request, response).catch((error: unknown) => {
        logger.error({ err: error }, 'What an operator asked for could not be answered')
        if (response.headersSent) response.destroy()
        else send(response, 500, 'This could not be answered. The log says why: "What an operator asked for".')
      })
    },
  )
  server.maxConnections = MOST_CONNECTIONS

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const path = request.url?.split('?')[0]
    if (request.method !== 'GET' && request.method !== 'HEAD') return send(response, 405, 'Use GET.')
    if (path === '/health') return send(response, 200, 'ok')
    if (path === '/ready') {
      const why = await obstacle()
      return send(response, why === null ? 200 : 503, why ?? 'ready')
    }
    if (path !== '/metrics') return send(response, 404, 'Nothing lives here. Try /metrics, /health or /ready.')
    if (token !== null && !isSame(request.headers.authorization, `Bearer ${token}`)) {
      response.setHeader('www-authenticate', 'Bearer')
      return send(response, 401, 'Send "Authorization: Bearer …" with METRICS_TOKEN.')
    }
    send(response, 200, await metrics.registry.metrics(), metrics.registry.contentType)
  }

  await new Promise<void>((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
  return {
    port: (server.address() as AddressInfo).port,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeAllConnections()
      await closed
    },
  }
}

/** Takes as long whatever is wrong with it. */
function isSame(given: string | undefined, wanted: string): boolean {
  const hashed = (text: string) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hashed(given ?? ''), hashed(wanted))
}

function send(response: ServerResponse, status: number, text: string, type = 'text/plain; charset=utf-8'): void {
  response.writeHead(status, {
    'content-type': type,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
  })
  response.end(text.endsWith('\n') ? text : `${text}\n`)
}
