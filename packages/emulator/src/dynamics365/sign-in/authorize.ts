/** The page at which a person picks an account, gives the password, and lets an application in (crm-apis.md 1.2). */
import type { Approval } from '../../authorization-codes.ts'
import { type EmulatorRequest, type EmulatorResponse, htmlResponse } from '../../http.ts'
import { escapeHtml, renderDocument, renderMessagePage } from '../../page.ts'
import { dynamicsDemo } from '../demo.ts'
import type { Org } from '../org.ts'
import { type Account, accounts, checkPassword } from './accounts.ts'
import { appDisabled, consentMissing, type EntraRefusal, unknownApp } from './refusal.ts'

const system = 'Microsoft sign-in'

/** What the application asks for, as query (first) or as the form's hidden fields (then). */
const handedOn = [
  'client_id',
  'response_type',
  'redirect_uri',
  'scope',
  'state',
  'code_challenge',
  'code_challenge_method',
]

/**
 * `GET` shows the accounts; its form comes back as `POST` with `account`, then with `password` and `decision` besides,
 * which a client without a browser may post at once.
 *
 * @param tenant null for one that is unknown here
 */
export function answerAuthorize(request: EmulatorRequest, tenant: string | null, org: Org): EmulatorResponse {
  const form = request.method === 'POST' ? new URLSearchParams(request.body) : request.query
  const clientId = form.get('client_id') ?? ''
  const redirectUri = form.get('redirect_uri') ?? ''
  // A person must not be sent on to an address that no known application named.
  if (tenant === null) return errorPage('AADSTS90002: The tenant was not found.')
  if (clientId !== dynamicsDemo.clientId && clientId !== dynamicsDemo.publicClientId) {
    return errorPage(sentenceOf(unknownApp(clientId)))
  }
  if (!isWebAddress(redirectUri)) {
    return errorPage('AADSTS50011: The redirect URI does not match the redirect URIs configured for the application.')
  }
  const back = (answer: Record<string, string>) => redirect(redirectUri, { ...answer, state: form.get('state') })
  const refuse = (error: string, refusal: EntraRefusal) => back({ error, error_description: sentenceOf(refusal) })
  if (org.control.switches.appNotApproved) return refuse('unauthorized_client', appDisabled(clientId))
  if (form.get('response_type') !== 'code') {
    return back({ error: 'unsupported_response_type', error_description: 'AADSTS70005: response_type must be code.' })
  }
  if (form.get('decision') === 'cancel') {
    return back({
      error: 'access_denied',
      error_description: 'AADSTS65004: User declined to consent to access the app.',
    })
  }
  const picked = accounts.find(({ email }) => email === form.get('account'))
  if (request.method !== 'POST' || !picked) return htmlResponse(200, accountPage(form))
  const password = form.get('password')
  const account = password === null ? undefined : checkPassword(picked.email, password)
  if (!account) return htmlResponse(200, passwordPage(form, picked, password !== null))
  if (org.control.switches.consentMissing) return refuse('consent_required', consentMissing(clientId))
  return back({ code: org.codes.issue(toApproval(form, account)) })
}

function toApproval(form: URLSearchParams, { oid }: Account): Approval {
  const challenge = form.get('code_challenge')
  return {
    clientId: form.get('client_id') ?? '',
    redirectUri: form.get('redirect_uri') ?? '',
    scope: form.get('scope') ?? '',
    account: oid,
    challenge:
      challenge === null
        ? null
        : { text: challenge, method: form.get('code_challenge_method') === 'S256' ? 'S256' : 'plain' },
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

const sentenceOf = ({ code, text }: EntraRefusal) => `AADSTS${code}: ${text}`
const errorPage = (message: string) =>
  htmlResponse(400, renderMessagePage(system, 'Sorry, we cannot sign you in', message))

function hiddenFields(form: URLSearchParams): string {
  const fields = handedOn
    .filter((name) => form.has(name))
    .map((name) => `<input type="hidden" name="${name}" value="${escapeHtml(form.get(name) ?? '')}">`)
  return fields.join('')
}

function accountPage(form: URLSearchParams): string {
  const buttons = accounts.map(
    ({ name, email }) =>
      `<p><button name="account" value="${escapeHtml(email)}">${escapeHtml(name)} (${escapeHtml(email)})</button></p>`,
  )
  return renderDocument(
    system,
    'Pick an account',
    `<h1>Pick an account</h1><form method="post">${hiddenFields(form)}${buttons.join('')}
<p><button name="decision" value="cancel">Cancel</button></p></form>`,
  )
}

function passwordPage(form: URLSearchParams, { email }: Account, wasWrong: boolean): string {
  const app = escapeHtml(new URL(form.get('redirect_uri') ?? '').host)
  return renderDocument(
    system,
    'Enter password',
    `<h1>Enter password</h1>
<p>You are <strong>${escapeHtml(email)}</strong>. The password of this demonstration is <code>${escapeHtml(dynamicsDemo.password)}</code>.</p>
${wasWrong ? '<p role="alert">Your account or password is incorrect.</p>' : ''}
<p>The app at <strong>${app}</strong> is asking to access Dynamics 365 as you, and to keep that access.</p>
<form method="post">${hiddenFields(form)}<input type="hidden" name="account" value="${escapeHtml(email)}">
<p><label>Password <input type="password" name="password" autocomplete="off" required></label></p>
<p><button name="decision" value="allow">Sign in</button></p></form>
<form method="post">${hiddenFields(form)}<button name="decision" value="cancel">Cancel</button></form>`,
  )
}
