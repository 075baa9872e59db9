/**
 * Signing in at the vendor's page: there with a state and a PKCE challenge, and back with a code. Only the browser session
 * that was sent there may come back. A key has none: whoever opens the link that it asked for is told by whom, and agrees.
 */
import { randomBytes, timingSafeEqual } from 'node:crypto'
import { ProviderError, type ProviderKey, providerDefinitions, type SignInStart } from '@backchannel/providers'
import { sealed } from '../secrets/sealed-columns.ts'
import { CrmError, NotAllowedError, ValidationError } from '../shared/errors.ts'
import type { IsApiKeyInForce } from '../viewers/api-key-in-force.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { type Connector, type ConnectorParts, parseConfig } from './connect.ts'
import { emulatedApps } from './emulated-apps.ts'
import type { SignInAttemptStore } from './sign-in-store.ts'

export interface BeginSignInInput {
  provider: ProviderKey
  integrationId?: string | null | undefined
  applicationUrl?: string | null | undefined
  authority?: string | null | undefined
  loginUrl?: string | null | undefined
  clientId?: string | null | undefined
  clientSecret?: string | null | undefined
  activityKeyField?: string | null | undefined
  /** A path of ours where the person goes on, "/admin/integrations" where none is given. */
  returnTo?: string | null | undefined
}

export interface SignInStarted {
  authorizeUrl: string
  expiresAt: Date
}

export interface SignInParts extends ConnectorParts {
  attempts: SignInAttemptStore
  isApiKeyInForce: IsApiKeyInForce
  /** Under which the vendor's page finds us. */
  publicUrl: string
  /** For workspaces that bring no connected app of their own; their secrets are shown to the vendors only. */
  defaultClients: Partial<Record<ProviderKey, { clientId: string; clientSecret?: string }>>
}

/** What was asked to be connected: all that is kept for a link, until somebody opens it. */
interface Asked {
  config: unknown
  integrationId: string | null
  returnTo: string
  begunBy: SignInBeginner
}

interface AttemptDetail extends Asked {
  codeVerifier: string
  /** The session of ours that began it, or a keyed hash of the mark that the agreeing browser was given. */
  boundTo: { sessionId: string } | { markHash: string }
}

/** What a browser that comes back brings along of ours. */
export interface ReturningBrowser {
  readonly sessionId: string | null
  readonly mark: string | null
}

/** What somebody who opens the link of a key agrees to. */
export interface AskedConnection {
  readonly provider: ProviderKey
  readonly workspaceId: string
  /** Where the sign-in page is. */
  readonly host: string
  /** The integration that is to be connected anew. */
  readonly integrationId: string | null
  readonly begunBy: SignInBeginner
}

/** Who began it, to be named in the audit log. */
export type SignInBeginner = Pick<Viewer, 'workspaceId' | 'kind' | 'actor' | 'userId' | 'apiKeyId' | 'agent'>

export interface SignIn {
  begin(viewer: Viewer, input: BeginSignInInput): Promise<SignInStarted>
  /** @throws NotAllowedError where the link leads nowhere */
  readTicket(ticket: string): Promise<AskedConnection>
  /**
   * Somebody has agreed, which can be done once. `mark`: what their browser has to come back with.
   *
   * @throws NotAllowedError
   */
  acceptTicket(ticket: string): Promise<{ provider: ProviderKey; authorizeUrl: string; mark: string }>
  /**
   * Who comes back, which can be done once; `connect` answers the integration's id.
   *
   * @throws NotAllowedError
   */
  finish(provider: ProviderKey, query: URLSearchParams, browser: ReturningBrowser): Promise<ReturnedSignIn<string>>
}

/** Somebody who came back from the vendor's page. */
export interface ReturnedSignIn<Connected> {
  /** Where the person goes on. */
  readonly returnTo: string
  readonly begunBy: SignInBeginner
  /**
   * Redeems what the page sent, asks the CRM who we are there, and keeps the integration.
   *
   * @throws CrmError
   */
  connect(): Promise<Connected>
}

const attemptMs = 15 * 60_000
/** Where the link of a key leads. */
export const ASKED_PATH = '/auth/connect'

