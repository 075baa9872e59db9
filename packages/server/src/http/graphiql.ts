import { randomBytes } from 'node:crypto'
import { hasSessionCookie } from '../viewers/session-cookie.ts'
import type { Exchange } from './exchange.ts'
import { graphiqlPolicy } from './security-headers.ts'

/** One tab of GraphiQL: an operation and what it is asked with. */
export interface ExampleOperation {
  readonly query: string
  readonly variables?: Record<string, unknown>
}

export interface GraphiQLOptions {
  /** The first is the tab that is open where nobody used GraphiQL before. */
  examples: readonly ExampleOperation[]
  /** One of them that is opened beside whatever tabs the browser remembers. */
  chosen?: ExampleOperation | undefined
  /** Goes into the headers of every tab; null where the person brings a key. */
  key: string | null
}

/** Whether a browser asks for a page, not for the answer to a query. */
export function wantsPage({ request, search }: Exchange): boolean {
  const accept = request.headers.accept ?? ''
  return request.method === 'GET' && accept.includes('text/html') && !/[?&]query=/.test(search)
}

/**
 * GraphiQL leaves tabs a shift that it undoes in its style sheet, though not for the tab that has the focus: pressed, a tab
 * would leap away from under the pointer, and the click would go nowhere.
 */
const tabsStayInPlace = '<style>.graphiql-tab { transform: none !important; }</style>'

/** Style sheets that scripts of the page make bear the page's nonce too. */
const namesStyles = (nonce: string) => `<script nonce="${nonce}">{
  const create = document.createElement
  document.createElement = function (name, options) {
    const made = create.call(this, name, options)
    if (made instanceof HTMLStyleElement) made.nonce = '${nonce}'
    return made
  }
}</script>`

/** Sends GraphiQL, all of it from our own package: it is loaded when first asked for, since it weighs several megabytes. */
export async function sendGraphiQL(
  { request, response }: Exchange,
  { examples, chosen, key }: GraphiQLOptions,
): Promise<void> {
  const { renderGraphiQL } = await import('@graphql-yoga/render-graphiql')
  const headers = headersFor(key, hasSessionCookie(request.headers.cookie ?? ''))
  const tabOf = ({ query, variables = {} }: ExampleOperation) => ({
    query,
    headers,
    variables: JSON.stringify(variables, null, 2),
  })
  const tabs = examples.map(tabOf)
  const page = renderGraphiQL({
    title: 'Backchannel',
    endpoint: '/graphql',
    credentials: 'same-origin',
    subscriptionsProtocol: 'SSE',
    headers,
    defaultHeaders: headers,
    defaultTabs: tabs,
    // The tab that is open at first takes its variables from here.
    ...(tabs[0] && { variables: tabs[0].variables }),
    ...(chosen && tabOf(chosen)),
  })
  const nonce = randomBytes(16).toString('base64')
  response.setHeader('content-security-policy', graphiqlPolicy(nonce))
  response.setHeader('cache-control', 'no-store')
  response.setHeader('content-type', 'text/html; charset=utf-8')
  const end = page.indexOf('</head>')
  // Of the head alone: what the script holds stays as it is.
  const head = `${page.slice(0, end)}${tabsStayInPlace}`
    .replaceAll('<style>', `<style nonce="${nonce}">`)
    .replace('<head>', () => `<head>${namesStyles(nonce)}`)
  response.end(head + page.slice(end).replace('<script>', `<script nonce="${nonce}">`))
}

/** Whoever is signed in needs no key: an example of one would keep the session from counting. */
function headersFor(key: string | null, isSignedIn: boolean): string {
  if (key !== null) return JSON.stringify({ Authorization: `Bearer ${key}` }, null, 2)
  return isSignedIn ? '{}' : '{\n  "Authorization": "Bearer <your key>"\n}'
}
