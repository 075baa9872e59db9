/** Signing in at the vendor's page: there with a state and a PKCE challenge, and back with a code. */
import { randomBytes } from 'node:crypto'
import { ProviderError, type ProviderKey, providerDefinitions, type SignInStart } from '@backchannel/providers'
import { sealed } from '../secrets/sealed-columns.ts'
import { CrmError, NotAllowedError, ValidationError } from '../shared/errors.ts'
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
  /** Under which the vendor's page finds us. */
  publicUrl: string
  /** For workspaces that bring no connected app of their own; their secrets are shown to the vendors only. */
  defaultClients: Partial<Record<ProviderKey, { clientId: string; clientSecret?: string }>>
}

interface AttemptDetail {
  config: unknown
  codeVerifier: string
  integrationId: string | null
  returnTo: string
  userId: string | null
  begunBy: SignInBeginner
}

/** Who began it, to be named in the audit log. */
export type SignInBeginner = Pick<Viewer, 'workspaceId' | 'kind' | 'actor' | 'userId' | 'apiKeyId' | 'agent'>

export interface SignIn {
  begin(viewer: Viewer, input: BeginSignInInput): Promise<SignInStarted>
  finish(
    provider: ProviderKey,
    query: URLSearchParams,
    userId: string | null,
  ): Promise<{ integrationId: string; returnTo: string; begunBy: SignInBeginner }>
}

const attemptMs = 15 * 60_000

export function createSignIn(parts: SignInParts, connector: Connector): SignIn {
  const { attempts, secrets, http, now, publicUrl, defaultClients, emulatedHosts } = parts
  const redirectUri = (provider: ProviderKey) =>
    new URL(`/auth/callback/${providerDefinitions[provider].descriptor.callback}`, publicUrl).href
  const hash = (state: string) => secrets.hash('sign-in-state', state)
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

  return {
    async begin(viewer, input) {
      const { provider, integrationId, returnTo, ...given } = input
      const { workspaceId, kind, actor, userId, apiKeyId } = viewer
      const client = given.clientId ? undefined : clientFor(provider, given)
      const config = parseConfig(provider, { method: 'SIGN_IN', ...given, ...client }, ['input'])
      const state = randomBytes(32).toString('base64url')
      const started = await begin(provider, config, state)
      demandCallable(given, started.authorizeUrl)
      const found = started.config ?? config
      if (client?.clientSecret !== undefined) demandVendor(provider, found)
      const detail: AttemptDetail = {
        config: found,
        codeVerifier: started.codeVerifier,
        integrationId: integrationId ?? null,
        returnTo: ownPath(returnTo),
        userId,
        begunBy: { workspaceId, kind, actor, userId, apiKeyId, agent: null },
      }
      const stateHash = hash(state)
      const expiresAt = new Date(now() + attemptMs)
      const detailSealed = secrets.seal(identity(stateHash), JSON.stringify(detail))
      await attempts.add(workspaceId, { stateHash, provider, detailSealed, expiresAt }, new Date(now()))
      return { authorizeUrl: started.authorizeUrl, expiresAt }
    },

    async finish(provider, query, userId) {
      const stateHash = hash(query.get('state') ?? '')
      const attempt = await attempts.take(stateHash, provider, new Date(now()))
      if (attempt === null) {
        throw new NotAllowedError('This sign-in was not begun here, or it took too long. Begin it again.')
      }
      const detail = JSON.parse(secrets.open(identity(stateHash), attempt.detailSealed)) as AttemptDetail
      if (detail.userId !== null && detail.userId !== userId) {
        throw new NotAllowedError('This sign-in was begun by somebody else. Sign in here and begin it again.')
      }
      const { config, codeVerifier, integrationId, returnTo, begunBy } = detail
      const flow = flowOf(provider)
      const code = query.get('code')
      try {
        if (code === null) throw flow.refused(query.get('error') ?? '', query.get('error_description') ?? '')
        const finished = { code, redirectUri: redirectUri(provider), codeVerifier }
        const tokens = await flow.finish(config, finished, { http, now })
        const connection = { provider, config, tokens, integrationId }
        return {
          integrationId: await connector.keep(attempt.workspaceId, connection),
          returnTo,
          begunBy,
        }
      } catch (error) {
        throw error instanceof ProviderError ? new CrmError(provider, error) : error
      }
    },
  }
}

/** Only a path of our own, so that nobody is sent elsewhere. */
function ownPath(returnTo: string | null | undefined): string {
  return returnTo && /^\/(?![/\\])[\w\-./?=&%]*$/.test(returnTo) ? returnTo : '/admin/integrations'
}
