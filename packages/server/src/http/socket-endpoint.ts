/** Operations over WebSocket, in the `graphql-transport-ws` protocol that the package `graphql-ws` speaks. */
import { randomUUID } from 'node:crypto'
import { setMaxListeners } from 'node:events'
import { setTimeout as wait } from 'node:timers/promises'
import { nestsDeeperThan } from '@backchannel/providers'
import { GraphQLError } from 'graphql'
import { CloseCode, type Context, handleProtocols, makeServer, type SubscribePayload } from 'graphql-ws'
import { type WebSocket, WebSocketServer } from 'ws'
import type { Logger } from '../shared/logger.ts'
import type { Credentials } from '../viewers/service.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { createAccessWatch } from './access-watch.ts'
import { databaseRefusal } from './database-trouble.ts'
import { credentialsOf } from './exchange.ts'
import { STREAM_CHECK_MS } from './graphql-endpoint.ts'
import type { GraphQLEngine } from './graphql-engine.ts'
import { toGraphQLParams } from './graphql-params.ts'
import { limitExceeded } from './limit-hit.ts'
import { closeReason, limitedSocket } from './limited-socket.ts'
import { asGraphQLError, maskError } from './masking.ts'
import { type PreparedOperation, prepareOperation } from './operation.ts'
import type { RateLimits } from './rate-limits.ts'
import { refuseConnection } from './raw-answer.ts'
import { Refusal } from './refusal.ts'
import type { Upgrade } from './upgrade.ts'

export interface SocketEndpointParts {
  engine: GraphQLEngine
  authenticate(credentials: Credentials): Promise<Viewer | null>
  rates: RateLimits
  /** Origins whose pages may use a session cookie. */
  ownOrigins: ReadonlySet<string>
  /** How often an open connection's caller is looked at again, in milliseconds. */
  streamCheckMs?: number
  /** Calls its listener where somebody's access has ended or changed, on any instance: then it looks at once. */
  onAccessChanged?: (listener: () => void) => void
  /** How long a client may take to say who it is, in milliseconds. */
  initMs?: number
  logger: Logger
}

export interface SocketEndpoint {
  /** Takes over a connection that asks to become a WebSocket. */
  take(upgrade: Upgrade): void
  /** How many connections are open. */
  open(): number
  /** Takes no further operations, and ends every connection once its queries and mutations are answered. */
  close(): void
}

const INIT_MS = 5_000
/** How often a connection is asked whether it is still there, in milliseconds. One that says nothing until the next time is not. */
const PING_MS = 12_000
const OPERATIONS_EACH = 100
/** How much may wait to be read by a client before it is cut off: each operation holds back what comes after its last event. */
const MOST_WAITING_BYTES = 4 * 1024 * 1024
const GOING_AWAY = 1001
const TRY_AGAIN_LATER = 1013
/** What the frame that closes a connection has room for. */
const isReason = (text: string) => Buffer.byteLength(text) <= 123
/** How long a client has to take its leave, in milliseconds. */
const LEAVE_MS = 1_000
/** How long queries and mutations have to be answered once the server closes, in milliseconds: less than it waits to be closed. */
const ANSWER_MS = 8_000
/** How often it looks whether they are, in milliseconds. */
const ANSWER_LOOK_MS = 20

/** What is known of one connection. */
interface Connection {
  readonly socket: WebSocket
  readonly signal: AbortSignal
  /** Those of the request that it began as, until the client brings its own. */
  credentials: Credentials
  /** Operations that are being answered or opened, also those that the client has completed meanwhile. */
  running: number
  /** What the client waits for, by its id for it: null until it is answered, or results follow one another. */
  operations: Connected['subscriptions']
}

type Params = { authorization?: unknown; Authorization?: unknown } | undefined
type Connected = Context<Params, Connection>

