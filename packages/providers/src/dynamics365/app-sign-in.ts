/**
 * Signs in as an app registration (client credentials) through msal-node, which knows Microsoft's authorities, builds
 * and signs the client assertion, and reads the answer.
 */
import { X509Certificate } from 'node:crypto'
import type { Configuration } from '@azure/msal-node'
import { ProviderError } from '../errors.ts'
import type { HttpClient } from '../http/index.ts'
import type { StoredTokens } from '../provider.ts'
import { type AppRegistrationConfig, authorityOf } from './config.ts'
import { authorityOptions, createMsalNetwork, readTokens, toMsalError } from './msal-network.ts'

/**
 * Asks for a new access token.
 *
 * An msal client keeps its tokens, and after a 429 or 5xx refuses by itself for a minute. Tokens of ours live in the
 * `TokenStore` and pauses in the token source, so every call takes a client of its own; making one costs no request.
 *
 * @param now milliseconds since 1970; the expiry is counted from there
 * @throws ProviderError by the table of `auth-errors.ts`, or for a transport failure
 */
export async function signInAsApp(
  config: AppRegistrationConfig,
  http: HttpClient,
  now: () => number,
): Promise<StoredTokens> {
  const { ConfidentialClientApplication } = await import('@azure/msal-node')
  const authority = authorityOf(config)
  const network = createMsalNetwork(authority, http)
  const startedAt = now()
  try {
    const client = new ConfidentialClientApplication({
      auth: { clientId: config.clientId, ...authorityOptions(authority), ...credential(config) },
      system: { networkClient: network.client, disableInternalRetries: true },
    })
    await client.acquireTokenByClientCredential({ scopes: [`${config.applicationUrl}/.default`] })
    return readTokens(network, startedAt, null)
  } catch (error) {
    throw toMsalError(error, network, now)
  }
}

function credential(config: AppRegistrationConfig): Partial<Configuration['auth']> {
  if (config.clientSecret !== undefined) return { clientSecret: config.clientSecret }
  const pem = config.certificatePem ?? ''
  const certificate = /-----BEGIN CERTIFICATE-----[^-]+-----END CERTIFICATE-----/.exec(pem)?.[0]
  const privateKey = /-----BEGIN [A-Z ]*PRIVATE KEY-----[^-]+-----END [A-Z ]*PRIVATE KEY-----/.exec(pem)?.[0]
  if (certificate === undefined || privateKey === undefined) {
    throw new ProviderError('CRM_CREDENTIALS_INVALID', {
      message: 'Enter the certificate and its private key, both as PEM, one after the other.',
    })
  }
  const thumbprintSha256 = new X509Certificate(certificate).fingerprint256.replaceAll(':', '')
  return { clientCertificate: { thumbprintSha256, privateKey, x5c: certificate } }
}
