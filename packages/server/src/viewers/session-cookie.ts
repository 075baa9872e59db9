/** What better-auth's cookies begin with; behind https they are prefixed with `__Secure-`. */
export const COOKIE_PREFIX = 'backchannel'

/** The header in which the HTTP server says where a request comes from; it drops what a client sends by that name. */
export const ADDRESS_HEADER = 'x-backchannel-address'

/** The header in which it says `yes` of a request that comes from this machine and was meant for it, through no proxy. */
export const LOCAL_HEADER = 'x-backchannel-local'

/** Whether it is worth asking for a session: most callers bring none. */
export function hasSessionCookie(cookie: string): boolean {
  return cookie.includes(`${COOKIE_PREFIX}.session_token=`)
}
