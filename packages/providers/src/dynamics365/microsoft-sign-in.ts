/**
 * A person signs in at Microsoft's page (authorization code with PKCE, crm-apis.md 1.2), through msal-node. Nobody's
 * password passes through us; what is kept are the tokens.
 */
import { createHash, randomBytes } from 'node:crypto'
import { ProviderError } from '../errors.ts'
import type { HttpClient } from '../http/index.ts'
import type { StoredTokens } from '../provider.ts'
import type { SignInFlow } from '../sign-in.ts'
import { toRefusedSignIn } from './auth-errors.ts'
import { findChallenge } from './challenge.ts'
import { authorityOf, type DynamicsConfig, type SignInConfig } from './config.ts'
import { authorityOptions, createMsalNetwork, readTokens, toConfiguredScheme, toMsalError } from './msal-network.ts'

/** Where Microsoft signs people in. An environment may name its tenant there, but sends nobody elsewhere. */
const microsoftOrigins = new Set([
  'https://login.microsoftonline.com',
  'https://login.microsoftonline.us',
  'https://login.partner.microsoftonline.cn',
])

/** Public clients ask for the one permission that there is, web apps for what was consented to (crm-apis.md 1.2). */
const scopesOf = ({ applicationUrl, clientSecret }: SignInConfig) => [
  `${applicationUrl}/${clientSecret === undefined ? 'user_impersonation' : '.default'}`,
]

/** A client for one call: see `app-sign-in.ts`. msal asks for `offline_access` by itself. */
async function createClient(config: SignInConfig, http: HttpClient) {
  const { ConfidentialClientApplication, PublicClientApplication } = await import('@azure/msal-node')
  const authority = authorityOf(config)
  const network = createMsalNetwork(authority, http)
  const auth = { clientId: config.clientId, ...authorityOptions(authority) }
  const system = { networkClient: network.client, disableInternalRetries: true }
  const client =
    config.clientSecret === undefined
      ? new PublicClientApplication({ auth, system })
      : new ConfidentialClientApplication({ auth: { ...auth, clientSecret: config.clientSecret }, system })
  return { client, network, authority }
}

/** With the tenant that the environment names, so that guests of it get a token for it too. */
async function withAuthority(config: SignInConfig, http: HttpClient): Promise<SignInConfig> {
  if (config.authority !== undefined) return config
  const challenge = await findChallenge(config.applicationUrl, http)
  if (challenge === null) return config
  const { origin } = new URL(challenge.authority)
  const isTrusted = microsoftOrigins.has(origin) || origin === new URL(config.applicationUrl).origin
  return isTrusted ? { ...config, authority: challenge.authority } : config
}

function demandSignIn(config: DynamicsConfig): SignInConfig {
  if (config.method === 'SIGN_IN') return config
  throw new ProviderError('CRM_CREDENTIALS_INVALID', { message: 'This integration does not sign in at a page.' })
}

export const signIn: SignInFlow<DynamicsConfig> = {
  async begin(given, { redirectUri, state }, { http }) {
    const config = await withAuthority(demandSignIn(given), http)
    const { client, authority } = await createClient(config, http)
    const codeVerifier = randomBytes(64).toString('base64url')
    const address = await client.getAuthCodeUrl({
      scopes: scopesOf(config),
      redirectUri,
      state,
      prompt: 'select_account',
      responseMode: 'query',
      codeChallenge: createHash('sha256').update(codeVerifier).digest('base64url'),
      codeChallengeMethod: 'S256',
    })
    return { authorizeUrl: toConfiguredScheme(address, authority), codeVerifier, config }
  },

  destination(given) {
    const { host, origin } = new URL(authorityOf(demandSignIn(given)))
    return { host, isVendor: microsoftOrigins.has(origin) }
  },

  async finish(given, { code, redirectUri, codeVerifier }, { http, now }) {
    const config = demandSignIn(given)
    const { client, network } = await createClient(config, http)
    const startedAt = now()
    try {
      await client.acquireTokenByCode({ code, scopes: scopesOf(config), redirectUri, codeVerifier })
      return readTokens(network, startedAt, null)
    } catch (error) {
      throw toMsalError(error, network, now)
    }
  },

  refused: toRefusedSignIn,
}

/**
 * Trades the refresh token for new tokens.
 *
 * @throws ProviderError CRM_UNAUTHENTICATED where a person must sign in again
 */
export async function renewSignIn(
  config: SignInConfig,
  http: HttpClient,
  now: () => number,
  before: StoredTokens | null,
): Promise<StoredTokens> {
  if (before === null || before.refreshToken === null) {
    throw new ProviderError('CRM_UNAUTHENTICATED', {
      message: 'The Microsoft sign-in has ended, and nothing was granted to renew it with. Sign in again.',
    })
  }
  const { client, network } = await createClient(config, http)
  const startedAt = now()
  try {
    await client.acquireTokenByRefreshToken({ refreshToken: before.refreshToken, scopes: scopesOf(config) })
    return readTokens(network, startedAt, before)
  } catch (error) {
    throw toMsalError(error, network, now)
  }
}
