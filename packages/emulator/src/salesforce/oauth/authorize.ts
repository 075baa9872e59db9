import type { Approval, Codes } from '../../authorization-codes.ts'
import type { Control } from '../../control.ts'
import { type EmulatorRequest, type EmulatorResponse, htmlResponse } from '../../http.ts'
import { escapeHtml, renderDocument, renderMessagePage } from '../../page.ts'
import { demoConnectedApp, demoSalesforceUser } from './app.ts'

/** What the app asks for, as query (first) or as the form's hidden fields (then). */
const handedOn = [
  'response_type',
  'client_id',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
]

/** `GET /services/oauth2/authorize` shows who asks for what; its form comes back as POST with the person's decision. */
export function answerAuthorize(request: EmulatorRequest, codes: Codes, control: Control): EmulatorResponse {
  const form = request.method === 'POST' ? new URLSearchParams(request.body) : request.query
  const redirectUri = form.get('redirect_uri') ?? ''
  // An app that is unknown, or an address that is none, must not be redirected to: the person is told instead.
  if (form.get('client_id') !== demoConnectedApp.clientId)
    return oauthErrorPage('invalid_client_id', 'client identifier invalid')
  if (!isWebAddress(redirectUri)) {
    return oauthErrorPage('redirect_uri_mismatch', 'redirect_uri must match configuration')
  }
  const back = (answer: Record<string, string>) => redirect(redirectUri, { ...answer, state: form.get('state') })
  if (control.switches.appNotApproved) {
    return back({ error: 'OAUTH_APP_BLOCKED', error_description: 'this app is blocked by admin' })
  }
  if (form.get('response_type') !== 'code') {
    return back({ error: 'unsupported_response_type', error_description: 'response type must be code' })
  }
  if (request.method !== 'POST') return htmlResponse(200, loginPage(form))
  if (form.get('decision') !== 'allow') {
    return back({ error: 'access_denied', error_description: 'end-user denied authorization' })
  }
  if (control.switches.userNotPermitted) {
    return back({
      error: 'OAUTH_APP_ACCESS_DENIED',
      error_description: 'user is not admin approved to access this app',
    })
  }
  return back({ code: codes.issue(toApproval(form)) })
}

function toApproval(form: URLSearchParams): Approval {
  const challenge = form.get('code_challenge')
  // Clients of the vendor leave the method out and hash all the same (crm-apis.md 2.3).
  const method = form.get('code_challenge_method') === 'plain' ? 'plain' : 'S256'
  return {
    clientId: form.get('client_id') ?? '',
    redirectUri: form.get('redirect_uri') ?? '',
    scope: form.get('scope') ?? 'api refresh_token',
    challenge: challenge === null ? null : { text: challenge, method },
  }
}

function redirect(uri: string, answer: Record<string, string | null>): EmulatorResponse {
  const target = new URL(uri)
  for (const [name, value] of Object.entries(answer)) if (value !== null) target.searchParams.set(name, value)
  return { status: 302, headers: { location: target.href, 'cache-control': 'no-store' } }
}

function isWebAddress(text: string): boolean {
  return URL.canParse(text) && /^https?:$/.test(new URL(text).protocol)
}

function oauthErrorPage(error: string, description: string): EmulatorResponse {
  return htmlResponse(
    400,
    renderMessagePage('Salesforce', 'OAuth error', `error=${error}&error_description=${description}`),
  )
}

function loginPage(form: URLSearchParams): string {
  const hidden = handedOn
    .filter((name) => form.has(name))
    .map((name) => `<input type="hidden" name="${name}" value="${escapeHtml(form.get(name) ?? '')}">`)
  const scopes = (form.get('scope') ?? 'api refresh_token').split(/\s+/)
  return renderDocument(
    'Salesforce',
    'Allow access?',
    `<h1>Allow access?</h1>
<p>You are <strong>${escapeHtml(`${demoSalesforceUser.firstName} ${demoSalesforceUser.lastName}`)}</strong> (${escapeHtml(demoSalesforceUser.username)}). This login needs no password.</p>
<p>The app at <strong>${escapeHtml(new URL(form.get('redirect_uri') ?? '').host)}</strong> is asking to:</p>
<ul>${scopes.map((scope) => `<li>${escapeHtml(scopeTexts[scope] ?? scope)}</li>`).join('')}</ul>
<form method="post" action="/services/oauth2/authorize">${hidden.join('')}
<button name="decision" value="allow">Allow</button> <button name="decision" value="deny">Deny</button></form>`,
  )
}

const scopeTexts: Record<string, string> = {
  api: 'Manage user data via APIs',
  refresh_token: 'Perform requests at any time',
  offline_access: 'Perform requests at any time',
  openid: 'Access unique user identifiers',
  id: 'Access the identity URL service',
}
