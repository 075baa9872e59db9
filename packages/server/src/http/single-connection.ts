/**
 * The single-connection mode of the GraphQL over SSE protocol, for browsers that open few connections to a server at once
 * (HTTP/1): a client reserves a stream, opens it, and has the results of any number of operations come through it. What is
 * reserved is known to this process alone: behind several instances, a client must stay with one of them.
 */
import { randomUUID } from 'node:crypto'
import type { ServerResponse } from 'node:http'
import type { ExecutionResult, GraphQLError } from 'graphql'
import type { Logger } from '../shared/logger.ts'
import type { Viewer } from '../viewers/viewer.ts'
import type { AccessWatch, Caller } from './access-watch.ts'
import { textOf } from './answer-text.ts'
import { breakOffEventStream, openEventStream } from './event-stream.ts'
import type { Exchange } from './exchange.ts'
import type { GraphQLEngine } from './graphql-engine.ts'
import { toGraphQLParams } from './graphql-params.ts'
import { asGraphQLError, maskError } from './masking.ts'
import { prepareOperation } from './operation.ts'
import { accessEnded, badRequest, overLimit, Refusal } from './refusal.ts'
import { drained } from './web-bridge.ts'

export interface SingleConnections {
  /** `readJson` reads the body as that of every GraphQL request is read. */
  answer(exchange: Exchange, caller: Caller, readJson: () => Promise<unknown>): Promise<void>
  /** How many streams are open. */
  open(): number
  /** Ends every stream, without completing what ran in it. */
  close(): void
}

export interface SingleConnectionParts {
  engine: GraphQLEngine
  access: AccessWatch
  logger: Logger
}

/** How long a reserved stream waits to be opened, in milliseconds. */
const RESERVED_MS = 30_000
/** How many of one caller may wait so. */
const RESERVED_EACH = 20
const OPERATIONS_EACH = 100
const OPERATION_ID = /^[\x21-\x7e]{1,128}$/

interface Stream {
  readonly token: string
  /** Who reserved it: for everybody else it is not there. */
  readonly owner: string
  /** Gives it up unless it is opened. */
  readonly expiry: NodeJS.Timeout
  /** Null until it is opened. */
  response: ServerResponse | null
  /** What ends each operation, by the id that the client gave it. */
  readonly operations: Map<string, AbortController>
  /** The client does not read at the moment. */
  draining: Promise<void> | null
}

