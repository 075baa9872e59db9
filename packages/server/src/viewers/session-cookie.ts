/** What the names of our cookies begin with, whatever else stands before it. */
const COOKIE_NAME = 'backchannel'

/**
 * What our cookies' names begin with. Behind https browsers keep `__Host-` to what this very host has set, over https and for
 * all of its paths: neither a neighbour under the same domain nor somebody on the wire can put one in its place.
 *
 * @param publicUrl under which browsers reach us
 */
export function cookiePrefix(publicUrl: string): { prefix: string; secure: boolean } {
  const secure = publicUrl.startsWith('https:')
  return { prefix: secure ? `__Host-${COOKIE_NAME}` : COOKIE_NAME, secure }
}

/** The header in which the HTTP server says where a request comes from; it drops what a client sends by that name. */
export const ADDRESS_HEADER = 'x-backchannel-address'

/** Where a request comes from; null: nobody said so. */
export function addressOf(headers: Headers | undefined): string | null {
  return headers?.get(ADDRESS_HEADER) || null
}

/** The header in which it says `yes` of a request that comes from this machine and was meant for it, through no proxy. */
export const LOCAL_HEADER = 'x-backchannel-local'

/** Whether it is worth asking for a session: most callers bring none. */
export function hasSessionCookie(cookie: string): boolean {
  return cookie.includes(`${COOKIE_NAME}.session_token=`)
}
