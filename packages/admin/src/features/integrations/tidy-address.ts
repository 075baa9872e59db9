/**
 * Addresses that people paste, as the gateway keeps them: it has the same rules, and the last word. Here they are tidied in
 * front of the person, who sees what will be stored. Pure.
 */

function toWebAddress(text: string): URL | null {
  const typed = text.trim()
  // A host as people write it: the gateway wants to know how it is spoken to.
  const address = /^[\w-]+(\.[\w-]+)+([:/?#]|$)/.test(typed) ? `https://${typed}` : typed
  if (!URL.canParse(address)) return null
  const url = new URL(address)
  return url.protocol === 'https:' || url.protocol === 'http:' ? url : null
}

/** Any page of a cloud environment, or the host of its API → where it lives. */
function toApplicationUrl(url: URL): string {
  return `${url.origin.replace(/^(https:\/\/[^./]+)\.api\.(?=crm\d*\.)/, '$1.')}/`
}

/** Folders of the server itself; anything else at the beginning of a path is the name of the org. */
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

/** Any page of a server of one's own → its address, with the org's name where it is not internet-facing. */
function toOnPremisesUrl(url: URL): string {
  const [, first = ''] = url.pathname.split('/')
  const isOrg = /^[A-Za-z]\w*$/.test(first) && !serverFolders.has(first.toLowerCase())
  return isOrg ? `${url.origin}/${first}/` : `${url.origin}/`
}

/** Any page of a Salesforce org → where one signs in to it: pages live on a host of their own. */
function toLoginUrl(url: URL): string {
  return url.origin.replace(/\.(lightning\.force|my\.salesforce-setup)\.com$/, '.my.salesforce.com')
}

export interface Tidied {
  address: string
  /** What was done, for the person; null: nothing that one would notice. */
  note: string | null
}

/** @returns null where the input holds no address, or one that cannot be read, which the gateway says */
export function tidyAddress(methodKey: string, inputName: string, text: string): Tidied | null {
  const url = toWebAddress(text)
  if (url === null) return null
  if (inputName === 'loginUrl') return tidied(text, toLoginUrl(url))
  if (inputName !== 'applicationUrl') return null
  return tidied(text, methodKey === 'ON_PREMISES' ? toOnPremisesUrl(url) : toApplicationUrl(url))
}

function tidied(text: string, address: string): Tidied {
  const bare = (it: string) => it.trim().replace(/\/$/, '').toLowerCase()
  const note = bare(text) === bare(address) ? null : `Shortened to the address of the org: ${address} is what is kept.`
  return { address, note }
}