export function createSingleConnections(parts: SingleConnectionParts): SingleConnections {
  const { engine, access, logger } = parts
  const streams = new Map<string, Stream>()

  function reserve({ response }: Exchange, { viewer }: Caller): void {
    const owner = ownerOf(viewer)
    const waiting = [...streams.values()].filter((stream) => stream.owner === owner && stream.response === null)
    if (waiting.length >= RESERVED_EACH) {
      const hit = { name: 'streamsReserved', most: RESERVED_EACH, found: waiting.length + 1 } as const
      throw overLimit(429, hit, `${RESERVED_EACH} streams are reserved and wait to be opened.`)
    }
    const token = randomUUID()
    const expiry = setTimeout(() => streams.delete(token), RESERVED_MS).unref()
    streams.set(token, { token, owner, expiry, response: null, operations: new Map(), draining: null })
    response.writeHead(201, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(token)
  }

  function open({ request, response }: Exchange, caller: Caller, stream: Stream): void {
    if (!request.headers.accept?.includes('text/event-stream')) {
      throw new Refusal(406, 'NOT_ACCEPTABLE', 'Accept text/event-stream.')
    }
    if (stream.response !== null) throw new Refusal(409, 'CONFLICT', 'This stream is open already.')
    const stopWatching = access.watch(caller, () => {
      for (const id of [...stream.operations.keys()]) endOperation(stream, id, accessEnded())
      breakOff(stream)
    })
    clearTimeout(stream.expiry)
    stream.response = response
    response.once('close', () => {
      stopWatching()
      breakOff(stream)
    })
    openEventStream(response)
  }

  async function run(exchange: Exchange, caller: Caller, stream: Stream, readJson: () => Promise<unknown>) {
    const params = toGraphQLParams(await readJson(), engine.known)
    const id = params.extensions?.operationId
    if (typeof id !== 'string' || !OPERATION_ID.test(id)) {
      throw badRequest('"extensions.operationId" must name the operation, in up to 128 letters, digits and signs.')
    }
    if (stream.response === null || !streams.has(stream.token)) {
      throw new Refusal(409, 'CONFLICT', 'Open the stream before you have operations run in it.')
    }
    const { operations } = stream
    if (operations.has(id)) throw new Refusal(409, 'CONFLICT', 'An operation of this id runs already.')
    if (operations.size >= OPERATIONS_EACH) {
      const hit = { name: 'streamOperations', most: OPERATIONS_EACH, found: operations.size + 1 } as const
      throw overLimit(429, hit, `One stream may have ${OPERATIONS_EACH} operations at a time.`)
    }
    const ending = new AbortController()
    const stopWatching = access.watch(caller, () => endOperation(stream, id, accessEnded()))
    operations.set(id, ending)
    const { requestId, response } = exchange
    ending.signal.addEventListener('abort', stopWatching)
    response.writeHead(202).end()

    const results = async () => {
      const operation = await prepareOperation(engine, params, {
        viewer: caller.viewer,
        requestId,
        signal: ending.signal,
      })
      return 'errors' in operation ? operation : operation.run()
    }
    void deliver(stream, id, ending.signal, results).catch((cause: unknown) => {
      endOperation(stream, id, maskError(asGraphQLError(cause), requestId, logger))
    })
  }

  function stop({ response, search }: Exchange, stream: Stream): void {
    const id = new URLSearchParams(search).get('operationId')
    if (!id) throw badRequest('"operationId" in the query must name the operation to stop.')
    endOperation(stream, id)
    response.writeHead(200).end()
  }

  function breakOff(stream: Stream): void {
    clearTimeout(stream.expiry)
    streams.delete(stream.token)
    if (stream.response !== null) breakOffEventStream(stream.response)
    for (const operation of stream.operations.values()) operation.abort()
    stream.operations.clear()
  }

  return {
    async answer(exchange, caller, readJson) {
      const { request, response } = exchange
      if (request.method === 'PUT') return reserve(exchange, caller)
      const stream = streams.get(tokenOf(exchange) ?? '')
      if (stream?.owner !== ownerOf(caller.viewer)) {
        throw new Refusal(404, 'NOT_FOUND', 'Reserve a stream with PUT, and name it in X-GraphQL-Event-Stream-Token.')
      }
      if (request.method === 'GET') return open(exchange, caller, stream)
      if (request.method === 'POST') return run(exchange, caller, stream, readJson)
      if (request.method === 'DELETE') return stop(exchange, stream)
      response.setHeader('allow', 'GET, PUT, POST, DELETE')
      throw new Refusal(405, 'METHOD_NOT_ALLOWED', 'Use PUT, GET, POST and DELETE.')
    },
    open: () => [...streams.values()].filter((stream) => stream.response !== null).length,
    close() {
      for (const stream of [...streams.values()]) breakOff(stream)
    },
  }
}

/** Writes what an operation answers, as fast as the client reads: while it does not, no operation goes on. */
async function deliver(
  stream: Stream,
  id: string,
  signal: AbortSignal,
  run: () => Promise<ExecutionResult | AsyncIterableIterator<ExecutionResult>>,
): Promise<void> {
  const results = await run()
  if ('next' in results) {
    const leave = () => void results.return?.()
    signal.addEventListener('abort', leave)
    if (signal.aborted) leave()
    for await (const result of results) {
      await readOn(stream)
      if (signal.aborted) return
      write(stream, nextOf(id, result))
    }
  } else {
    await readOn(stream)
    if (!signal.aborted) write(stream, nextOf(id, results))
  }
  endOperation(stream, id)
}

/** Ends an operation that still runs, and tells the client. */
function endOperation(stream: Stream, id: string, why?: GraphQLError): void {
  const operation = stream.operations.get(id)
  if (!operation) return
  stream.operations.delete(id)
  operation.abort()
  if (why) write(stream, nextOf(id, { errors: [why] }))
  write(stream, `event: complete\ndata: ${JSON.stringify({ id })}\n\n`)
}

function write(stream: Stream, text: string): void {
  const { response } = stream
  if (response === null || response.destroyed || response.writableEnded) return
  if (response.write(text)) return
  stream.draining ??= drained(response).finally(() => {
    stream.draining = null
  })
}

async function readOn(stream: Stream): Promise<void> {
  while (stream.draining !== null) await stream.draining
}

function nextOf(id: string, payload: ExecutionResult): string {
  return `event: next\ndata: {"id":${JSON.stringify(id)},"payload":${textOf(payload)}}\n\n`
}

/** The same person, key or agent, also where an agent's token was issued anew meanwhile. */
function ownerOf({ workspaceId, kind, actor, userId, apiKeyId }: Viewer): string {
  return JSON.stringify([workspaceId, kind, actor, userId, apiKeyId])
}

function tokenOf({ request, search }: Exchange): string | null {
  const given = request.headers['x-graphql-event-stream-token']
  return typeof given === 'string' ? given : new URLSearchParams(search).get('token')
}
