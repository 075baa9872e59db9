import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { Duplex } from 'node:stream'
import type { Logger } from '../shared/logger.ts'
import { createBrokenRequests } from './broken-request.ts'
import { clientAddress, noProxies, type Proxies } from './client-address.ts'
import { createConnectionLimits } from './connection-limits.ts'
import { handleCors } from './cors.ts'
import { databaseRefusal } from './database-trouble.ts'
import { createExchange, type Exchange } from './exchange.ts'
import { sendRefusal } from './graphql-answer.ts'
import { type Limits, usualLimits } from './limit-values.ts'
import { type ObserveRequest, unobservedRequest } from './observe.ts'
import { createRateLimits, type RateLimits } from './rate-limits.ts'
import { refuseConnection } from './raw-answer.ts'
import { failed, Refusal } from './refusal.ts'
import { answerHeaders } from './security-headers.ts'
import { type StaticApp, serveApp } from './static-files.ts'
import { isWebSocket, passOver, type Upgrade } from './upgrade.ts'

/** What answers which address. */
export interface Routes {
  graphql(exchange: Exchange): Promise<void>
  /** Takes over a connection to `/graphql` that becomes a WebSocket. */
  upgrade(upgrade: Upgrade): void
  auth(exchange: Exchange): Promise<void>
  /** Fails while the server cannot do its work. */
  checkReady(): Promise<void>
  /** Counts requests over all instances; without it, this process counts for itself. */
  rates?: Pick<RateLimits, 'countAddress'>
  admin: StaticApp
  corsOrigins: ReadonlySet<string>
}

export interface HttpServer {
  /** The port that it listens on. */
  readonly port: number
  /** Until routes are given, only `/health` is answered, and everything else with 503. */
  serve(routes: Routes): void
  /** Is not ready from now on, so that a load balancer turns elsewhere, and goes on answering; no connection is kept open. */
  leave(): void
  /** Stops taking requests, lets those in flight be answered, and ends after `patienceMs` at the latest. */
  close(patienceMs?: number): Promise<void>
}

export interface ListenOptions {
  limits?: Limits
  /** Proxies whose word on where a request came from is believed. */
  proxies?: Proxies
  /** Browsers reach us by https. */
  secure?: boolean
  /** Told of every request. */
  observe?: ObserveRequest
}

const KEEP_ALIVE_MS = 65_000
/** How often Node looks whether a request has used up its time. */
const CHECKING_MS = 1_000
const CLOSE_PATIENCE_MS = 10_000

