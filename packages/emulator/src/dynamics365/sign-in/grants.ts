/** What the token endpoint gives out: to an application in its own name, or in that of a person who allowed it. */
import { type Approval, provesChallenge } from '../../authorization-codes.ts'
import { type EmulatorRequest, type EmulatorResponse, jsonResponse } from '../../http.ts'
import { dynamicsDemo } from '../demo.ts'
import type { Org } from '../org.ts'
import { accounts } from './accounts.ts'
import {
  appDisabled,
  consentMissing,
  type EntraRefusal,
  refusalAnswer,
  unknownApp,
  unknownResource,
} from './refusal.ts'
import { isThisOrg } from './resource.ts'
import { issueIdToken, issueRefreshToken, issueToken, readRefreshToken, tokenLifetime } from './token.ts'

interface Grant {
  clientId: string
  /** In whose name. */
  oid: string
  resource: string
  /** What a person allowed; null for an application by itself. */
  scope: string | null
}

export function answerToken(request: EmulatorRequest, tenant: string, org: Org): EmulatorResponse {
  const form = new URLSearchParams(request.body)
  const granted = refuseClient(form, org) ?? readGrant(form, tenant, request.origin, org)
  if ('code' in granted) return refusalAnswer(granted, org.clock.now())
  return answer(granted, org)
}

function refuseClient(form: URLSearchParams, { control }: Org): EntraRefusal | undefined {
  const clientId = form.get('client_id') ?? ''
  const secret = form.get('client_secret')
  if (clientId !== dynamicsDemo.clientId && clientId !== dynamicsDemo.publicClientId) return unknownApp(clientId)
  if (control.switches.appNotApproved) return appDisabled(clientId)
  if (control.switches.consentMissing) return consentMissing(clientId)
  if (clientId === dynamicsDemo.publicClientId) {
    if (secret === null) return undefined
    const text = "Client is public so neither 'client_assertion' nor 'client_secret' should be presented."
    return { status: 401, error: 'invalid_client', code: 700025, text }
  }
  const invalid = { status: 401, error: 'invalid_client' }
  if (secret === null) {
    const text = "The request body must contain the following parameter: 'client_assertion' or 'client_secret'."
    return { ...invalid, code: 7000218, text }
  }
  if (secret === dynamicsDemo.expiredClientSecret) {
    return { ...invalid, code: 7000222, text: `The provided client secret keys for app '${clientId}' are expired.` }
  }
  if (secret === dynamicsDemo.clientSecret) return undefined
  const text = `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`
  return { ...invalid, code: 7000215, text }
}

function readGrant(form: URLSearchParams, tenant: string, origin: string, org: Org): Grant | EntraRefusal {
  switch (form.get('grant_type')) {
    case 'client_credentials':
      return asApplication(form, tenant, origin)
    case 'authorization_code':
      return byCode(form, origin, org)
    case 'refresh_token':
      return byRefreshToken(form, origin)
    default: {
      const text = `The app requested an unsupported grant type '${form.get('grant_type') ?? ''}'.`
      return { status: 400, error: 'unsupported_grant_type', code: 70003, text }
    }
  }
}

function asApplication(form: URLSearchParams, tenant: string, origin: string): Grant | EntraRefusal {
  const clientId = form.get('client_id') ?? ''
  const scope = form.get('scope') ?? ''
  if (tenant === 'organizations' || tenant === 'common') {
    const text = 'The client credentials grant needs the tenant by its id or domain name.'
    return { status: 400, error: 'invalid_request', code: 9002331, text }
  }
  const resource = /^(\S+)\/\.default$/.exec(scope)?.[1]
  if (resource === undefined) {
    const text = `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`
    return { status: 400, error: 'invalid_scope', code: 1002012, text }
  }
  if (!isThisOrg(resource, origin)) return unknownResource(resource)
  return { clientId, oid: dynamicsDemo.userId, resource, scope: null }
}

function byCode(form: URLSearchParams, origin: string, { codes }: Org): Grant | EntraRefusal {
  const approval = codes.redeem(form.get('code') ?? '')
  if (!approval || approval.clientId !== form.get('client_id')) {
    return { status: 400, error: 'invalid_grant', code: 70008, text: 'The provided authorization code has expired.' }
  }
  if (approval.redirectUri !== form.get('redirect_uri')) {
    const text = `The redirect URI '${form.get('redirect_uri') ?? ''}' is not that of the authorization request.`
    return { status: 400, error: 'invalid_client', code: 50011, text }
  }
  if (!provesChallenge(approval, form.get('code_verifier'))) {
    const text = 'The code_verifier does not match the code_challenge supplied in the authorization request.'
    return { status: 400, error: 'invalid_grant', code: 501481, text }
  }
  return ofPerson(approval, origin)
}

function byRefreshToken(form: URLSearchParams, origin: string): Grant | EntraRefusal {
  const grant = readRefreshToken(form.get('refresh_token') ?? '')
  if (!grant || grant.clientId !== form.get('client_id')) {
    return { status: 400, error: 'invalid_grant', code: 70000, text: 'The provided refresh token is not valid.' }
  }
  return ofPerson({ ...grant, account: grant.oid }, origin)
}

function ofPerson(approval: Pick<Approval, 'clientId' | 'scope' | 'account'>, origin: string): Grant | EntraRefusal {
  const { clientId, scope, account: oid = '' } = approval
  const resource = /(?:^|\s)(https?:\/\/\S+)\/(?:\.default|user_impersonation)(?=\s|$)/.exec(scope)?.[1] ?? ''
  return isThisOrg(resource, origin) ? { clientId, oid, resource, scope } : unknownResource(resource)
}

function answer({ clientId, oid, resource, scope }: Grant, { clock, control }: Org): EmulatorResponse {
  const iat = Math.floor(clock.now() / 1000)
  const exp = iat + tokenLifetime
  const tid = dynamicsDemo.tenantId
  const token = issueToken({ aud: resource, appid: clientId, oid, tid, iat, exp, gen: control.tokenGeneration })
  const keeps = scope !== null && /\boffline_access\b/.test(scope) && !control.switches.noRefreshToken
  const person = accounts.find((account) => account.oid === oid)
  return jsonResponse(
    200,
    {
      token_type: 'Bearer',
      ...(scope === null ? {} : { scope }),
      expires_in: tokenLifetime - 1,
      ext_expires_in: tokenLifetime - 1,
      access_token: token,
      ...(keeps && scope !== null
        ? { refresh_token: issueRefreshToken({ use: 'refresh', clientId, oid, scope }) }
        : {}),
      ...(person && {
        id_token: issueIdToken({ aud: clientId, oid, sub: oid, tid, iat, exp, ...nameOf(person) }),
        client_info: Buffer.from(JSON.stringify({ uid: oid, utid: tid })).toString('base64url'),
      }),
    },
    { 'cache-control': 'no-store' },
  )
}

const nameOf = ({ name, email }: (typeof accounts)[number]) => ({ name, preferred_username: email })
