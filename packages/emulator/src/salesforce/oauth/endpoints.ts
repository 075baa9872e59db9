import { createHmac } from 'node:crypto'
import { type Codes, provesChallenge } from '../../authorization-codes.ts'
import type { Clock } from '../../clock.ts'
import type { Control } from '../../control.ts'
import { type EmulatorRequest, type EmulatorResponse, jsonResponse } from '../../http.ts'
import { demoConnectedApp, demoSalesforceUser, orgId, userId } from './app.ts'
import { answerAuthorize } from './authorize.ts'
import type { Tokens } from './tokens.ts'

export interface OAuthParts {
  tokens: Tokens
  codes: Codes
  control: Control
  clock: Clock
}

/** Everything below `/services/oauth2/`, and the identity URL `/id/<org>/<user>` (crm-apis.md 2.1). */
export function answerOAuth(request: EmulatorRequest, parts: OAuthParts): EmulatorResponse {
  if (request.path.startsWith('/id/')) return identity(request, parts)
  switch (request.path.slice('/services/oauth2/'.length)) {
    case 'authorize':
      return answerAuthorize(request, parts.codes, parts.control)
    case 'token':
      return request.method === 'POST' ? token(request, parts) : oauthError('invalid_request', 'must use HTTP POST')
    case 'revoke':
      return revoke(request, parts)
    case 'userinfo':
      return identity(request, parts)
    case 'introspect':
      return introspect(request, parts)
    default:
      return { status: 404 }
  }
}

/** The parameters that are there; an empty one counts as absent. */
type Form = (name: string) => string | null

function readForm(request: EmulatorRequest): Form {
  const form = request.method === 'POST' ? new URLSearchParams(request.body) : request.query
  const [, basic] = /^Basic (.+)$/i.exec(request.headers.authorization ?? '') ?? []
  const [id, secret] = basic ? Buffer.from(basic, 'base64').toString().split(':') : []
  const fromHeader: Record<string, string | undefined> = { client_id: id, client_secret: secret }
  return (name) => form.get(name) || fromHeader[name] || null
}

/** OAuth errors are one object, unlike those of the API. */
const oauthError = (error: string, description: string, status = 400) =>
  jsonResponse(status, { error, error_description: description })

function token(request: EmulatorRequest, parts: OAuthParts): EmulatorResponse {
  const form = readForm(request)
  if (form('client_id') !== demoConnectedApp.clientId)
    return oauthError('invalid_client_id', 'client identifier invalid')
  if (parts.control.switches.appNotApproved) {
    return oauthError('invalid_app_access', 'user is not admin approved to access this app')
  }
  const secret = form('client_secret')
  switch (form('grant_type')) {
    case 'authorization_code': {
      const approval = parts.codes.redeem(form('code') ?? '')
      if (!approval) return oauthError('invalid_grant', 'expired authorization code')
      // With PKCE an app may do without its secret.
      if (secret !== demoConnectedApp.clientSecret && !(secret === null && approval.challenge)) return wrongSecret()
      if (approval.redirectUri !== form('redirect_uri')) {
        return oauthError('redirect_uri_mismatch', 'redirect_uri must match configuration')
      }
      if (!provesChallenge(approval, form('code_verifier'))) return oauthError('invalid_grant', 'invalid code verifier')
      const keeps = /\b(refresh_token|offline_access)\b/.test(approval.scope) && !parts.control.switches.noRefreshToken
      return granted(request, parts, approval.scope, keeps ? parts.tokens.issueRefresh(approval.scope) : null)
    }
    case 'refresh_token': {
      const given = form('refresh_token') ?? ''
      const scope = parts.tokens.readRefresh(given)
      if (scope === null) return oauthError('invalid_grant', 'expired access/refresh token')
      if (secret !== null && secret !== demoConnectedApp.clientSecret) return wrongSecret()
      if (!parts.control.switches.rotateRefreshTokens) return granted(request, parts, scope, null)
      parts.tokens.revoke(given)
      return granted(request, parts, scope, parts.tokens.issueRefresh(scope))
    }
    case 'client_credentials':
      if (secret !== demoConnectedApp.clientSecret) return wrongSecret()
      return granted(request, parts, 'api', null)
    default:
      return oauthError('unsupported_grant_type', 'grant type not supported')
  }
}

const wrongSecret = () => oauthError('invalid_client', 'invalid client credentials')

function granted(request: EmulatorRequest, parts: OAuthParts, scope: string, refresh: string | null): EmulatorResponse {
  const { token: accessToken, issuedAt } = parts.tokens.issueAccess(scope)
  const id = `${request.origin}/id/${orgId}/${userId}`
  return jsonResponse(
    200,
    {
      access_token: accessToken,
      ...(refresh === null ? {} : { refresh_token: refresh }),
      signature: createHmac('sha256', demoConnectedApp.clientSecret).update(`${id}${issuedAt}`).digest('base64'),
      scope,
      instance_url: request.origin,
      id,
      token_type: 'Bearer',
      issued_at: String(issuedAt),
    },
    { 'cache-control': 'no-store' },
  )
}

function revoke(request: EmulatorRequest, { tokens }: OAuthParts): EmulatorResponse {
  const revoked = tokens.revoke(readForm(request)('token') ?? '')
  return revoked ? { status: 200 } : oauthError('unsupported_token_type', 'this token type is not supported')
}

function introspect(request: EmulatorRequest, { tokens }: OAuthParts): EmulatorResponse {
  const form = readForm(request)
  if (form('client_id') !== demoConnectedApp.clientId || form('client_secret') !== demoConnectedApp.clientSecret) {
    return oauthError('invalid_client', 'invalid client credentials', 401)
  }
  const found = tokens.inspect(form('token') ?? '')
  if (!found) return jsonResponse(200, { active: false })
  return jsonResponse(200, {
    active: true,
    scope: found.scope,
    client_id: demoConnectedApp.clientId,
    username: demoSalesforceUser.username,
    token_type: 'access_token',
    exp: Math.floor(found.expiresAt / 1000),
  })
}

/** Serves `userinfo` and the identity URL: who the token belongs to. */
function identity(request: EmulatorRequest, { tokens }: OAuthParts): EmulatorResponse {
  const [, bearer] = /^(?:Bearer|OAuth) (.+)$/i.exec(request.headers.authorization ?? '') ?? []
  const given = bearer ?? readForm(request)('oauth_token') ?? readForm(request)('access_token') ?? ''
  if (!tokens.acceptAccess(given))
    return { status: 403, headers: { 'content-type': 'text/plain' }, body: 'Bad_OAuth_Token' }
  const { username, firstName, lastName, email, timeZone } = demoSalesforceUser
  const url = `${request.origin}/id/${orgId}/${userId}`
  return jsonResponse(200, {
    ...(request.path.startsWith('/id/')
      ? { id: url, username, display_name: `${firstName} ${lastName}`, asserted_user: true, active: true }
      : { sub: url, email_verified: true, name: `${firstName} ${lastName}` }),
    user_id: userId,
    organization_id: orgId,
    preferred_username: username,
    nickname: firstName,
    email,
    given_name: firstName,
    family_name: lastName,
    zoneinfo: timeZone,
    photos: { picture: `${request.origin}/profilephoto/005/F`, thumbnail: `${request.origin}/profilephoto/005/T` },
    user_type: 'STANDARD',
    language: 'en_US',
    locale: 'en_US',
    urls: {
      rest: `${request.origin}/services/data/v{version}/`,
      sobjects: `${request.origin}/services/data/v{version}/sobjects/`,
      query: `${request.origin}/services/data/v{version}/query/`,
    },
  })
}
