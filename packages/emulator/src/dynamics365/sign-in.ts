/** The identity service's part: client credentials, and the discovery document (crm-apis.md 1.2). */
import { randomUUID } from 'node:crypto'
import { type EmulatorRequest, type EmulatorResponse, jsonResponse } from '../http.ts'
import { dynamicsDemo } from './demo.ts'
import type { Org } from './org.ts'
import { issueToken, tokenLifetime } from './token.ts'

/** Undefined: the path is not the identity service's. */
export function answerSignIn(request: EmulatorRequest, org: Org): EmulatorResponse | undefined {
  const found = /^\/([\w.-]+)\/(oauth2\/v2\.0\/token|v2\.0\/\.well-known\/openid-configuration)$/.exec(request.path)
  if (!found) return undefined
  const [, tenant = '', endpoint] = found
  if (endpoint !== 'oauth2/v2.0/token') return jsonResponse(200, discoveryDocument(request.origin, tenant))
  if (request.method !== 'POST') return jsonResponse(405, { error: 'method_not_allowed' })
  return issue(request, tenant, org)
}

function issue(request: EmulatorRequest, tenant: string, org: Org): EmulatorResponse {
  const form = new URLSearchParams(request.body)
  const clientId = form.get('client_id') ?? ''
  const secret = form.get('client_secret')
  const scope = form.get('scope') ?? ''
  const refuse = (status: number, error: string, code: number, text: string) =>
    refusal(status, error, code, text, org.clock.now())

  if (tenant !== dynamicsDemo.tenantId && tenant !== dynamicsDemo.tenantDomain) {
    return refuse(
      400,
      'invalid_request',
      90002,
      `Tenant '${tenant}' not found. Check to make sure you have the correct tenant ID and are signing into the correct cloud. Check with your subscription administrator, this may happen if there are no active subscriptions for the tenant.`,
    )
  }
  if (form.get('grant_type') !== 'client_credentials') {
    return refuse(
      400,
      'unsupported_grant_type',
      70003,
      `The app requested an unsupported grant type '${form.get('grant_type') ?? ''}'.`,
    )
  }
  if (clientId !== dynamicsDemo.clientId) {
    return refuse(
      400,
      'unauthorized_client',
      700016,
      `Application with identifier '${clientId}' was not found in the directory '${dynamicsDemo.organizationName}'. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.`,
    )
  }
  if (secret === null) {
    return refuse(
      401,
      'invalid_client',
      7000218,
      "The request body must contain the following parameter: 'client_assertion' or 'client_secret'.",
    )
  }
  if (secret === dynamicsDemo.expiredClientSecret) {
    return refuse(401, 'invalid_client', 7000222, `The provided client secret keys for app '${clientId}' are expired.`)
  }
  if (secret !== dynamicsDemo.clientSecret) {
    return refuse(
      401,
      'invalid_client',
      7000215,
      `Invalid client secret provided. Ensure the secret being sent in the request is the client secret value, not the client secret ID, for a secret added to app '${clientId}'.`,
    )
  }
  const resource = /^(\S+)\/\.default$/.exec(scope)?.[1]
  if (resource === undefined) {
    return refuse(
      400,
      'invalid_scope',
      1002012,
      `The provided value for scope ${scope} is not valid. Client credential flows must have a scope value with /.default suffixed to the resource identifier (application ID URI).`,
    )
  }
  if (!isThisOrg(resource, request.origin)) {
    return refuse(
      400,
      'invalid_resource',
      500011,
      `The resource principal named ${resource} was not found in the tenant named ${dynamicsDemo.organizationName}. This can happen if the application has not been installed by the administrator of the tenant or consented to by any user in the tenant.`,
    )
  }
  const now = Math.floor(org.clock.now() / 1000)
  const token = issueToken({
    aud: resource,
    appid: clientId,
    tid: dynamicsDemo.tenantId,
    iat: now,
    exp: now + tokenLifetime,
    gen: org.control.tokenGeneration,
  })
  const lifetime = tokenLifetime - 1
  return jsonResponse(
    200,
    { token_type: 'Bearer', expires_in: lifetime, ext_expires_in: lifetime, access_token: token },
    { 'cache-control': 'no-store' },
  )
}

/** Same port, on whatever name of this machine; a trailing slash names another audience, which only the API refuses. */
function isThisOrg(resource: string, origin: string): boolean {
  if (!URL.canParse(resource)) return false
  const { port, hostname } = new URL(resource)
  const own = new URL(origin)
  const loopback = ['127.0.0.1', 'localhost', '[::1]']
  return (
    port === own.port && (hostname === own.hostname || (loopback.includes(hostname) && loopback.includes(own.hostname)))
  )
}

function refusal(status: number, error: string, code: number, text: string, now: number): EmulatorResponse {
  const traceId = randomUUID()
  const correlationId = randomUUID()
  const timestamp = new Date(now).toISOString().slice(0, 19).replace('T', ' ')
  return jsonResponse(status, {
    error,
    error_description: `AADSTS${code}: ${text} Trace ID: ${traceId} Correlation ID: ${correlationId} Timestamp: ${timestamp}Z`,
    error_codes: [code],
    timestamp: `${timestamp}Z`,
    trace_id: traceId,
    correlation_id: correlationId,
    error_uri: `https://login.microsoftonline.com/error?code=${code}`,
  })
}

function discoveryDocument(origin: string, tenant: string) {
  return {
    token_endpoint: `${origin}/${tenant}/oauth2/v2.0/token`,
    token_endpoint_auth_methods_supported: ['client_secret_post'],
    issuer: `${origin}/${tenant}/v2.0`,
    authorization_endpoint: `${origin}/${tenant}/oauth2/v2.0/authorize`,
    jwks_uri: `${origin}/${tenant}/discovery/v2.0/keys`,
    response_types_supported: ['code'],
    scopes_supported: ['openid', 'profile', 'offline_access'],
  }
}