export function createSignIn(parts: SignInParts, connector: Connector): SignIn {
  const { attempts, isApiKeyInForce, secrets, http, now, publicUrl, defaultClients, emulatedHosts } = parts
  const redirectUri = (provider: ProviderKey) =>
    new URL(`/auth/callback/${providerDefinitions[provider].descriptor.callback}`, publicUrl).href
  const hash = (state: string) => secrets.hash('sign-in-state', state)
  const hashTicket = (ticket: string) => secrets.hash('sign-in-ticket', ticket)
  const hashMark = (mark: string) => secrets.hash('sign-in-mark', mark)
  const { identity } = sealed.signIn

  function flowOf(provider: ProviderKey) {
    const flow = providerDefinitions[provider].signIn
    if (flow !== undefined) return flow
    const message = `${providerDefinitions[provider].descriptor.displayName} is not connected by signing in.`
    throw new ValidationError([{ path: ['input', 'provider'], message }])
  }

  async function begin(provider: ProviderKey, config: unknown, state: string): Promise<SignInStart> {
    try {
      return await flowOf(provider).begin(config, { redirectUri: redirectUri(provider), state }, { http, now })
    } catch (error) {
      // Nothing else was asked yet than the address that was given.
      if (!(error instanceof ProviderError)) throw error
      throw new ValidationError([{ path: ['input', 'applicationUrl'], message: error.message }])
    }
  }

  /** The app to sign in with where the admin brings none. */
  function clientFor(provider: ProviderKey, { applicationUrl, loginUrl }: Partial<BeginSignInInput>) {
    const address = loginUrl || applicationUrl || ''
    const emulated = URL.canParse(address) && emulatedHosts.includes(new URL(address).host)
    return emulated ? emulatedApps[provider] : defaultClients[provider]
  }

  /** Where a person is sent to sign in, code and verifier follow: the same addresses may be called. */
  function demandCallable({ loginUrl, authority }: Partial<BeginSignInInput>, authorizeUrl: string): void {
    const message = http.problemOf(authorizeUrl)
    if (message === null) return
    const name = loginUrl ? 'loginUrl' : authority ? 'authority' : 'applicationUrl'
    throw new ValidationError([{ path: ['input', name], message }])
  }

  /** The server's own secret belongs to all of its workspaces: no admin has it sent to an address of their choice. */
  function demandVendor(provider: ProviderKey, config: unknown): void {
    const { host, isVendor } = flowOf(provider).destination(config)
    if (isVendor || emulatedHosts.includes(host)) return
    const message = `The app that this server brings does not sign in at ${host}. Give the client ID of an app of your own.`
    throw new ValidationError([{ path: ['input', 'clientId'], message }])
  }

  async function keep(provider: ProviderKey, rowHash: string, detail: Asked): Promise<Date> {
    const expiresAt = new Date(now() + attemptMs)
    const detailSealed = secrets.seal(identity(rowHash), JSON.stringify(detail))
    const row = { stateHash: rowHash, provider, detailSealed, expiresAt }
    await attempts.add(detail.begunBy.workspaceId, row, new Date(now()))
    return expiresAt
  }

  /** From here on, only who `boundTo` names may come back. */
  async function sendOff(provider: ProviderKey, asked: Asked, boundTo: AttemptDetail['boundTo']) {
    const state = draw()
    const { authorizeUrl, codeVerifier } = await begin(provider, asked.config, state)
    const detail: AttemptDetail = { ...asked, codeVerifier, boundTo }
    return { authorizeUrl, expiresAt: await keep(provider, hash(state), detail) }
  }

  /** What a key asked for ends with the key: whoever took it away wants nothing connected by it any longer. */
  async function demandKey({ workspaceId, apiKeyId }: SignInBeginner): Promise<void> {
    if (apiKeyId !== null && !(await isApiKeyInForce(workspaceId, apiKeyId))) throw closedTicket()
  }

  function isBoundTo({ boundTo }: AttemptDetail, { sessionId, mark }: ReturningBrowser): boolean {
    if ('sessionId' in boundTo) return sessionId === boundTo.sessionId
    return mark !== null && timingSafeEqual(Buffer.from(hashMark(mark)), Buffer.from(boundTo.markHash))
  }

  return {
    async begin(viewer, input) {
      const { provider, integrationId = null, returnTo, ...given } = input
      const { workspaceId, kind, actor, userId, apiKeyId, sessionId } = viewer
      const client = given.clientId ? undefined : clientFor(provider, given)
      const config = parseConfig(provider, { method: 'SIGN_IN', ...given, ...client }, ['input'])
      const tried = await begin(provider, config, draw())
      demandCallable(given, tried.authorizeUrl)
      const found = tried.config ?? config
      if (client?.clientSecret !== undefined) demandVendor(provider, found)
      const begunBy = { workspaceId, kind, actor, userId, apiKeyId, agent: null }
      const asked = { config: found, integrationId, returnTo: ownPath(returnTo), begunBy }
      if (sessionId !== undefined) return sendOff(provider, asked, { sessionId })
      const ticket = draw()
      const expiresAt = await keep(provider, hashTicket(ticket), asked)
      return { authorizeUrl: `${publicUrl}${ASKED_PATH}?${new URLSearchParams({ ticket })}`, expiresAt }
    },

    async readTicket(ticket) {
      const rowHash = hashTicket(ticket)
      const row = await attempts.find(rowHash, new Date(now()))
      if (row === null) throw closedTicket()
      const { config, integrationId, begunBy } = JSON.parse(secrets.open(identity(rowHash), row.detailSealed)) as Asked
      await demandKey(begunBy)
      const { provider, workspaceId } = row
      const { host } = flowOf(provider).destination(config)
      return { provider, workspaceId, host, integrationId, begunBy }
    },

    async acceptTicket(ticket) {
      const rowHash = hashTicket(ticket)
      const provider = (await attempts.find(rowHash, new Date(now())))?.provider
      const row = provider && (await attempts.take(rowHash, provider, new Date(now())))
      if (!provider || !row) throw closedTicket()
      const asked = JSON.parse(secrets.open(identity(rowHash), row.detailSealed)) as Asked
      await demandKey(asked.begunBy)
      const mark = draw()
      const { authorizeUrl } = await sendOff(provider, asked, { markHash: hashMark(mark) })
      return { provider, authorizeUrl, mark }
    },

    async finish(provider, query, browser) {
      const stateHash = hash(query.get('state') ?? '')
      const attempt = await attempts.take(stateHash, provider, new Date(now()))
      if (attempt === null) {
        throw new NotAllowedError('This sign-in was not begun here, or it took too long. Begin it again.')
      }
      const detail = JSON.parse(secrets.open(identity(stateHash), attempt.detailSealed)) as AttemptDetail
      if (!isBoundTo(detail, browser)) {
        throw new NotAllowedError(
          'This sign-in was begun by somebody else, or in another session. Begin it again, and end it in the same browser.',
        )
      }
      const { config, codeVerifier, integrationId, returnTo, begunBy } = detail
      await demandKey(begunBy)
      const flow = flowOf(provider)
      const code = query.get('code')
      async function connect(): Promise<string> {
        try {
          if (code === null) throw flow.refused(query.get('error') ?? '', query.get('error_description') ?? '')
          const finished = { code, redirectUri: redirectUri(provider), codeVerifier }
          const tokens = await flow.finish(config, finished, { http, now })
          return await connector.keep(begunBy.workspaceId, { provider, config, tokens, integrationId })
        } catch (error) {
          throw error instanceof ProviderError ? new CrmError(provider, error) : error
        }
      }
      return { returnTo, begunBy, connect }
    },
  }
}

/** Only a path of our own, so that nobody is sent elsewhere. */
function ownPath(returnTo: string | null | undefined): string {
  return returnTo && /^\/(?![/\\])[\w\-./?=&%]*$/.test(returnTo) ? returnTo : '/admin/integrations'
}

function draw(): string {
  return randomBytes(32).toString('base64url')
}

function closedTicket(): NotAllowedError {
  return new NotAllowedError('This link was used, or is too old. Ask for a new one where you got it.')
}
