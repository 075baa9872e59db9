/** AD FS of the emulated org on servers of one's own: user name and password for a token (crm-apis.md 1.2). */
import { type EmulatorRequest, type EmulatorResponse, jsonResponse } from '../../http.ts'
import { dynamicsDemo } from '../demo.ts'
import type { Org } from '../org.ts'
import { checkPassword } from './accounts.ts'
import { isThisOrg } from './resource.ts'
import { issueToken, tokenLifetime } from './token.ts'

/** Undefined: the path is not that of AD FS. */
export function answerAdfs(request: EmulatorRequest, org: Org): EmulatorResponse | undefined {
  if (!/^\/adfs\/oauth2\/token\/?$/.test(request.path)) return undefined
  if (request.method !== 'POST') return { status: 405 }
  const form = new URLSearchParams(request.body)
  const field = (name: string) => form.get(name) ?? ''
  if (field('grant_type') !== 'password') {
    return refuse('unsupported_grant_type', 'MSIS9611: The authorization server does not support this grant type.')
  }
  if (field('client_id') !== dynamicsDemo.adfsClientId) {
    return refuse('invalid_client', `MSIS9223: No registered client was found for 'client_id' ${field('client_id')}.`)
  }
  if (org.control.switches.appNotApproved) {
    return refuse('unauthorized_client', 'MSIS9605: The client is not allowed to access the requested resource.')
  }
  const resource = field('resource')
  if (!isThisOrg(resource.replace(/\/$/, ''), request.origin)) {
    return refuse('invalid_resource', "MSIS9602: The received 'resource' parameter is invalid.")
  }
  const account = checkPassword(field('username'), field('password'))
  if (!account) return refuse('invalid_grant', "MSIS9659: Invalid 'username' or 'password'.")
  const now = Math.floor(org.clock.now() / 1000)
  const token = issueToken({
    aud: new URL(resource).origin,
    appid: field('client_id'),
    oid: account.oid,
    tid: 'adfs',
    iat: now,
    exp: now + tokenLifetime,
    gen: org.control.tokenGeneration,
  })
  // In lower case, other than Entra writes it.
  return jsonResponse(
    200,
    { access_token: token, token_type: 'bearer', expires_in: tokenLifetime },
    { 'cache-control': 'no-store' },
  )
}

const refuse = (error: string, description: string) => jsonResponse(400, { error, error_description: description })
