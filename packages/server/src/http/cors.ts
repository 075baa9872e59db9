import type { Exchange } from './exchange.ts'

const MAX_AGE_SECONDS = '600'
const ALLOWED_HEADERS = 'Authorization, Content-Type, X-Request-Id, X-GraphQL-Event-Stream-Token'

/**
 * Lets the pages of listed origins read answers. No cookies: such a page brings a token. Everybody else's browser refuses
 * by itself, since the answer does not name its origin.
 *
 * @returns whether the request was a preflight and has been answered
 */
export function handleCors({ request, response }: Exchange, origins: ReadonlySet<string>): boolean {
  const { origin } = request.headers
  const preflight = request.method === 'OPTIONS'
  if (origins.size > 0) response.setHeader('vary', 'Origin')
  if (origin !== undefined && origins.has(origin)) {
    response.setHeader('access-control-allow-origin', origin)
    response.setHeader('access-control-expose-headers', 'X-Request-Id, RateLimit, RateLimit-Policy, Retry-After')
    if (preflight) {
      response.setHeader('access-control-allow-methods', 'GET, POST, PUT, DELETE')
      response.setHeader('access-control-allow-headers', ALLOWED_HEADERS)
      response.setHeader('access-control-max-age', MAX_AGE_SECONDS)
    }
  }
  if (preflight) response.writeHead(204).end()
  return preflight
}
