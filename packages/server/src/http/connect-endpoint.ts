/** The ways to and back from the CRMs' sign-in pages: `/auth/connect`, which asks first, and `/auth/callback/…`. */
import { type ProviderKey, providerDefinitions } from '@backchannel/providers'
import type { AuditedIntegrationService } from '../audit/audited.ts'
import { ASKED_PATH } from '../integrations/service.ts'
import { ActionableError } from '../shared/errors.ts'
import type { Credentials } from '../viewers/service.ts'
import type { Viewer } from '../viewers/viewer.ts'
import type { WorkspaceService } from '../workspaces/service.ts'
import { askingPage, failurePage, onwardPage, sendPage } from './connect-pages.ts'
import { type Exchange, isFromOurPages } from './exchange.ts'
import { hostCookie } from './host-cookie.ts'
import { readBody } from './read-body.ts'
import { Refusal } from './refusal.ts'

export interface ConnectEndpointParts {
  authenticate(credentials: Credentials): Promise<Viewer | null>
  integrations: Pick<AuditedIntegrationService, 'readTicket' | 'acceptTicket' | 'finishSignIn' | 'find'>
  workspaces: Pick<WorkspaceService, 'get'>
  publicUrl: string
  ownOrigins: ReadonlySet<string>
}

const callbacks = new Map(
  Object.values(providerDefinitions).map(({ descriptor }) => [`/auth/callback/${descriptor.callback}`, descriptor.key]),
)
const MAX_FORM_BYTES = 4 * 1024
/** As long as the way back is open. */
const MARK_SECONDS = 15 * 60

const nameOf = (provider: ProviderKey) => providerDefinitions[provider].descriptor.displayName

/** Answers whether it was asked for one of these. */
export function createConnectEndpoint(parts: ConnectEndpointParts): (exchange: Exchange) => Promise<boolean> {
  const { authenticate, integrations, workspaces, publicUrl, ownOrigins } = parts
  const mark = hostCookie('connect', publicUrl)

  async function ask({ response, search }: Exchange): Promise<void> {
    const ticket = new URLSearchParams(search).get('ticket') ?? ''
    const { provider, workspaceId, host, integrationId, begunBy } = await integrations.readTicket(ticket)
    const [workspace, integration] = await Promise.all([
      workspaces.get(workspaceId),
      integrationId === null ? null : integrations.find(workspaceId, integrationId),
    ])
    // Without it, the form would come from an origin that the browser does not name.
    response.setHeader('referrer-policy', 'same-origin')
    const shown = { crm: nameOf(provider), host, workspace: workspace.name, key: begunBy.actor }
    sendPage(response, 200, askingPage({ ...shown, ticket, action: ASKED_PATH, again: integration?.name ?? null }))
  }

  async function accept({ request, response }: Exchange): Promise<void> {
    if (!isFromOurPages(request, ownOrigins)) {
      throw new Refusal(403, 'NOT_ALLOWED', 'This is agreed to on the page of this server alone.')
    }
    const form = new URLSearchParams((await readBody(request, MAX_FORM_BYTES)).toString())
    const accepted = await integrations.acceptTicket(form.get('ticket') ?? '')
    response.setHeader('set-cookie', mark.write(accepted.mark, MARK_SECONDS))
    // A redirect of the form itself would have to name, in the page's policy, every address that the vendor redirects to.
    response.setHeader('refresh', `0; url=${accepted.authorizeUrl}`)
    sendPage(response, 200, onwardPage(nameOf(accepted.provider), accepted.authorizeUrl))
  }

  async function comeBack({ request, response, search, address }: Exchange, provider: ProviderKey): Promise<void> {
    const { cookie = null } = request.headers
    // The browser was sent here by another site, as it must be; state and cookie are what prove who began it, and where.
    const viewer = await authenticate({ authorization: null, cookie, address })
    const browser = { sessionId: viewer?.sessionId ?? null, mark: mark.read(cookie) }
    if (browser.mark !== null) response.setHeader('set-cookie', mark.write('', 0))
    const path = await integrations.finishSignIn(provider, new URLSearchParams(search), browser, address)
    response.writeHead(303, { location: path, 'cache-control': 'no-store' }).end()
  }

  return async function answer(exchange) {
    const { path, request, response } = exchange
    const provider = callbacks.get(path)
    if (path !== ASKED_PATH && !provider) return false
    try {
      if (!provider) await (request.method === 'POST' ? accept(exchange) : ask(exchange))
      else if (request.method === 'GET') await comeBack(exchange, provider)
      else throw new Refusal(405, 'METHOD_NOT_ALLOWED', 'Use GET.')
    } catch (error) {
      if (!(error instanceof ActionableError)) throw error
      sendPage(response, 400, failurePage(error.message))
    }
    return true
  }
}
