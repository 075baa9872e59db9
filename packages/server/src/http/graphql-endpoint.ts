import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ExecutionResult, type GraphQLError, OperationTypeNode } from 'graphql'
import type { Logger } from '../shared/logger.ts'
import type { Credentials } from '../viewers/service.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { type Caller, createAccessWatch } from './access-watch.ts'
import { breakOffEventStream, endEventStream, sendEventStream } from './event-stream.ts'
import { credentialsOf, type Exchange } from './exchange.ts'
import { acceptsStream, chooseAnswerType, namesJson, sendRefusal, sendResult } from './graphql-answer.ts'
import type { GraphQLEngine } from './graphql-engine.ts'
import { type GraphQLParams, readQuery, toGraphQLParams } from './graphql-params.ts'
import { parseJsonBody } from './json-text.ts'
import { type PreparedOperation, prepareOperation } from './operation.ts'
import type { RateLimits } from './rate-limits.ts'
import { readBody } from './read-body.ts'
import { accessEnded, needsStream, Refusal } from './refusal.ts'
import type { ContextRequest } from './shared-subscriptions.ts'
import { createSingleConnections, type StreamSharing } from './single-connection.ts'

export interface GraphQLEndpointParts {
  engine: GraphQLEngine
  authenticate(credentials: Credentials): Promise<Viewer | null>
  rates: RateLimits
  /** Origins whose pages may use a session cookie. */
  ownOrigins: ReadonlySet<string>
  /** How often an open stream's caller is looked at again, in milliseconds: one whose access has ended is cut off. */
  streamCheckMs?: number
  /** Calls its listener where somebody's access has ended or changed, on any instance: then it looks at once. */
  onAccessChanged?: (listener: () => void) => void
  /** What instances have in common to hold streams together. */
  sharing: StreamSharing
  logger: Logger
}

export interface GraphQLEndpoint {
  answer(exchange: Exchange): Promise<void>
  /** How many streams are open. */
  open(): number
  /** Ends every stream without saying that it was complete: its client comes back, to another instance or after a start. */
  close(): void
}

export const STREAM_CHECK_MS = 2_000
const SINGLE_CONNECTION_PATH = '/graphql/stream'
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i

/**
 * Answers `/graphql` and `/graphql/stream`. Every request is read here and handed to yoga's engine; yoga's own HTTP handler
 * would cost about 200 µs more (performance.md, technique 8) and fail at what is malformed. What is refused is refused alike
 * on all ways: unknown callers, other content types (which also keeps forms of other sites out), large and deep bodies.
 */
