/**
 * Signs in at AD FS with user name and password, for Dynamics 365 on servers of one's own (crm-apis.md 1.2). By a form
 * rather than by msal, which sends no `resource`, and without it AD FS answers tokens that the server refuses.
 */
import { ProviderError } from '../errors.ts'
import { type HttpClient, HttpFailure, type HttpResponse, parseRetryAfter, toTransportError } from '../http/index.ts'
import type { StoredTokens } from '../provider.ts'
import { toAdfsError } from './auth-errors.ts'
import { type Challenge, findChallenge, noChallenge } from './challenge.ts'
import type { OnPremisesConfig } from './config.ts'

const timeoutMs = 10_000

/**
 * Asks for a new access token. An authority that the server names is called only where the HTTP client lets it be.
 *
 * @param now milliseconds since 1970; the expiry is counted from there
 * @throws ProviderError by the table of `auth-errors.ts`, or for a transport failure
 */
export async function signInOnPremises(
  config: OnPremisesConfig,
  http: HttpClient,
  now: () => number,
): Promise<StoredTokens> {
  const { authority, resource } = await findAdfs(config, http)
  const { clientId, username, password } = config
  const form = { grant_type: 'password', client_id: clientId, resource, username, password }
  const startedAt = now()
  let answer: HttpResponse
  try {
    answer = await http.send({
      method: 'POST',
      url: `${authority}/oauth2/token`,
      headers: { accept: 'application/json', 'content-type': 'application/x-www-form-urlencoded' },
      // Encodes the backslash of DOMAIN\user, too.
      body: new URLSearchParams(form).toString(),
      timeoutMs,
    })
  } catch (error) {
    throw error instanceof HttpFailure ? toTransportError(error, 'READ') : error
  }
  return readTokens(answer, startedAt) ?? refuse(answer, now)
}

/** A server names its AD FS and itself; an authority that the admin gives stands in the place of what it names. */
async function findAdfs(config: OnPremisesConfig, http: HttpClient): Promise<Challenge & { resource: string }> {
  const challenge = await findChallenge(config.applicationUrl, http)
  const authority = config.authority ?? challenge?.authority
  if (authority === undefined) throw noChallenge()
  return { authority, resource: resourceOf(config.applicationUrl, challenge?.resource ?? null) }
}

/** The server's own spelling of itself; never another server, which would let it have a token that opens that one. */
function resourceOf(applicationUrl: string, named: string | null): string {
  const { origin } = new URL(applicationUrl)
  return named !== null && URL.canParse(named) && new URL(named).origin === origin ? named : `${origin}/`
}

function readTokens({ status, body }: HttpResponse, startedAt: number): StoredTokens | null {
  if (status !== 200) return null
  const answer = parse(body) ?? noAnswer()
  const { access_token: accessToken } = answer
  const expiresIn = Number(answer['expires_in'])
  if (typeof accessToken !== 'string' || !(expiresIn > 0)) return null
  // A refresh token is left where it is: the password outlives it.
  return { accessToken, refreshToken: null, expiresAt: startedAt + expiresIn * 1_000, instanceUrl: null }
}

function refuse({ status, headers, body }: HttpResponse, now: () => number): never {
  const retryAfter = parseRetryAfter(headers['retry-after'], now())
  // Who asks to wait need not speak JSON to be understood.
  const answer = parse(body) ?? (status === 429 || retryAfter !== null ? {} : noAnswer())
  const { error, error_description: description } = answer
  throw toAdfsError(status, { error: textOf(error), description: textOf(description) }, retryAfter)
}

function noAnswer(): never {
  throw new ProviderError('CRM_UNAVAILABLE', {
    message: 'AD FS does not answer as it should. Check the authority, or try again later.',
  })
}

const textOf = (value: unknown) => (typeof value === 'string' ? value : '')

/** Null for a page. */
function parse(body: string): Record<string, unknown> | null {
  try {
    const json: unknown = JSON.parse(body)
    return typeof json === 'object' && json !== null ? { ...json } : {}
  } catch {
    return null
  }
}
