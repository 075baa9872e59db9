/** What the ways into the API tell of themselves, as counts and as spans. */
import type { ExecutionResult } from 'graphql'
import type { ObserveOperation, ObserveRequest } from '../http/observe.ts'
import { Refusal } from '../http/refusal.ts'
import type { Metrics, OperationOutcome } from './metrics.ts'
import { markFailed, traced, tracedRequest } from './tracing.ts'

/** Counts each request, and has it traced, the questions after our health aside. */
export function requestObserver(metrics: Pick<Metrics, 'requestAnswered'>): ObserveRequest {
  return async ({ request, response, path, requestId }, work) => {
    const route = routeOf(path)
    try {
      if (route === 'health') return await work()
      const method = METHODS.has(request.method ?? '') ? (request.method ?? '') : 'OTHER'
      const attributes = { 'http.request.method': method, 'http.route': route, 'backchannel.request_id': requestId }
      await tracedRequest(request.headers, `${method} /${route}`, attributes, async (span) => {
        await work()
        span.setAttribute('http.response.status_code', response.statusCode)
        if (response.statusCode >= 500) markFailed(span, String(response.statusCode))
      })
    } finally {
      metrics.requestAnswered(route, response.statusCode)
    }
  }
}

const METHODS: ReadonlySet<string> = new Set(['GET', 'POST', 'OPTIONS', 'HEAD', 'PUT', 'DELETE', 'PATCH'])

/** Addresses are anybody's to make up: only what lives here is told apart. */
function routeOf(path: string): string {
  if (path === '/health' || path === '/ready') return 'health'
  if (path === '/graphql' || path === '/graphql/stream') return 'graphql'
  if (path.startsWith('/auth/')) return 'auth'
  if (path === '/admin' || path.startsWith('/admin/')) return 'admin'
  return 'other'
}

/** Counts each operation by its kind and by what came of it, with the time that it took. */
export function operationObserver(metrics: Pick<Metrics, 'operationEnded' | 'cache'>): ObserveOperation {
  return {
    async run({ type, name, requestId }, work) {
      const kind = type ?? 'unknown'
      const attributes = {
        'graphql.operation.type': kind,
        'backchannel.request_id': requestId,
        ...(name !== null && { 'graphql.operation.name': name.slice(0, LONGEST_NAME) }),
      }
      const startedAt = performance.now()
      let outcome: OperationOutcome = 'failed'
      try {
        return await traced(`graphql ${kind}`, attributes, async (span) => {
          const result = await work().catch((error: unknown) => {
            if (error instanceof Refusal) outcome = 'errors'
            throw error
          })
          outcome = 'next' in result ? 'ok' : outcomeOf(result)
          span.setAttribute('backchannel.outcome', outcome)
          if (outcome === 'failed') markFailed(span, 'INTERNAL_SERVER_ERROR')
          return result
        })
      } finally {
        metrics.operationEnded(kind, outcome, (performance.now() - startedAt) / 1_000)
      }
    },
    refused: () => metrics.operationEnded('unknown', 'refused', 0),
    documentAsked: metrics.cache('documents'),
  }
}

const LONGEST_NAME = 80

function outcomeOf({ errors }: ExecutionResult): OperationOutcome {
  if (!errors || errors.length === 0) return 'ok'
  return errors.some(({ extensions }) => extensions['code'] === 'INTERNAL_SERVER_ERROR') ? 'failed' : 'errors'
}
