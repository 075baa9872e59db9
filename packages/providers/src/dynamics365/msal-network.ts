/** msal-node over our HTTP client (ruling 11), and what went wrong there in our words. */
import type { Configuration, INetworkModule, NetworkRequestOptions, NetworkResponse } from '@azure/msal-node'
import { ProviderError } from '../errors.ts'
import { type HttpClient, HttpFailure, type HttpResponse, parseRetryAfter, toTransportError } from '../http/index.ts'
import type { StoredTokens } from '../provider.ts'
import { toSignInError } from './auth-errors.ts'

const timeoutMs = 10_000

export interface MsalNetwork {
  client: INetworkModule
  /** msal replaces what went wrong by errors of its own; these keep it. */
  lastAnswer(): HttpResponse | undefined
  failure(): HttpFailure | undefined
}

/** @param authority as it is configured; msal insists on https, and an http one is called as such all the same */
export function createMsalNetwork(authority: string, http: HttpClient): MsalNetwork {
  let lastAnswer: HttpResponse | undefined
  let failure: HttpFailure | undefined

  async function send<T>(
    method: 'GET' | 'POST',
    address: string,
    options?: NetworkRequestOptions,
  ): Promise<NetworkResponse<T>> {
    try {
      lastAnswer = await http.send({
        method,
        url: toConfiguredScheme(address, authority),
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

/** An authority that is configured as http is called as such, where the HTTP client's list of allowed hosts has it (crm-apis.md 1.2). */
export function toConfiguredScheme(address: string, authority: string): string {
  const url = new URL(address)
  const configured = new URL(authority)
  if (url.host === configured.host) url.protocol = configured.protocol
  return url.href
}

/** The endpoints are given, so that msal asks no discovery service about an authority that it does not know. */
export function authorityOptions(authority: string): Partial<Configuration['auth']> {
  const { host, pathname } = new URL(authority)
  const base = `https://${host}${pathname}`
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

/**
 * Tokens live in the `TokenStore`, so they are read from the answer itself: msal hands no refresh token out.
 *
 * @param startedAt milliseconds since 1970; the expiry is counted from there
 * @param before what was renewed: its refresh token stays in force where the answer brings no other
 */
export function readTokens(network: MsalNetwork, startedAt: number, before: StoredTokens | null): StoredTokens {
  const answer: Record<string, unknown> = JSON.parse(network.lastAnswer()?.body ?? '{}')
  const { access_token: accessToken, refresh_token: refreshToken } = answer
  const expiresIn = Number(answer['expires_in'])
  if (typeof accessToken !== 'string' || !(expiresIn > 0)) throw new Error('The answer holds no token')
  return {
    accessToken,
    refreshToken: typeof refreshToken === 'string' ? refreshToken : (before?.refreshToken ?? null),
    expiresAt: startedAt + expiresIn * 1_000,
    instanceUrl: null,
  }
}

/** What a call of msal's ended with: the service's refusal, or that it could not be asked. */
export function toMsalError(error: unknown, network: MsalNetwork, now: () => number): ProviderError {
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
