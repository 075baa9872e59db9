import type { IncomingMessage } from 'node:http'
import { type DocumentNode, GraphQLError, getOperationAST, OperationTypeNode } from 'graphql'
import type { GatewayContext } from '../context.ts'
import type { Credentials } from '../viewers/service.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { credentialsOf, type Exchange } from './exchange.ts'
import { chooseAnswerType, sendRefusal, sendResult } from './graphql-answer.ts'
import { type GraphQLEngine, MAX_BODY_BYTES } from './graphql-engine.ts'
import { type GraphQLParams, toGraphQLParams } from './graphql-params.ts'
import { parseJsonBody } from './json-text.ts'
import { shown } from './masking.ts'
import { readBody } from './read-body.ts'
import { Refusal } from './refusal.ts'
import { sendWebResponse, toWebRequest } from './web-bridge.ts'

export interface GraphQLEndpointParts {
  engine: GraphQLEngine
  authenticate(credentials: Credentials): Promise<Viewer | null>
  createContext(request: { viewer: Viewer; requestId: string; signal: AbortSignal }): GatewayContext
  /** Origins whose pages may use a session cookie. */
  ownOrigins: ReadonlySet<string>
  /** How often an open stream's caller is looked at again, in milliseconds: one whose access has ended is cut off. */
  streamCheckMs?: number
}

const STREAM_CHECK_MS = 2_000
const JSON_TYPE = /^application\/json\s*(;\s*charset\s*=\s*"?utf-?8"?\s*)?$/i

/**
 * Answers `/graphql`. An ordinary POST of JSON goes straight into yoga's engine; streams and GET go through yoga's own
 * handler, which costs about 200 µs more (performance.md, technique 8). What is refused is refused alike on both ways:
 * unknown callers, other content types (which also keeps forms of other sites out), large and deep bodies.
 */
export function createGraphQLEndpoint(parts: GraphQLEndpointParts): (exchange: Exchange) => Promise<void> {
  const { engine, authenticate, createContext, ownOrigins, streamCheckMs = STREAM_CHECK_MS } = parts

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
    if (wantsStream(request)) watchAccess(exchange, credentials)
    if (method === 'GET') return throughYoga(exchange, context)

    const body = await takeJsonBody(exchange)
    const params = toGraphQLParams(parseJsonBody(body))
    if (wantsStream(request)) return throughYoga(exchange, context, body)
    const type = chooseAnswerType(request.headers.accept)
    if (type === null) {
      const types = 'application/graphql-response+json, application/json or, to subscribe, text/event-stream'
      throw new Refusal(406, 'NOT_ACCEPTABLE', `Accept ${types}.`)
    }
    sendResult(response, await run(params, context), type)
  }

  async function run({ query, operationName, variables }: GraphQLParams, context: GatewayContext) {
    const { parse, validate, schema, contextFactory, execute } = engine.getEnveloped(context)
    let document: DocumentNode
    try {
      document = parse(query)
    } catch (error) {
      if (error instanceof AggregateError) return { errors: error.errors.map(withoutHttp) }
      throw error
    }
    const errors = validate(schema, document)
    if (errors.length > 0) return { errors: errors.map(withoutHttp) }
    if (getOperationAST(document, operationName)?.operation === OperationTypeNode.SUBSCRIPTION) {
      return { errors: [needsStream()] }
    }
    const contextValue = await contextFactory()
    return execute({ schema, document, operationName, variableValues: variables, contextValue })
  }

  function watchAccess({ response }: Exchange, credentials: Credentials): void {
    const check = async () => {
      if (!(await authenticate(credentials))) response.destroy()
    }
    // A look that fails is repeated: a database that is down for a moment cuts nobody off.
    const timer = setInterval(() => void check().catch(() => {}), streamCheckMs)
    response.once('close', () => clearInterval(timer))
  }

  async function throughYoga(exchange: Exchange, context: GatewayContext, body?: Buffer): Promise<void> {
    const { request, response, path, search, signal } = exchange
    const webRequest = toWebRequest(request, `http://gateway${path}${search}`, signal, body)
    await sendWebResponse(response, await engine.fetch(webRequest, context))
  }
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

/** An error may say which HTTP status yoga would take; that is not for the caller. */
function withoutHttp(error: GraphQLError): GraphQLError {
  const { http: _, ...extensions } = error.extensions
  return shown(error, error.message, extensions)
}

function needsStream(): GraphQLError {
  return new GraphQLError('Subscribe with "Accept: text/event-stream".', { extensions: { code: 'BAD_REQUEST' } })
}
