/** The identity service's part: tokens, the sign-in page, and the discovery document (crm-apis.md 1.2). */
import { type EmulatorRequest, type EmulatorResponse, jsonResponse } from '../../http.ts'
import { dynamicsDemo } from '../demo.ts'
import type { Org } from '../org.ts'
import { answerAdfs } from './adfs.ts'
import { answerAuthorize } from './authorize.ts'
import { answerToken } from './grants.ts'
import { refusalAnswer, unknownTenant } from './refusal.ts'

/** Undefined: the path is not the identity service's. */
export function answerSignIn(request: EmulatorRequest, org: Org): EmulatorResponse | undefined {
  const adfs = answerAdfs(request, org)
  if (adfs) return adfs
  const found = /^\/([\w.-]+)\/(oauth2\/v2\.0\/(?:token|authorize)|v2\.0\/\.well-known\/openid-configuration)$/.exec(
    request.path,
  )
  if (!found) return undefined
  const [, tenant = '', endpoint] = found
  if (endpoint === 'oauth2/v2.0/token') {
    if (request.method !== 'POST') return jsonResponse(405, { error: 'method_not_allowed' })
    return isTenant(tenant) ? answerToken(request, tenant, org) : refusalAnswer(unknownTenant(tenant), org.clock.now())
  }
  if (endpoint === 'oauth2/v2.0/authorize') return answerAuthorize(request, isTenant(tenant) ? tenant : null, org)
  return jsonResponse(200, discoveryDocument(request.origin, tenant))
}

/** `organizations`: people of whatever tenant, who are all of this one here. */
function isTenant(tenant: string): boolean {
  return [dynamicsDemo.tenantId, dynamicsDemo.tenantDomain, 'organizations', 'common'].includes(tenant)
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
