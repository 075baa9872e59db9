import { randomBytes } from 'node:crypto'
import type { GraphQLSchema } from 'graphql'
import { onTestFinished } from 'vitest'
import type { GatewayContext } from '../context.ts'
import { noProxies } from '../http/client-address.ts'
import { createGraphQLEndpoint } from '../http/graphql-endpoint.ts'
import { createGraphQLEngine } from '../http/graphql-engine.ts'
import { type KnownOperations, noKnownOperations } from '../http/known-operations.ts'
import { usualLimits } from '../http/limit-values.ts'
import { createRateLimits } from '../http/rate-limits.ts'
import { type HttpServer, type ListenOptions, listen, type Routes } from '../http/server.ts'
import type { CreateContext } from '../http/shared-subscriptions.ts'
import type { StreamSharing } from '../http/single-connection.ts'
import { createSocketEndpoint } from '../http/socket-endpoint.ts'
import { createSecretBox } from '../secrets/secret-box.ts'
import { createLogger } from '../shared/logger.ts'
import { createInProcessState } from '../shared-state/in-process.ts'
import type { Credentials } from '../viewers/service.ts'
import { heldScopes, type Scope, type Viewer } from '../viewers/viewer.ts'

/** What a server of its own holds streams with: there is no other instance. */
export function aloneSharing(): StreamSharing {
  return {
    shared: createInProcessState(),
    secrets: createSecretBox(`test:${randomBytes(32).toString('base64')}`),
  }
}

/** A caller of the given scope. */
export function testViewer(scope: Scope, workspaceId = 'workspace-1'): Viewer {
  return {
    kind: scope === 'AGENT' ? 'AGENT' : 'API_KEY',
    workspaceId,
    scopes: heldScopes(scope),
    actor: 'test',
    userId: null,
    apiKeyId: 'key-1',
    agent: scope === 'AGENT' ? { id: 'agent-1', name: 'Anna', email: null } : null,
    conversationIds: null,
    address: null,
  }
}

export interface TestServer {
  readonly url: string
  readonly http: HttpServer
  /** As the gateway does when it closes. */
  endStreams(): void
  /** Every line that was logged. */
  readonly lines: string[]
  /** From now on nobody is known any more. */
  endAccess(): void
  /** POSTs a query as the caller whose scope is named. */
  post(
    body: unknown,
    options?: { as?: Scope; headers?: Record<string, string>; signal?: AbortSignal },
  ): Promise<Response>
}

export interface TestServerOptions extends Partial<Routes>, ListenOptions {
  initMs?: number
  known?: KnownOperations
}

/**
 * The HTTP server with a schema of the test's own; the bearer names the caller's scope.
 *
 * @param initMs how long a WebSocket may stay nameless
 */
export async function startTestServer(
  schema: GraphQLSchema,
  context: Partial<GatewayContext> = {},
  {
    initMs,
    limits = usualLimits,
    known = noKnownOperations,
    proxies = noProxies,
    secure = false,
    ...routes
  }: TestServerOptions = {},
): Promise<TestServer> {
  const lines: string[] = []
  const access = { ended: false }
  const logger = createLogger('debug', { write: (line) => lines.push(line) })
  const http = await listen(0, '127.0.0.1', logger, { limits, proxies, secure })
  onTestFinished(() => http.close(0))
  const url = `http://127.0.0.1:${http.port}`
  const createContext: CreateContext = (request) => ({ ...context, ...request }) as GatewayContext
  const rates = createRateLimits(limits)
  const serving = {
    engine: createGraphQLEngine({ schema, createContext, limits, rates, known, logger }),
    authenticate: async ({ authorization, cookie }: Credentials) => {
      if (access.ended) return null
      const scope = (authorization ?? cookie)?.replace(/^Bearer |^scope=/, '')
      return scope === 'ADMIN' || scope === 'SERVICE' || scope === 'AGENT' ? testViewer(scope) : null
    },
    rates,
    ownOrigins: new Set([url]),
    streamCheckMs: 20,
    logger,
  }
  const sockets = createSocketEndpoint({ ...serving, ...(initMs !== undefined && { initMs }) })
  const endpoint = createGraphQLEndpoint({ ...serving, sharing: aloneSharing() })
  const endStreams = () => {
    sockets.close()
    endpoint.close()
  }
  onTestFinished(endStreams)
  http.serve({
    graphql: endpoint.answer,
    upgrade: sockets.take,
    auth: async ({ response }) => void response.end(),
    checkReady: async () => {},
    admin: { directory: '/nowhere', mount: '/admin', policy: '' },
    corsOrigins: new Set(),
    ...routes,
  })

  return {
    url,
    http,
    lines,
    endStreams,
    endAccess() {
      access.ended = true
    },
    post: (body, { as = 'ADMIN', headers = {}, signal } = {}) =>
      fetch(`${url}/graphql`, {
        method: 'POST',
        headers: { 'content-type': 'application/json', authorization: `Bearer ${as}`, ...headers },
        body: typeof body === 'string' ? body : JSON.stringify(body),
        ...(signal ? { signal } : {}),
      }),
  }
}