/** Opens the port, so that a port that is taken is found out before anything else is done. */
export async function listen(
  port: number,
  host: string,
  logger: Logger,
  { limits = usualLimits, proxies = noProxies, secure = false, observe = unobservedRequest }: ListenOptions = {},
): Promise<HttpServer> {
  const ownRates = createRateLimits(limits)
  const connections = createConnectionLimits(limits, proxies)
  const broken = createBrokenRequests(limits)
  const headers = Object.entries(answerHeaders(secure))
  let routes: Routes | undefined
  let leaving = false
  let closing = false
  const server = createServer(
    {
      headersTimeout: limits.headerSeconds * 1_000,
      requestTimeout: limits.requestSeconds * 1_000,
      keepAliveTimeout: KEEP_ALIVE_MS,
      connectionsCheckingInterval: CHECKING_MS,
      maxHeaderSize: limits.headerBytes,
    },
    (request, response) => void answer(request, response),
  )
  server.maxRequestsPerSocket = 1_000
  /** Node does not count them among its own any more. */
  const upgraded = new Set<Duplex>()
  server.on('connection', connections.take)
  server.on('clientError', broken.refuse)
  server.on('upgrade', (request: IncomingMessage, socket: Duplex, head: Buffer) => {
    if (!isWebSocket(request)) return passOver(server, request, socket, head)
    if (closing || !routes) return refuseConnection(socket, closing ? closes() : starts())
    if (request.url?.split('?')[0] !== '/graphql') return refuseConnection(socket, nothingHere())
    upgraded.add(socket)
    socket.once('close', () => upgraded.delete(socket))
    const address = clientAddress(request, proxies)
    const upgrade = { request, socket, address, head, corsOrigins: routes.corsOrigins }
    void takeUpgrade(upgrade, routes)
  })
  await opened(server, port, host)

  async function answer(request: IncomingMessage, response: ServerResponse): Promise<void> {
    for (const [name, value] of headers) response.setHeader(name, value)
    broken.began(request, response)
    if (leaving) response.setHeader('connection', 'close')
    const exchange = createExchange(request, response, proxies)
    const startedAt = performance.now()
    response.once('finish', () => {
      // The client would keep the connection for its next request, and closing would wait for it.
      if (closing) setImmediate(() => server.closeIdleConnections())
    })
    await observe(exchange, async () => {
      try {
        await route(exchange)
      } catch (error) {
        fail(exchange, error)
      }
      const { requestId, path } = exchange
      const durationMs = Math.round(performance.now() - startedAt)
      logger.debug({ requestId, method: request.method, path, status: response.statusCode, durationMs }, 'Answered')
    })
  }

  async function takeUpgrade(upgrade: Upgrade, { upgrade: take, rates = ownRates }: Routes): Promise<void> {
    const { request, socket, address } = upgrade
    // Nobody else listens yet, and a client may leave while it waits.
    socket.on('error', () => {})
    try {
      connections.hold(request, socket)
      await rates.countAddress(address)
      take(upgrade)
    } catch (error) {
      if (error instanceof Refusal) return refuseConnection(socket, error)
      logger.error({ err: error }, 'An upgrade failed')
      socket.destroy()
    }
  }

  async function route(exchange: Exchange): Promise<void> {
    const { path, response } = exchange
    if (path === '/health') return sendStatus(response, 200, { status: 'ok' })
    if (path === '/ready') return answerReady(exchange)
    connections.hold(exchange.request, response)
    const { rates = ownRates } = routes ?? {}
    await rates.countAddress(exchange.address)
    if (!routes) throw starts()
    if (path === '/graphql' || path === '/graphql/stream')
      return handleCors(exchange, routes.corsOrigins) ? undefined : routes.graphql(exchange)
    if (path.startsWith('/auth/')) return routes.auth(exchange)
    if (path === '/admin' || path.startsWith('/admin/')) {
      if (await serveApp(exchange, routes.admin)) return
      throw new Refusal(404, 'NOT_FOUND', 'The admin app is not built yet: run "npm run build".')
    }
    if (path === '/') return void response.writeHead(302, { location: '/admin' }).end()
    throw nothingHere()
  }

  async function answerReady({ response, requestId }: Exchange): Promise<void> {
    if (leaving) return sendStatus(response, 503, { status: 'closing' })
    if (!routes) return sendStatus(response, 503, { status: 'starting' })
    try {
      await routes.checkReady()
      sendStatus(response, 200, { status: 'ready' })
    } catch (error) {
      logger.error({ err: error, requestId }, 'Not ready')
      sendStatus(response, 503, { status: 'waiting for the database' })
    }
  }

  function fail({ request, response, requestId, signal }: Exchange, error: unknown): void {
    if (error instanceof Refusal) {
      if (!request.complete) response.setHeader('connection', 'close')
      sendRefusal(response, error)
    } else if (!signal.aborted) {
      const again = databaseRefusal(error, requestId, logger)
      if (!again) logger.error({ err: error, requestId }, 'A request failed')
      if (response.headersSent) response.destroy()
      else sendRefusal(response, again ?? failed())
    }
  }

  return {
    port: (server.address() as AddressInfo).port,
    serve(given) {
      routes = given
    },
    leave() {
      leaving = true
    },
    async close(patienceMs = CLOSE_PATIENCE_MS) {
      leaving = true
      closing = true
      const closed = new Promise((resolve) => server.close(resolve))
      server.closeIdleConnections()
      const timer = setTimeout(() => {
        server.closeAllConnections()
        for (const socket of upgraded) socket.destroy()
      }, patienceMs)
      await closed
      clearTimeout(timer)
    },
  }
}

function starts(): Refusal {
  return new Refusal(503, 'STARTING', 'The server is starting. Try again in a moment.')
}

function closes(): Refusal {
  return new Refusal(503, 'CLOSING', 'The server closes. Connect again in a moment.')
}

function nothingHere(): Refusal {
  return new Refusal(404, 'NOT_FOUND', 'Nothing lives here. Try /graphql, /admin, /health or /ready.')
}

function opened(server: Server, port: number, host: string): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject)
    server.listen(port, host, () => {
      server.off('error', reject)
      resolve()
    })
  })
}

function sendStatus(response: ServerResponse, status: number, body: { status: string }): void {
  const text = JSON.stringify(body)
  response.writeHead(status, { 'content-type': 'application/json', 'cache-control': 'no-store' }).end(text)
}
