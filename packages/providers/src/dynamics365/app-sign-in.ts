/**
 * Signs in as an app registration (client credentials) through msal-node, which knows Microsoft's authorities, builds
 * and signs the client assertion, and reads the answer. Its requests go through our HTTP client (ruling 11).
 */
import { X509Certificate } from 'node:crypto'
import type { Configuration, INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node'
import { ProviderError } from '../errors.ts'
import { type HttpClient, HttpFailure, type HttpResponse, parseRetryAfter, toTransportError } from '../http/index.ts'
import type { StoredTokens } from '../provider.ts'
import { toSignInError } from './auth-errors.ts'
import { authorityOf, type DynamicsConfig } from './config.ts'

const timeoutMs = 10_000

/**
 * Asks for a new access token.
 *
 * An msal client keeps its tokens, and after a 429 or 5xx refuses by itself for a minute. Tokens of ours live in the
 * `TokenStore` and pauses in the token source, so every call takes a client of its own; making one costs no request.
 *
 * @param now milliseconds since 1970; the expiry is counted from there
 * @throws ProviderError by the table of `auth-errors.ts`, or for a transport failure
 */
export async function signInAsApp(config: DynamicsConfig, http: HttpClient, now: () => number): Promise<StoredTokens> {
  const { ConfidentialClientApplication } = await import('@azure/msal-node')
  const network = createNetwork(config, http)
  const startedAt = now()
  try {
    const client = new ConfidentialClientApplication({
      auth: { clientId: config.clientId, ...authorityOptions(config), ...credential(config) },
      system: { networkClient: network.client, disableInternalRetries: true },
    })
    const result = await client.acquireTokenByClientCredential({ scopes: [`${config.applicationUrl}/.default`] })
    const expiresIn = readExpiresIn(network.lastAnswer()?.body)
    if (result === null || expiresIn === null) throw new Error('The answer holds no token')
    return {
      accessToken: result.accessToken,
      refreshToken: null,
      expiresAt: startedAt + expiresIn * 1_000,
      instanceUrl: null,
    }
  } catch (error) {
    throw toError(error, network, now)
  }
}

interface Network {
  client: INetworkModule
  /** msal replaces what went wrong by errors of its own; these keep it. */
  lastAnswer(): HttpResponse | undefined
  failure(): HttpFailure | undefined
}

function createNetwork(config: DynamicsConfig, http: HttpClient): Network {
  let lastAnswer: HttpResponse | undefined
  let failure: HttpFailure | undefined
  const authority = new URL(authorityOf(config))

  async function send<T>(
    method: 'GET' | 'POST',
    address: string,
    options?: NetworkRequestOptions,
  ): Promise<NetworkResponse<T>> {
    const url = new URL(address)
    // msal insists on https. An authority that is configured as http is called as such, where the HTTP client's list of
    // allowed hosts has it (crm-apis.md 1.2).
    if (url.host === authority.host) url.protocol = authority.protocol
    try {
      lastAnswer = await http.send({
        method,
        url: url.href,
        timeoutMs,
        ...(options?.headers === undefined ? {} : { headers: options.headers }),
        ...(options?.body === undefined ? {} : { body: options.body }),
      })
    } catch (error) {
      if (error instanceof HttpFailure) failure = error
      throw error
    }
    return { status: lastAnswer.status, headers: lastAnswer.headers, body: JSON.parse(lastAnswer.body) }
  }

  return {
    client: {
      sendGetRequestAsync: (url, options) => send('GET', url, options),
      sendPostRequestAsync: (url, options) => send('POST', url, options),
    },
    lastAnswer: () => lastAnswer,
    failure: () => failure,
  }
}

function toError(error: unknown, network: Network, now: () => number): ProviderError {
  if (error instanceof ProviderError) return error
  const failure = network.failure()
  if (failure !== undefined) return toTransportError(failure, 'READ')
  const answer = network.lastAnswer()
  if (answer !== undefined) {
    return toSignInError(answer.status, answer.body, parseRetryAfter(answer.headers['retry-after'], now()))
  }
  return new ProviderError('CRM_CREDENTIALS_INVALID', {
    message: 'The credentials of the app registration cannot be used. Enter a client secret or a certificate again.',
    cause: error,
  })
}

function readExpiresIn(body: string | undefined): number | null {
  const answer: { expires_in?: unknown } = JSON.parse(body ?? '{}')
  const seconds = Number(answer.expires_in)
  return Number.isFinite(seconds) && seconds > 0 ? seconds : null
}

/** The endpoints are given, so that msal asks no discovery service about an authority that it does not know. */
function authorityOptions(config: DynamicsConfig): Partial<Configuration['auth']> {
  const { host } = new URL(authorityOf(config))
  const base = `https://${host}/${config.tenantId}`
  return {
    authority: base,
    knownAuthorities: [host],
    authorityMetadata: JSON.stringify({
      token_endpoint: `${base}/oauth2/v2.0/token`,
      authorization_endpoint: `${base}/oauth2/v2.0/authorize`,
      jwks_uri: `${base}/discovery/v2.0/keys`,
      issuer: `${base}/v2.0`,
    }),
  }
}

function credential(config: DynamicsConfig): Partial<Configuration['auth']> {
  if (config.clientSecret !== undefined) return { clientSecret: config.clientSecret }
  const pem = config.certificatePem ?? ''
  const certificate = /-----BEGIN CERTIFICATE-----[\s\S]+?-----END CERTIFICATE-----/.exec(pem)?.[0]
  const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]+?-----END [A-Z ]*PRIVATE KEY-----/.exec(pem)?.[0]
  if (certificate === undefined || privateKey === undefined) {
    throw new ProviderError('CRM_CREDENTIALS_INVALID', {
      message: 'Enter the certificate and its private key, both as PEM, one after the other.',
    })
  }
  const thumbprintSha256 = new X509Certificate(certificate).fingerprint256.replaceAll(':', '')
  return { clientCertificate: { thumbprintSha256, privateKey, x5c: certificate } }
}
