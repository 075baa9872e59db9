/** What a server says to who brings no token: where to sign in, and for what (crm-apis.md 1.2). */
import { ProviderError } from '../errors.ts'
import { type HttpClient, HttpFailure, type HttpResponse, toTransportError } from '../http/index.ts'
import { toAuthority } from './addresses.ts'

export interface Challenge {
  /** Without a trailing slash and without the name of an endpoint. */
  authority: string
  /** What a token is to be asked for, as the server writes it; null where it does not say. */
  resource: string | null
}

const timeoutMs = 5_000

/**
 * Asks the Web API without a token. Null where it names no sign-in service.
 *
 * @throws ProviderError where nobody can be reached at the address, or it may not be called
 */
export async function findChallenge(applicationUrl: string, http: HttpClient): Promise<Challenge | null> {
  let answer: HttpResponse
  try {
    answer = await http.send({ method: 'GET', url: `${applicationUrl}/api/data/`, timeoutMs })
  } catch (error) {
    throw error instanceof HttpFailure ? toTransportError(error, 'READ') : error
  }
  return readChallenge(answer.headers['www-authenticate'] ?? '')
}

/** `Bearer authorization_uri=https://adfs.contoso.com/adfs/oauth2/authorize, resource_id=https://org.contoso.com/` */
export function readChallenge(header: string): Challenge | null {
  const authority = toAuthority(parameter(header, 'authorization_uri') ?? '')
  return authority === null ? null : { authority, resource: parameter(header, 'resource_id') }
}

function parameter(header: string, name: string): string | null {
  return new RegExp(`\\b${name}="?([^",\\s]+)`, 'i').exec(header)?.[1] ?? null
}

/** An on-premises server that offers no OAuth: Windows sign-in only, or a page for people. */
export function noChallenge(): ProviderError {
  return new ProviderError('CRM_UNREACHABLE', {
    message:
      'There is no Dynamics 365 server with AD FS sign-in at the application URL. Check the address; the server must be set up for claims-based authentication, with OAuth switched on.',
  })
}
