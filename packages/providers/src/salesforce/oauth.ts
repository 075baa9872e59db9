/**
 * OAuth 2.0 at Salesforce, with jsforce's OAuth2 over our HTTP client (crm-apis.md 2.1, 2.3). Its own transport is never
 * used: so neither proxy variables, its half-hour timeout, its retries nor redirects have a part in it. It is imported
 * when somebody signs in or a token is renewed, not before.
 */
import { randomBytes } from 'node:crypto'
import { PassThrough } from 'node:stream'
import type { OAuth2, TokenResponse } from 'jsforce/lib/oauth2.js'
import { ProviderError } from '../errors.ts'
import { HttpFailure, type HttpResponse, parseRetryAfter, toTransportError } from '../http/index.ts'
import type { ProviderPorts, StoredTokens } from '../provider.ts'
import type { FinishSignIn, SignInFlow } from '../sign-in.ts'
import type { SalesforceConfig } from './config.ts'
import { toSignInError } from './errors.ts'

type SignInPorts = Pick<ProviderPorts, 'http' | 'now'>

const tokenTimeoutMs = 10_000

async function createOAuth(
  config: SalesforceConfig,
  options: { redirectUri?: string; codeVerifier?: string },
): Promise<OAuth2> {
  const { OAuth2 } = await import('./jsforce.ts')
  const oauth = new OAuth2({
    loginUrl: config.loginUrl,
    clientId: config.clientId,
    ...(config.clientSecret === undefined ? {} : { clientSecret: config.clientSecret }),
    ...(options.redirectUri === undefined ? {} : { redirectUri: options.redirectUri }),
  })
  if (options.codeVerifier !== undefined) oauth.codeVerifier = options.codeVerifier
  return oauth
}

/** Carries what jsforce asks the token endpoint through our client, and a refusal over into our words. */
async function requestTokens(
  oauth: OAuth2,
  { http, now }: SignInPorts,
  request: () => Promise<TokenResponse>,
): Promise<TokenResponse> {
  const { StreamPromise, Transport } = await import('./jsforce.ts')
  const answers: HttpResponse[] = []
  class ClientTransport extends Transport {
    override httpRequest(asked: Parameters<Transport['httpRequest']>[0]) {
      const sending = http.send({
        method: 'POST',
        url: asked.url,
        headers: { accept: 'application/json', ...asked.headers },
        body: typeof asked.body === 'string' ? asked.body : '',
        timeoutMs: tokenTimeoutMs,
      })
      return StreamPromise.create(() => ({
        stream: new PassThrough(),
        promise: sending.then((answer) => {
          answers.push(answer)
          return { statusCode: answer.status, headers: answer.headers, body: answer.body }
        }),
      }))
    }
  }
  type Transport = InstanceType<typeof Transport>
  oauth._transport = new ClientTransport()
  try {
    return await request()
  } catch (error) {
    if (error instanceof HttpFailure) throw toTransportError(error, 'READ')
    if (!(error instanceof Error)) throw error
    // jsforce names its error after the OAuth code, or ERROR_HTTP_<status> where the answer was no JSON.
    const answer = answers.at(-1)
    if (answer === undefined) throw toSignInError(error.name, error.message)
    const retryAfter = parseRetryAfter(answer.headers['retry-after'], now())
    throw toSignInError(error.name, error.message, { status: answer.status, retryAfter })
  }
}

function toOrigin(address: unknown): string | null {
  if (typeof address !== 'string' || !URL.canParse(address)) return null
  const url = new URL(address)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url.origin : null
}

/**
 * What to keep of a token answer. Salesforce names no end of it. `before`: the tokens that were renewed, which stay in
 * force where the answer brings no new ones. The address is checked by the HTTP client before a token goes there.
 */
function toStoredTokens(answer: Partial<TokenResponse> | undefined, before: StoredTokens | null): StoredTokens {
  const instanceUrl = toOrigin(answer?.instance_url) ?? before?.instanceUrl ?? null
  if (typeof answer?.access_token !== 'string' || instanceUrl === null) {
    throw new ProviderError('CRM_UNAVAILABLE', {
      message: 'The login address answered without a token. Check the login URL.',
    })
  }
  return {
    accessToken: answer.access_token,
    refreshToken: answer.refresh_token ?? before?.refreshToken ?? null,
    expiresAt: null,
    instanceUrl,
  }
}

/** Trades the refresh token for a new access token. With rotation on, the old refresh token is void afterwards. */
export async function renewTokens(
  config: SalesforceConfig,
  ports: SignInPorts,
  before: StoredTokens & { refreshToken: string },
): Promise<StoredTokens> {
  const oauth = await createOAuth(config, {})
  return toStoredTokens(await requestTokens(oauth, ports, () => oauth.refreshToken(before.refreshToken)), before)
}

/** Login addresses and My Domains, of government and China clouds too (crm-apis.md 2.1). No customer answers there. */
const salesforceHost = /\.(salesforce\.com|salesforce\.mil|sfcrmproducts\.cn)$/

/** The web-server flow with PKCE. The verifier travels with the caller, not with an object of this process. */
export const signIn: SignInFlow<SalesforceConfig> = {
  async begin(config, input) {
    // 128 characters: the most that RFC 7636 allows.
    const codeVerifier = randomBytes(96).toString('base64url')
    const oauth = await createOAuth(config, { redirectUri: input.redirectUri, codeVerifier })
    const authorizeUrl = oauth.getAuthorizationUrl({
      scope: 'api refresh_token',
      state: input.state,
      code_challenge_method: 'S256',
    })
    return { authorizeUrl, codeVerifier }
  },

  destination({ loginUrl }) {
    const { host, protocol } = new URL(loginUrl)
    return { host, isVendor: protocol === 'https:' && salesforceHost.test(host) }
  },

  async finish(config, input: FinishSignIn, ports) {
    const oauth = await createOAuth(config, { redirectUri: input.redirectUri, codeVerifier: input.codeVerifier })
    return toStoredTokens(await requestTokens(oauth, ports, () => oauth.requestToken(input.code)), null)
  },

  refused: (error, description) => toSignInError(error, description),
}
