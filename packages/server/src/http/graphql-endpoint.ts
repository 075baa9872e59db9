import type { IncomingMessage, ServerResponse } from 'node:http'
import { type ExecutionResult, GraphQLError } from 'graphql'
import type { GatewayContext } from '../context.ts'
import type { Credentials } from '../viewers/service.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { createAccessWatch } from './access-watch.ts'
import { type Results, sendEventStream } from './event-stream.ts'
import { credentialsOf, type Exchange } from './exchange.ts'
import { chooseAnswerType, sendRefusal, sendResult } from './graphql-answer.ts'
import { type GraphQLEngine, MAX_BODY_BYTES } from './graphql-engine.ts'
import { type GraphQLParams, toGraphQLParams } from './graphql-params.ts'
import { parseJsonBody } from './json-text.ts'
import { prepareOperation } from './operation.ts'
import { readBody } from './read-body.ts'
import { accessEnded, Refusal } from './refusal.ts'
import type { CreateContext } from './shared-subscriptions.ts'
import { sendWebResponse, toWebRequest } from './web-bridge.ts'

export interface GraphQLEndpointParts {
  engine: GraphQLEngine
  authenticate(credentials: Credentials): Promise<Viewer | null>
  createContext: CreateContext
  /** Origins whose pages may use a session cookie. */
  ownOrigins: ReadonlySet<string>
  /** How often an open stream's caller is looked at again, in milliseconds: one whose access has ended is cut off. */
  streamCheckMs?: number
}

const STREAM_CHECK_MS = 2_000
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i

/**
 * Answers `/graphql`. A POST of JSON goes straight into yoga's engine; GET goes through yoga's own handler, which costs
 * about 200 µs more (performance.md, technique 8), and for a stream so for each event and subscriber. What is refused is refused alike on both ways:
 * unknown callers, other content types (which also keeps forms of other sites out), large and deep bodies.
 */
export function createGraphQLEndpoint(parts: GraphQLEndpointParts): (exchange: Exchange) => Promise<void> {
  const { engine, authenticate, createContext, ownOrigins, streamCheckMs = STREAM_CHECK_MS } = parts
  const access = createAccessWatch({ authenticate, checkMs: streamCheckMs })

  return async function answer(exchange) {
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
    const { request, response, requestId, signal } = exchange
    const { method } = request
    if (method !== 'POST' && method !== 'GET') {
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
    // Whoever left while we looked needs nothing more; what begins now would not be told of their leaving.
    if (signal.aborted) return
    const context = createContext({ viewer, requestId, signal })
    if (wantsStream(request)) {
      const stopWatching = access.watch(credentials, () => endStream(response))
      response.once('close', stopWatching)
    }
    if (method === 'GET') return throughYoga(exchange, context)

    const body = await takeJsonBody(exchange)
    const params = toGraphQLParams(parseJsonBody(body))
    if (wantsStream(request)) return sendEventStream(response, await stream(params, context))
    const type = chooseAnswerType(request.headers.accept)
    if (type === null) {
      const types = 'application/graphql-response+json, application/json or, to subscribe, text/event-stream'
      throw new Refusal(406, 'NOT_ACCEPTABLE', `Accept ${types}.`)
    }
    sendResult(response, await run(params, context), type)
  }

  async function run(params: GraphQLParams, context: GatewayContext): Promise<ExecutionResult> {
    const operation = prepareOperation(engine, params, context)
    if ('errors' in operation) return operation
    return operation.subscribes ? { errors: [needsStream()] } : ((await operation.run()) as ExecutionResult)
  }

  async function stream(params: GraphQLParams, context: GatewayContext): Promise<Results | ExecutionResult> {
    const operation = prepareOperation(engine, params, context)
    return 'errors' in operation ? operation : operation.run()
  }

  async function throughYoga(exchange: Exchange, context: GatewayContext): Promise<void> {
    const { request, response, path, search, signal } = exchange
    const webRequest = toWebRequest(request, `http://gateway${path}${search}`, signal)
    await sendWebResponse(response, await engine.fetch(webRequest, context))
  }
}

/** Says why, so that a client does not take the end for an accident and come back with the same key. */
function endStream(response: ServerResponse): void {
  if (!response.headersSent) return void response.destroy()
  response.end(`\n\nevent: next\ndata: ${JSON.stringify({ errors: [accessEnded()] })}\n\nevent: complete\ndata:\n\n`)
  // Whoever does not read is not waited for.
  setTimeout(() => response.destroy(), 1_000).unref()
}

function wantsStream({ headers }: IncomingMessage): boolean {
  return headers.accept?.includes('text/event-stream') ?? false
}

async function takeJsonBody({ request }: Exchange): Promise<Buffer> {
  const { 'content-type': type, 'content-encoding': encoding = 'identity' } = request.headers
  if (!JSON_TYPE.test(type ?? '')) {
    throw new Refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send JSON with "Content-Type: application/json".')
  }
  if (encoding !== 'identity') {
    throw new Refusal(415, 'UNSUPPORTED_MEDIA_TYPE', 'Send the body as it is, without Content-Encoding.')
  }
  return readBody(request, MAX_BODY_BYTES)
}

/** What is left of the request is not read: the connection ends with the answer. */
function refuse({ request, response }: Exchange, refusal: Refusal): void {
  if (!request.complete) response.setHeader('connection', 'close')
  sendRefusal(response, refusal, chooseAnswerType(request.headers.accept) ?? undefined)
}

function needsStream(): GraphQLError {
  return new GraphQLError('Subscribe with "Accept: text/event-stream".', { extensions: { code: 'BAD_REQUEST' } })
}
