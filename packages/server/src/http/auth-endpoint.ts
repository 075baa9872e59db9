import { ADDRESS_HEADER, LOCAL_HEADER } from '../viewers/session-cookie.ts'
import type { Sessions } from '../viewers/sessions.ts'
import { type ConnectEndpointParts, createConnectEndpoint } from './connect-endpoint.ts'
import type { Exchange } from './exchange.ts'
import { isLocalRequest } from './local-request.ts'
import { readBody } from './read-body.ts'
import { Refusal } from './refusal.ts'
import { sendWebResponse, toWebRequest } from './web-bridge.ts'

export interface AuthEndpointParts extends ConnectEndpointParts {
  sessions: Sessions
}

const MAX_BODY_BYTES = 64 * 1024

/** Answers `/auth/…`: sign-ins of admins, and the ways to and back from the CRMs' sign-in pages. */
export function createAuthEndpoint(parts: AuthEndpointParts): (exchange: Exchange) => Promise<void> {
  const { sessions, publicUrl } = parts
  const connect = createConnectEndpoint(parts)

  return async function answer(exchange) {
    const { request, response, path, search, address, signal } = exchange
    if (request.method !== 'GET' && request.method !== 'POST') {
      response.setHeader('allow', 'GET, POST')
      throw new Refusal(405, 'METHOD_NOT_ALLOWED', 'Use GET or POST.')
    }
    if (await connect(exchange)) return
    request.headers[ADDRESS_HEADER] = address
    request.headers[LOCAL_HEADER] = isLocalRequest(exchange) ? 'yes' : 'no'
    const body = await readBody(request, MAX_BODY_BYTES)
    await sendWebResponse(
      response,
      await sessions.handle(toWebRequest(request, `${publicUrl}${path}${search}`, signal, body)),
    )
  }
}
