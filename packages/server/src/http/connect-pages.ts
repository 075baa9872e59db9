/** The few pages that the server writes itself: no script, one style sheet, and every text escaped. */
import { createHash } from 'node:crypto'
import type { ServerResponse } from 'node:http'

export interface AskingPage {
  /** As people call it: "Salesforce". */
  readonly crm: string
  /** Where its sign-in page is. */
  readonly host: string
  readonly workspace: string
  /** The API key that asks, by its name. */
  readonly key: string
  /** The integration that is connected anew, by its name. */
  readonly again: string | null
  readonly ticket: string
  /** The path that the form is sent to. */
  readonly action: string
}

const style = `body { max-width: 32rem; margin: 4rem auto; padding: 0 1rem; font: 1rem/1.5 system-ui, sans-serif }
h1 { font-size: 1.5rem }
button { padding: .5rem 1rem; font: inherit }`
const styleHash = createHash('sha256').update(style).digest('base64')
const policy = [
  "default-src 'none'",
  `style-src 'sha256-${styleHash}'`,
  "form-action 'self'",
  "base-uri 'none'",
  "frame-ancestors 'none'",
].join('; ')

export function sendPage(response: ServerResponse, status: number, page: string): void {
  response.writeHead(status, {
    'content-type': 'text/html; charset=utf-8',
    'content-security-policy': policy,
    'cache-control': 'no-store',
  })
  response.end(page)
}

/** What a key asks a person to connect, told before they go to the vendor's page. */
export function askingPage({ crm, host, workspace, key, again, ticket, action }: AskingPage): string {
  const title = `Connect ${crm} to “${workspace}”?`
  const anew = again === null ? '' : ` It takes the place of how “${again}” is connected now.`
  return pageOf(
    title,
    `<p>The API key “${escaped(key)}” of this workspace asks for it. On the next page, at ${escaped(host)}, you sign in and allow
access. From then on, whoever belongs to the workspace “${escaped(workspace)}” reads and writes in ${escaped(crm)} by this
connection.${escaped(anew)}</p>
<p>If you were sent here by somebody you do not know, close this page: nothing is connected.</p>
<form method="post" action="${escaped(action)}"><input type="hidden" name="ticket" value="${escaped(ticket)}">
<button>Go on to ${escaped(crm)}</button></form>`,
  )
}

/** Stands there until the vendor's page is loaded. */
export function onwardPage(crm: string, authorizeUrl: string): string {
  return pageOf(`On to ${crm}`, `<p><a href="${escaped(authorizeUrl)}">Go on to ${escaped(crm)}</a></p>`)
}

export function failurePage(message: string): string {
  return pageOf(
    'Not connected',
    `<p>${escaped(message)}</p><p><a href="/admin/integrations">Back to the integrations</a></p>`,
  )
}

function pageOf(title: string, body: string): string {
  return `<!doctype html><html lang="en"><meta charset="utf-8"><meta name="color-scheme" content="light dark">
<meta name="viewport" content="width=device-width, initial-scale=1"><title>${escaped(title)}</title><style>${style}</style>
<h1>${escaped(title)}</h1>${body}`
}

function escaped(text: string): string {
  return text.replace(/[&<>"']/g, (character) => `&#${character.charCodeAt(0)};`)
}
