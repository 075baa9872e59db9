/**
 * The single-connection mode of the GraphQL over SSE protocol, for browsers that open few connections to a server at once
 * (HTTP/1): a client reserves a stream, opens it, and has the results of any number of operations come through it. What is
 * it asks may reach any instance: the one that holds its stream runs it (`stream-relay.ts`).
 */
import type { ServerResponse } from 'node:http'
import type { ExecutionResult, GraphQLError } from 'graphql'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { Logger } from '../shared/logger.ts'
import type { Talk } from '../shared-state/shared-state.ts'
import type { Credentials } from '../viewers/service.ts'
import type { Viewer } from '../viewers/viewer.ts'
import type { AccessWatch, Caller } from './access-watch.ts'
import { textOf } from './answer-text.ts'
import { breakOffEventStream, openEventStream } from './event-stream.ts'
import type { Exchange } from './exchange.ts'
import type { GraphQLEngine } from './graphql-engine.ts'
import { type GraphQLParams, toGraphQLParams } from './graphql-params.ts'
import { asGraphQLError, maskError } from './masking.ts'
import { prepareOperation } from './operation.ts'
import { accessEnded, badRequest, overLimit, Refusal } from './refusal.ts'
import { createStreamRelay } from './stream-relay.ts'
import { createStreamTokens, RESERVED_MS } from './stream-tokens.ts'
import { drained } from './web-bridge.ts'

export interface SingleConnections {
  /** `readJson` reads the body as that of every GraphQL request is read. */
  answer(exchange: Exchange, caller: Caller, readJson: () => Promise<unknown>): Promise<void>
  /** How many streams are open. */
  open(): number
  /** Ends every stream, without completing what ran in it. */
  close(): void
}

/** What instances have in common to hold streams together. */
export interface StreamSharing {
  shared: Talk
  secrets: Pick<SecretBox, 'hash' | 'seal' | 'open'>
}

export interface SingleConnectionParts {
  engine: GraphQLEngine
  access: AccessWatch
  authenticate(credentials: Credentials): Promise<Viewer | null>
  sharing: StreamSharing
  logger: Logger
}

/** How many reserved streams of one caller may wait to be opened. */
const RESERVED_EACH = 20
const OPERATIONS_EACH = 100
const OPERATION_ID = /^[\x21-\x7e]{1,128}$/

interface Stream {
  readonly token: string
  /** Who reserved it: for everybody else it is not there. */
  readonly owner: string
  readonly response: ServerResponse
  /** What ends each operation, by the id that the client gave it. */
  readonly operations: Map<string, AbortController>
  /** The client does not read at the moment. */
  draining: Promise<void> | null
}