export function createGraphQLEndpoint(parts: GraphQLEndpointParts): GraphQLEndpoint {
  const { engine, authenticate, rates, ownOrigins, streamCheckMs = STREAM_CHECK_MS, logger } = parts
  const { limits } = engine
  const access = createAccessWatch({
    authenticate,
    checkMs: streamCheckMs,
    ...(parts.onAccessChanged && { onAccessChanged: parts.onAccessChanged }),
  })
  const singleConnections = createSingleConnections({ engine, access, authenticate, sharing: parts.sharing, logger })
  const streams = new Set<ServerResponse>()
  let closed = false

  async function answer(exchange: Exchange): Promise<void> {
    try {
      await answerOrRefuse(exchange)
    } catch (error) {
      // Whoever has gone needs no answer.
      if (exchange.signal.aborted) return
      if (!(error instanceof Refusal)) throw error
      refuse(exchange, error)
    }
  }

  async function answerOrRefuse(exchange: Exchange): Promise<void> {
    const { request, response, path, search, requestId, signal } = exchange
    const { method } = request
    const isSingleConnection = path === SINGLE_CONNECTION_PATH
    if (!isSingleConnection && method !== 'POST' && method !== 'GET') {
      response.setHeader('allow', 'GET, POST')
      throw new Refusal(405, 'METHOD_NOT_ALLOWED', 'Use GET or POST.')
    }
    const credentials = credentialsOf(exchange, ownOrigins)
    const viewer = await authenticate(credentials)
    if (!viewer) {
      response.setHeader('www-authenticate', 'Bearer')
      const message = 'Send "Authorization: Bearer …" with an API key, or an agent\'s token, that is in force.'
      throw new Refusal(401, 'UNAUTHENTICATED', message)
    }
    await rates.countViewer(viewer, response)
    // Whoever left while we looked needs nothing more; what begins now would not be told of their leaving.
    if (signal.aborted) return
    const readJson = async () => parseJsonBody(await takeJsonBody(exchange, limits.bodyBytes), limits.nesting)
    const caller = { viewer, credentials }
    if (isSingleConnection) {
      refuseWhenClosed()
      return singleConnections.answer(exchange, caller, readJson)
    }

    const params =
      method === 'POST'
        ? toGraphQLParams(await readJson(), engine.known)
        : readQuery(search, limits.nesting, engine.known)
    const { accept } = request.headers
    const asked = { viewer, requestId, signal }
    if (acceptsStream(accept)) {
      const operation = await prepareOperation(engine, params, asked)
      // Many clients accept everything with every request: what is answered once comes as JSON, if that will do.
      if (isSubscription(operation) || !namesJson(accept)) return stream(exchange, caller, operation)
    }
    const type = chooseAnswerType(accept)
    if (type === null) {
      const types = 'application/graphql-response+json, application/json or, to subscribe, text/event-stream'
      throw new Refusal(406, 'NOT_ACCEPTABLE', `Accept ${types}.`)
    }
    sendResult(response, await run(exchange, params, asked), type)
  }

  async function run(
    { request, response }: Exchange,
    params: GraphQLParams,
    asked: ContextRequest,
  ): Promise<ExecutionResult> {
    const operation = await prepareOperation(engine, params, asked)
    if ('errors' in operation) return operation
    if (isSubscription(operation)) return { errors: [needsStream()] }
    refuseMutationByGet(request, response, operation)
    return (await operation.run()) as ExecutionResult
  }

  async function stream(
    { request, response, signal }: Exchange,
    caller: Caller,
    operation: PreparedOperation | { errors: GraphQLError[] },
  ): Promise<void> {
    const isRefused = 'errors' in operation
    if (!isRefused) refuseMutationByGet(request, response, operation)
    const isLasting = isSubscription(operation)
    if (isLasting) refuseWhenClosed()
    if (signal.aborted) return
    const stopWatching = access.watch(caller, () => endEventStream(response, accessEnded()))
    // What is answered once is waited for, as every request is.
    if (isLasting) streams.add(response)
    response.once('close', () => {
      stopWatching()
      streams.delete(response)
    })
    return sendEventStream(response, isRefused ? operation : await operation.run())
  }

  /** What began now would be completed at once, and its client would not come back. */
  function refuseWhenClosed(): void {
    if (closed) throw new Refusal(503, 'CLOSING', 'The server closes. Subscribe again in a moment.')
  }

  function close(): void {
    closed = true
    singleConnections.close()
    for (const response of streams) breakOffEventStream(response)
  }

  return { answer, open: () => streams.size + singleConnections.open(), close }
}

/** Links and pictures of other sites ask by GET. */
function refuseMutationByGet(request: IncomingMessage, response: ServerResponse, { type }: PreparedOperation): void {
  if (request.method !== 'GET' || type !== OperationTypeNode.MUTATION) return
  response.setHeader('allow', 'POST')
  throw new Refusal(405, 'METHOD_NOT_ALLOWED', 'Send mutations by POST.')
}

function isSubscription(operation: PreparedOperation | { errors: GraphQLError[] }): boolean {
  return 'type' in operation && operation.type === OperationTypeNode.SUBSCRIPTION
}

async function takeJsonBody({ request }: Exchange, mostBytes: number): Promise<Buffer> {
  const { 'content-type': type, 'content-encoding': encoding = 'identity' } = request.headers
  if (!JSON_TYPE.test(type ?? '')) {
    throw new Refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send JSON with "Content-Type: application/json".')
  }
  if (encoding !== 'identity') {
    throw new Refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body as it is, without Content-Encoding.')
  }
  return readBody(request, mostBytes)
}

/** What is left of the request is not read: the connection ends with the answer. */
function refuse({ request, response }: Exchange, refusal: Refusal): void {
  if (!request.complete) response.setHeader('connection', 'close')
  sendRefusal(response, refusal, chooseAnswerType(request.headers.accept) ?? undefined)
}
