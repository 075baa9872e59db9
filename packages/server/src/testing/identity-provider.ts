/** A small OpenID provider over HTTP that keeps the rules, and breaks one where a test tells it to. */
import { createHash, randomBytes } from 'node:crypto'
import { createServer, type IncomingMessage } from 'node:http'
import type { AddressInfo } from 'node:net'
import { text } from 'node:stream/consumers'
import { exportJWK, generateKeyPair, SignJWT } from 'jose'
import { onTestFinished } from 'vitest'

/** What stands in the ID token beside what the protocol wants; `undefined` takes a claim out. */
export type Claims = Record<string, unknown>

export interface IdentityProvider {
  readonly issuer: string
  /** How often codes were exchanged for tokens. */
  readonly exchanged: () => number
  /** Who signs in at the page next. */
  person: Claims
  /** A lie in the next ID tokens: `{ iss: 'https://elsewhere.example' }`. */
  lie: Claims
  /** Signs with a key that is not published. */
  foreignKey: boolean
  /** What a browser does at the provider's page: it comes back with a code. Answers the address that it is sent to. */
  signIn(authorizationUrl: string): string
}

export const client = { clientId: 'backchannel', clientSecret: 'a secret of the client' }

export async function startIdentityProvider(): Promise<IdentityProvider> {
  const [ours, theirs] = await Promise.all([generateKeyPair('ES256'), generateKeyPair('ES256')])
  const codes = new Map<string, URLSearchParams>()
  let exchanges = 0

  const server = createServer((request, response) => {
    answer(request).then(
      ({ status, body }) => {
        response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
      },
      () => response.writeHead(500).end(),
    )
  })
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve))
  onTestFinished(() => new Promise<void>((resolve) => void server.close(() => resolve()).closeAllConnections()))
  const { port } = server.address() as AddressInfo
  const issuer = `http://127.0.0.1:${port}`

  async function answer(request: IncomingMessage): Promise<{ status: number; body: unknown }> {
    if (request.url === '/.well-known/openid-configuration') {
      const at = (path: string) => `${issuer}${path}`
      return {
        status: 200,
        body: {
          ...{ issuer, authorization_endpoint: at('/authorize'), token_endpoint: at('/token'), jwks_uri: at('/keys') },
          response_types_supported: ['code'],
          subject_types_supported: ['public'],
          id_token_signing_alg_values_supported: ['ES256'],
        },
      }
    }
    if (request.url === '/keys') {
      return { status: 200, body: { keys: [{ ...(await exportJWK(ours.publicKey)), alg: 'ES256', use: 'sig' }] } }
    }
    if (request.url === '/token') return exchange(new URLSearchParams(await text(request)))
    return { status: 404, body: {} }
  }

  async function exchange(given: URLSearchParams) {
    const code = given.get('code') ?? ''
    const asked = codes.get(code)
    codes.delete(code)
    const challenge = createHash('sha256')
      .update(given.get('code_verifier') ?? '')
      .digest('base64url')
    const fits =
      asked?.get('code_challenge') === challenge &&
      asked.get('redirect_uri') === given.get('redirect_uri') &&
      given.get('client_id') === client.clientId &&
      given.get('client_secret') === client.clientSecret
    if (!fits) return { status: 400, body: { error: 'invalid_grant' } }
    exchanges += 1
    const seconds = Math.floor(Date.now() / 1_000)
    const honest = { iss: issuer, aud: client.clientId, nonce: asked.get('nonce'), iat: seconds, exp: seconds + 300 }
    const id_token = await new SignJWT({ ...honest, ...provider.person, ...provider.lie })
      .setProtectedHeader({ alg: 'ES256' })
      .sign(provider.foreignKey ? theirs.privateKey : ours.privateKey)
    return { status: 200, body: { access_token: 'an access token', token_type: 'bearer', expires_in: 300, id_token } }
  }

  const provider: IdentityProvider = {
    issuer,
    exchanged: () => exchanges,
    person: { sub: 'person-1', email: 'owner@example.com', email_verified: true, name: 'Olga Owner' },
    lie: {},
    foreignKey: false,
    signIn(authorizationUrl) {
      const asked = new URL(authorizationUrl).searchParams
      const code = randomBytes(16).toString('hex')
      codes.set(code, asked)
      const back = new URL(asked.get('redirect_uri') ?? '')
      back.search = new URLSearchParams({ code, state: asked.get('state') ?? '' }).toString()
      return back.href
    },
  }
  return provider
}