export function createSingleConnections(parts: SingleConnectionParts): SingleConnections {
  const { engine, access, authenticate, logger } = parts
  const { secrets, shared } = parts.sharing
  const tokens = createStreamTokens(secrets)
  const streams = new Map<string, Stream>()
  /** Those that were reserved here and wait to be opened, wherever that will be, by who reserved them. */
  const waiting = new Map<string, string>()
  /** Those that were opened here, for as long as they could be opened once more. */
  const opened = new Set<string>()

  const relay = createStreamRelay({
    ...{ shared, secrets, logger },
    holds: (token) => openStream(token) !== null,
    async take({ token, credentials, requestId, work }) {
      const viewer = await authenticate(credentials)
      const stream = openStream(token)
      if (viewer === null || stream?.owner !== ownerOf(viewer)) throw notThere()
      if (work.kind === 'RUN') run(stream, { viewer, credentials }, requestId, work.body)
      else endOperation(stream, work.operationId)
    },
    leave(token) {
      const stream = streams.get(token)
      if (stream) breakOff(stream)
    },
  })

  /** Null also while it is being opened. */
  function openStream(token: string): Stream | null {
    const stream = streams.get(token)
    return stream?.response.headersSent ? stream : null
  }

  function reserve({ response }: Exchange, owner: string): void {
    const found = [...waiting.values()].filter((it) => it === owner).length
    if (found >= RESERVED_EACH) {
      const hit = { name: 'streamsReserved', most: RESERVED_EACH, found: found + 1 } as const
      throw overLimit(429, hit, `${RESERVED_EACH} streams are reserved and wait to be opened.`)
    }
    const token = tokens.issue(owner)
    waiting.set(token, owner)
    setTimeout(() => waiting.delete(token), RESERVED_MS).unref()
    response.writeHead(201, { 'content-type': 'text/plain; charset=utf-8', 'cache-control': 'no-store' }).end(token)
  }

  async function open({ request, response }: Exchange, caller: Caller, token: string): Promise<void> {
    if (!request.headers.accept?.includes('text/event-stream')) {
      throw new Refusal(406, 'NOT_ACCEPTABLE', 'Accept text/event-stream.')
    }
    if (streams.has(token)) throw new Refusal(409, 'CONFLICT', 'This stream is open already.')
    const timeLeft = tokens.timeLeft(token)
    if (timeLeft === 0 || opened.has(token)) throw notThere()
    const stream: Stream = {
      token,
      owner: ownerOf(caller.viewer),
      response,
      operations: new Map(),
      draining: null,
    }
    const stopWatching = access.watch(caller, () => {
      for (const id of [...stream.operations.keys()]) endOperation(stream, id, accessEnded())
      breakOff(stream)
    })
    waiting.delete(token)
    opened.add(token)
    setTimeout(() => opened.delete(token), timeLeft).unref()
    streams.set(token, stream)
    response.once('close', () => {
      stopWatching()
      breakOff(stream)
    })
    // Somebody on the way may have asked another instance before, and its stream looks open there still.
    await relay.takeOver(token)
    if (!response.destroyed) openEventStream(response)
  }

  /** @throws Refusal */
  function run(stream: Stream, caller: Caller, requestId: string, body: unknown): void {
    const params = toGraphQLParams(body, engine.known)
    const id = operationIdOf(params)
    const { operations } = stream
    if (operations.has(id)) throw new Refusal(409, 'CONFLICT', 'An operation of this id runs already.')
    if (operations.size >= OPERATIONS_EACH) {
      const hit = { name: 'streamOperations', most: OPERATIONS_EACH, found: operations.size + 1 } as const
      throw overLimit(429, hit, `One stream may have ${OPERATIONS_EACH} operations at a time.`)
    }
    const ending = new AbortController()
    const stopWatching = access.watch(caller, () => endOperation(stream, id, accessEnded()))
    operations.set(id, ending)
    ending.signal.addEventListener('abort', stopWatching)

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

  async function runAnywhere(exchange: Exchange, caller: Caller, token: string, body: unknown): Promise<void> {
    const { requestId } = exchange
    const stream = openStream(token)
    if (stream) return run(stream, caller, requestId, body)
    // What is wrong with it is said here: another instance is asked for what it may do alone.
    operationIdOf(toGraphQLParams(body, engine.known))
    const { credentials } = caller
    if (await relay.ask({ token, credentials, requestId, work: { kind: 'RUN', body } })) return
    const message =
      'Open the stream before you have operations run in it. Where it is open on another of several instances, they ' +
      'need REDIS_URL to find it; a distinct connection for each subscription needs no such thing.'
    throw new Refusal(409, 'CONFLICT', message)
  }

  async function stopAnywhere({ search, requestId }: Exchange, { credentials }: Caller, token: string): Promise<void> {
    const operationId = new URLSearchParams(search).get('operationId')
    if (!operationId) throw badRequest('"operationId" in the query must name the operation to stop.')
    const stream = openStream(token)
    if (stream) endOperation(stream, operationId)
    else await relay.ask({ token, credentials, requestId, work: { kind: 'STOP', operationId } })
  }

  function breakOff(stream: Stream): void {
    streams.delete(stream.token)
    breakOffEventStream(stream.response)
    for (const operation of stream.operations.values()) operation.abort()
    stream.operations.clear()
  }

  return {
    async answer(exchange, caller, readJson) {
      const { request, response } = exchange
      const owner = ownerOf(caller.viewer)
      if (request.method === 'PUT') return reserve(exchange, owner)
      const token = tokenOf(exchange) ?? ''
      if (!tokens.isOf(token, owner)) throw notThere()
      if (request.method === 'GET') return open(exchange, caller, token)
      if (request.method === 'POST') {
        await runAnywhere(exchange, caller, token, await readJson())
        return void response.writeHead(202).end()
      }
      if (request.method === 'DELETE') {
        await stopAnywhere(exchange, caller, token)
        return void response.writeHead(200).end()
      }
      response.setHeader('allow', 'GET, PUT, POST, DELETE')
      throw new Refusal(405, 'METHOD_NOT_ALLOWED', 'Use PUT, GET, POST and DELETE.')
    },
    open: () => streams.size,
    close() {
      relay.close()
      for (const stream of [...streams.values()]) breakOff(stream)
    },
  }
}

function notThere(): Refusal {
  return new Refusal(404, 'NOT_FOUND', 'Reserve a stream with PUT, and name it in X-GraphQL-Event-Stream-Token.')
}

/** @throws Refusal */
function operationIdOf({ extensions }: GraphQLParams): string {
  const id = extensions?.['operationId']
  if (typeof id === 'string' && OPERATION_ID.test(id)) return id
  throw badRequest('"extensions.operationId" must name the operation, in up to 128 letters, digits and signs.')
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
  if (response.destroyed || response.writableEnded) return
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
