import { createHash } from 'node:crypto'
import { type ProviderKey, providerDefinitions } from '@backchannel/providers'
import { ActionableError } from '../shared/errors.ts'
import type { Credentials } from '../viewers/service.ts'
import { ADDRESS_HEADER, LOCAL_HEADER } from '../viewers/session-cookie.ts'
import type { Sessions } from '../viewers/sessions.ts'
import type { Viewer } from '../viewers/viewer.ts'
import type { Exchange } from './exchange.ts'
import { isLocalRequest } from './local-request.ts'
import { readBody } from './read-body.ts'
import { Refusal } from './refusal.ts'
import { sendWebResponse, toWebRequest } from './web-bridge.ts'

export interface AuthEndpointParts {
  sessions: Sessions
  authenticate(credentials: Credentials): Promise<Viewer | null>
  /** Finishes what a CRM's own sign-in page began; answers the path where the person goes on. */
  finishSignIn(
    provider: ProviderKey,
    query: URLSearchParams,
    userId: string | null,
    address: string | null,
  ): Promise<string>
  publicUrl: string
}

const callbacks = new Map(
  Object.values(providerDefinitions).map(({ descriptor }) => [`/auth/callback/${descriptor.callback}`, descriptor.key]),
)
const MAX_BODY_BYTES = 64 * 1024

/** Answers `/auth/…`: sign-ins of admins, and the way back from the CRMs' sign-in pages. */
export function createAuthEndpoint(parts: AuthEndpointParts): (exchange: Exchange) => Promise<void> {
  const { sessions, authenticate, finishSignIn, publicUrl } = parts

  async function answerCallback(exchange: Exchange, provider: ProviderKey): Promise<void> {
    const { request, response, search, address } = exchange
    if (request.method !== 'GET') throw new Refusal(405, 'METHOD_NOT_ALLOWED', 'Use GET.')
    // The browser was sent here by another site, as it must be; the `state` in the query is what proves who began it.
    const viewer = await authenticate({ authorization: null, cookie: request.headers.cookie ?? null, address })
    try {
      const path = await finishSignIn(provider, new URLSearchParams(search), viewer?.userId ?? null, address)
      response.writeHead(303, { location: path, 'cache-control': 'no-store' }).end()
    } catch (error) {
      if (!(error instanceof ActionableError)) throw error
      response.writeHead(400, {
        'content-type': 'text/html; charset=utf-8',
        'content-security-policy': `default-src 'none'; style-src 'sha256-${styleHash}'`,
        'cache-control': 'no-store',
      })
      response.end(failurePage(error.message))
    }
  }

  return async function answer(exchange) {
    const provider = callbacks.get(exchange.path)
    if (provider) return answerCallback(exchange, provider)
    const { request, response, path, search, address, signal } = exchange
    if (request.method !== 'GET' && request.method !== 'POST') {
      response.setHeader('allow', 'GET, POST')
      throw new Refusal(405, 'METHOD_NOT_ALLOWED', 'Use GET or POST.')
    }
    request.headers[ADDRESS_HEADER] = address
    request.headers[LOCAL_HEADER] = isLocalRequest(exchange) ? 'yes' : 'no'
    const body = await readBody(request, MAX_BODY_BYTES)
    await sendWebResponse(
      response,
      await sessions.handle(toWebRequest(request, `${publicUrl}${path}${search}`, signal, body)),
    )
  }
}

const style = `body { max-width: 32rem; margin: 4rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif }
h1 { font-size: 1.5rem }`
const styleHash = createHash('sha256').update(style).digest('base64')

function failurePage(message: string): string {
  const text = message.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>Not connected</title><style>${style}</style>
<h1>Not connected</h1><p>${text}</p><p><a href="/admin/integrations">Back to the integrations</a></p>`
}
