/** Signing in at a company's own identity provider (OpenID Connect), by the certified client `openid-client`. */
import { z } from 'zod'

/** What the environment says of the provider. */
export interface CompanyConfig {
  /** https, or http on this machine. */
  readonly issuer: string
  readonly clientId: string
  /** Null: a public client, which PKCE alone protects. */
  readonly clientSecret: string | null
  /** What the button on the sign-in page says after "Sign in with". */
  readonly name: string
  /** Whether an address counts as verified where the provider does not say. */
  readonly trustEmail: boolean
}

/** What must come back as it was, from the same browser. */
export interface CompanyAttempt {
  readonly state: string
  readonly nonce: string
  readonly codeVerifier: string
}

/** Whom the provider vouches for. */
export interface CompanyPerson {
  readonly issuer: string
  readonly subject: string
  readonly email: string | null
  readonly emailVerified: boolean
  readonly name: string
}

export interface CompanySignIn {
  /** The address of the provider's page. */
  begin(): Promise<{ url: string; attempt: CompanyAttempt }>
  /**
   * @param callback the address that the browser came back to, whole
   * @throws where the answer is not the provider's, not for us, or not to this attempt
   */
  finish(callback: URL, attempt: CompanyAttempt): Promise<CompanyPerson>
}

const SCOPE = 'openid email profile'
/** How long one call to the provider is waited for. */
const TIMEOUT_SECONDS = 10

const claimsSchema = z.object({
  email: z.string().optional(),
  email_verified: z.boolean().optional(),
  name: z.string().optional(),
})

/** @param redirectUri as it is registered at the provider */
export function createCompanySignIn(company: CompanyConfig, redirectUri: string): CompanySignIn {
  const load = () => import('openid-client')
  let discovering: ReturnType<typeof discover> | undefined

  async function discover() {
    const client = await load()
    const { clientId, clientSecret } = company
    const issuer = new URL(company.issuer)
    const authentication = clientSecret === null ? client.None() : client.ClientSecretPost(clientSecret)
    const insecure = issuer.protocol === 'http:' ? [client.allowInsecureRequests] : []
    return client.discovery(issuer, clientId, undefined, authentication, {
      timeout: TIMEOUT_SECONDS,
      // Signatures are checked although the token comes from the provider itself, by its keys.
      execute: [client.enableNonRepudiationChecks, ...insecure],
    })
  }

  /** Asked once; where that fails, by the next who signs in. */
  function configuration() {
    discovering ??= discover().catch((error: unknown) => {
      discovering = undefined
      throw error
    })
    return discovering
  }

  return {
    async begin() {
      const [client, config] = await Promise.all([load(), configuration()])
      const attempt = {
        state: client.randomState(),
        nonce: client.randomNonce(),
        codeVerifier: client.randomPKCECodeVerifier(),
      }
      const url = client.buildAuthorizationUrl(config, {
        redirect_uri: redirectUri,
        scope: SCOPE,
        state: attempt.state,
        nonce: attempt.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(attempt.codeVerifier),
        code_challenge_method: 'S256',
      })
      return { url: url.href, attempt }
    },

    async finish(callback, { state, nonce, codeVerifier }) {
      const [client, config] = await Promise.all([load(), configuration()])
      const tokens = await client.authorizationCodeGrant(config, callback, {
        expectedState: state,
        expectedNonce: nonce,
        pkceCodeVerifier: codeVerifier,
        idTokenExpected: true,
      })
      const idToken = tokens.claims()
      if (!idToken) throw new Error('The provider gave no ID token')
      const inToken = claimsSchema.parse(idToken)
      const { email, email_verified, name } =
        inToken.email === undefined
          ? claimsSchema.parse(await client.fetchUserInfo(config, tokens.access_token, idToken.sub))
          : inToken
      return {
        issuer: idToken.iss,
        subject: idToken.sub,
        email: email ?? null,
        emailVerified: email_verified ?? company.trustEmail,
        name: name ?? '',
      }
    },
  }
}
