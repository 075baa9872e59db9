import { randomUUID } from 'node:crypto'
import type { IncomingMessage, ServerResponse } from 'node:http'
import type { Credentials } from '../viewers/service.ts'
import { clientAddress, type Proxies } from './client-address.ts'

/** One request and its answer, with what every handler needs to know. */
export interface Exchange {
  readonly request: IncomingMessage
  readonly response: ServerResponse
  /** The path without the query. */
  readonly path: string
  /** The query, with its question mark; empty where there is none. */
  readonly search: string
  readonly requestId: string
  /** Where the client is. */
  readonly address: string
  /** Ends when the client goes away before it was answered, or the server gives up waiting for it. */
  readonly signal: AbortSignal
}

const REQUEST_ID = /^[\w.:-]{1,64}$/

export function createExchange(request: IncomingMessage, response: ServerResponse, proxies: Proxies): Exchange {
  const url = request.url ?? '/'
  const mark = url.indexOf('?')
  const path = mark < 0 ? url : url.slice(0, mark)
  const given = request.headers['x-request-id']
  const requestId = typeof given === 'string' && REQUEST_ID.test(given) ? given : randomUUID()
  const controller = new AbortController()
  response.once('close', () => {
    if (!response.writableFinished) controller.abort()
  })
  response.setHeader('x-request-id', requestId)
  return {
    request,
    response,
    path,
    search: mark < 0 ? '' : url.slice(mark),
    requestId,
    address: clientAddress(request, proxies),
    signal: controller.signal,
  }
}

/**
 * Whether no page of another site can have sent the request: a browser names the origin of everything that could change
 * something.
 */
export function isFromOurPages({ headers }: IncomingMessage, ownOrigins: ReadonlySet<string>): boolean {
  const { origin, 'sec-fetch-site': site } = headers
  if (origin !== undefined) return ownOrigins.has(origin)
  return site === undefined || site === 'same-origin' || site === 'none'
}

/** What the request says about its caller. A session cookie counts only where no other site can have sent the request. */
export function credentialsOf(
  { request, address }: Pick<Exchange, 'request' | 'address'>,
  ownOrigins: ReadonlySet<string>,
): Credentials {
  const { authorization = null, cookie = null } = request.headers
  return { authorization, cookie: isFromOurPages(request, ownOrigins) ? cookie : null, address }
}
