/** Who may call the Web API: tokens, and the org's own refusals (crm-apis.md 1.2, 1.12). */
import type { EmulatorRequest, EmulatorResponse } from '../http.ts'
import { dynamicsDemo } from './demo.ts'
import { DataverseError, errorResponse } from './errors.ts'
import type { Org } from './org.ts'
import { type Claims, readToken } from './sign-in/token.ts'

/** Tokens that passed, so that a busy client's token is verified once. */
const verified = new Map<string, Claims>()
const verifiedLimit = 100

/** The refusal, if there is one. */
export function refuseAccess(request: EmulatorRequest, org: Org): EmulatorResponse | undefined {
  const token = /^Bearer (\S+)$/i.exec(request.headers['authorization'] ?? '')?.[1]
  const claims = token === undefined ? undefined : verify(token)
  const { switches } = org.control
  if (!claims || switches.refuseForever || !counts(claims, request.origin, org))
    return unauthorized(request.origin, token !== undefined, org)
  if (switches.noApplicationUser || !org.store.table('systemuser').has(claims.oid)) {
    return errorResponse(new DataverseError(403, '0x80072560', 'The user is not a member of the organization.'), false)
  }
  if (switches.apiOff) {
    return errorResponse(
      new DataverseError(403, '0x8004d24b', 'The user is not enabled for the Web API of this organization.'),
      false,
    )
  }
  // A call is answered before the next one is looked at.
  org.userId = claims.oid
  const retryAfter = org.control.takeThrottle()
  if (retryAfter === undefined) return undefined
  const message = 'Number of requests exceeded the limit of 6000 over time window of 300 seconds.'
  return errorResponse(new DataverseError(429, '0x80072322', message, { 'retry-after': String(retryAfter) }), false)
}

function verify(token: string): Claims | undefined {
  const known = verified.get(token)
  if (known) return known
  const claims = readToken(token)
  if (claims) {
    if (verified.size >= verifiedLimit) verified.clear()
    verified.set(token, claims)
  }
  return claims
}

function counts(claims: Claims, origin: string, org: Org): boolean {
  const isCurrent = claims.exp * 1000 > org.clock.now() && claims.gen >= org.control.tokenGeneration
  return isCurrent && sameHost(claims.aud, origin)
}

/** A token for `…//` (an address pasted with its slash) is for somebody else. */
function sameHost(audience: string, origin: string): boolean {
  const plain = (address: string) => address.replace('//localhost', '//127.0.0.1')
  return plain(audience) === plain(new URL(origin).origin)
}

/** It names who gives tokens out: AD FS for a server of one's own. */
function unauthorized(address: string, hadToken: boolean, { control }: Org): EmulatorResponse {
  const { origin, pathname } = new URL(address)
  const isOnPremises = control.switches.onPremises || pathname !== '/'
  const issuer = isOnPremises ? 'adfs' : dynamicsDemo.tenantId
  const authority = `authorization_uri=${origin}/${issuer}/oauth2/authorize, resource_id=${origin}/`
  const reason = hadToken ? 'error="invalid_token", error_description="Error during token validation!", ' : ''
  return {
    status: 401,
    headers: { 'www-authenticate': `Bearer ${reason}${authority}`, 'content-type': 'text/html' },
    body: '',
  }
}