export function createSocketEndpoint(parts: SocketEndpointParts): SocketEndpoint {
  const { engine, authenticate, rates, ownOrigins, logger } = parts
  const { limits } = engine
  const { streamCheckMs = STREAM_CHECK_MS, initMs = INIT_MS } = parts
  const access = createAccessWatch({
    authenticate,
    checkMs: streamCheckMs,
    ...(parts.onAccessChanged && { onAccessChanged: parts.onAccessChanged }),
  })
  const sockets = new WebSocketServer({
    noServer: true,
    maxPayload: limits.bodyBytes,
    WebSocket: limitedSocket(limits.bodyBytes),
    handleProtocols,
  })
  const silent = new WeakSet<WebSocket>()
  const connections = new Set<Connection>()
  let isClosing = false

  const protocol = makeServer<Params, Connection>({
    connectionInitWaitTimeout: initMs,
    async onConnect({ connectionParams, extra, subscriptions }) {
      extra.operations = subscriptions
      const given = connectionParams?.authorization ?? connectionParams?.Authorization
      if (typeof given === 'string') {
        extra.credentials = { ...extra.credentials, authorization: given, cookie: null }
      }
      const { credentials } = extra
      try {
        const viewer = await authenticate(credentials)
        if (viewer === null) return false
        const stopWatching = access.watch({ viewer, credentials }, () =>
          end(extra.socket, CloseCode.Forbidden, 'Access has ended'),
        )
        if (extra.signal.aborted) stopWatching()
        extra.signal.addEventListener('abort', stopWatching)
      } catch (error) {
        const refusal = error instanceof Refusal ? error : databaseRefusal(error, randomUUID(), logger)
        if (!refusal) throw error
        end(extra.socket, TRY_AGAIN_LATER, refusal.message)
        return false
      }
      return true
    },
    onSubscribe: prepare,
    execute: ({ rootValue }) => (rootValue as PreparedOperation['run'])(),
    subscribe: ({ rootValue }) => (rootValue as PreparedOperation['run'])(),
    onError: (_connected, id, _payload, errors) => errors.map((error) => maskError(error, id, logger).toJSON()),
  })

  async function prepare({ extra, subscriptions }: Connected, _id: string, payload: SubscribePayload) {
    if (Object.keys(subscriptions).length > OPERATIONS_EACH || extra.running >= OPERATIONS_EACH) {
      const message = `One connection may have ${OPERATIONS_EACH} operations at a time.`
      const hit = { name: 'streamOperations', most: OPERATIONS_EACH, found: OPERATIONS_EACH + 1 } as const
      return [limitExceeded(hit, message)]
    }
    const requestId = randomUUID()
    try {
      const viewer = await authenticate(extra.credentials)
      if (viewer === null) {
        end(extra.socket, CloseCode.Forbidden, 'Access has ended')
        return [new GraphQLError('Access has ended.', { extensions: { code: 'UNAUTHENTICATED' } })]
      }
      const request = { viewer, requestId, signal: extra.signal }
      await rates.countViewer(viewer)
      const operation = await prepareOperation(engine, toGraphQLParams(payload, engine.known), request)
      if ('errors' in operation) return operation.errors
      const run = async () => {
        extra.running += 1
        try {
          return await operation.run()
        } catch (cause) {
          return { errors: [maskError(asGraphQLError(cause), requestId, logger)] }
        } finally {
          extra.running -= 1
        }
      }
      return { ...operation.args, rootValue: run }
    } catch (error) {
      return [maskError(asGraphQLError(error), requestId, logger)]
    }
  }

  function open(socket: WebSocket, credentials: Credentials): void {
    const leaving = new AbortController()
    // Each operation listens to it.
    setMaxListeners(0, leaving.signal)
    const connection: Connection = { socket, signal: leaving.signal, credentials, running: 0, operations: {} }
    connections.add(connection)
    const closed = protocol.opened(
      {
        protocol: socket.protocol,
        send: (text) => send(socket, text),
        close: (code, reason) => end(socket, code, reason),
        onMessage: (take) =>
          socket.on('message', (data: Buffer, isBinary) => {
            // What does not begin here, its client begins elsewhere.
            if (isClosing) return
            if (isBinary) return end(socket, CloseCode.BadRequest, 'Invalid message received')
            if (nestsDeeperThan(limits.nesting, data))
              return end(socket, CloseCode.BadRequest, closeReason('nesting', limits.nesting))
            take(data.toString()).catch((error: unknown) => {
              // A client takes the other code for an end that it must not come back from.
              const again = databaseRefusal(error, randomUUID(), logger)
              if (again) return end(socket, TRY_AGAIN_LATER, again.message)
              logger.error({ err: error }, 'A message over WebSocket failed')
              end(socket, CloseCode.InternalServerError, 'Internal server error')
            })
          }),
      },
      connection,
    )
    // A client that breaks the protocol of WebSockets, or sends too much, is closed by `ws` itself.
    socket.on('error', (error) => logger.debug({ err: error }, 'A WebSocket failed'))
    socket.on('pong', () => silent.delete(socket))
    socket.once('close', (code, reason) => {
      connections.delete(connection)
      leaving.abort()
      void closed(code, String(reason))
    })
    if (isClosing) void endAnswered(connection)
  }

  const pings = setInterval(() => {
    for (const socket of sockets.clients) {
      if (silent.has(socket)) socket.terminate()
      silent.add(socket)
      socket.ping()
    }
  }, PING_MS).unref()

  return {
    take({ request, socket, address, head, corsOrigins }) {
      const { origin } = request.headers
      // Browsers let every page connect: whether it may is ours to say.
      if (origin !== undefined && !ownOrigins.has(origin) && !corsOrigins.has(origin)) {
        const message = 'Pages of this origin may not connect: it is none of CORS_ORIGINS.'
        return refuseConnection(socket, new Refusal(403, 'FORBIDDEN', message))
      }
      const credentials = credentialsOf({ request, address }, ownOrigins)
      sockets.handleUpgrade(request, socket, head, (opened) => open(opened, credentials))
    },
    open: () => sockets.clients.size,
    close() {
      clearInterval(pings)
      isClosing = true
      for (const connection of connections) void endAnswered(connection)
    },
  }
}

/** Its client would ask again for what is not answered: a mutation would be carried out twice. */
async function endAnswered(connection: Connection): Promise<void> {
  const { socket, signal } = connection
  const until = performance.now() + ANSWER_MS
  const isAsked = () => !signal.aborted && Object.values(connection.operations).includes(null)
  while (isAsked() && performance.now() < until) await wait(ANSWER_LOOK_MS, undefined, { ref: false })
  end(socket, GOING_AWAY, 'The server closes')
}

/** Until the message is on its way, so that whoever sends waits for a client that reads slowly. */
function send(socket: WebSocket, text: string): Promise<void> {
  if (socket.readyState !== socket.OPEN) return Promise.resolve()
  if (socket.bufferedAmount > MOST_WAITING_BYTES) {
    socket.terminate()
    return Promise.resolve()
  }
  return new Promise((resolve) => {
    // One that has gone meanwhile is told of its leaving by its own event.
    socket.send(text, () => resolve())
  })
}

/** Of a reason for which there is no room its first sentence is told: with too much of it, `ws` would not close at all. */
function end(socket: WebSocket, code?: number, reason = ''): void {
  socket.close(code, [reason, ...reason.split(/(?<=\.) /, 1)].find(isReason))
  setTimeout(() => socket.terminate(), LEAVE_MS).unref()
}
