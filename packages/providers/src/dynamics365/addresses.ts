/** Addresses that people paste, as what is meant by them (crm-apis.md 1.1). */

function toWebAddress(text: string): URL | null {
  if (!URL.canParse(text.trim())) return null
  const url = new URL(text.trim())
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : null
}

/**
 * Any address of a cloud environment (an app's page, the API's own host) → its origin, without a trailing slash, which
 * would end up in the token's audience. Null for text that is no web address.
 */
export function toApplicationUrl(text: string): string | null {
  const url = toWebAddress(text)
  return url === null ? null : url.origin.replace(/^(https:\/\/[^./]+)\.api\.(?=crm\d*\.)/, '$1.')
}

/** Folders of the server itself, where a path begins on an internet-facing deployment. */
const serverFolders = new Set([
  'api',
  'apps',
  'dashboards',
  'help',
  'm',
  'nga',
  'tools',
  'webresources',
  'workplace',
  'xrmservices',
])

/**
 * Any address of a server of one's own → its origin, and the org's name where that is the first part of the path, as it
 * is without an internet-facing deployment. Pages have a dot in their names, folders of the server are known.
 */
export function toOnPremisesUrl(text: string): string | null {
  const url = toWebAddress(text)
  if (url === null) return null
  const [, first = ''] = url.pathname.split('/')
  const isOrg = /^[A-Za-z]\w*$/.test(first) && !serverFolders.has(first.toLowerCase())
  return isOrg ? `${url.origin}/${first}` : url.origin
}

/** A sign-in service → its address without a trailing slash and without the name of an endpoint; the path says whose it is. */
export function toAuthority(text: string): string | null {
  const url = toWebAddress(text)
  if (url === null) return null
  return url.origin + url.pathname.replace(/\/(oauth2|v2\.0|ls|\.well-known)(\/.*)?$/, '').replace(/(?<!\/)\/+$/, '')
}
