/** What an operator does where Redis itself, or the way to it, says what is wrong. */

/**
 * What a user of Redis is allowed who may do all that is needed here, as `ACL SETUSER` takes it: scripts that write, and news.
 * Since Redis 7 a new user may use no channel unless it is said.
 */
export const RIGHTS_NEEDED = '~backchannel:* &backchannel:* +@all -@dangerous -@admin'

const NO_TLS_THERE = /connection timeout|wrong version number|packet length too long/i

/**
 * @param url `REDIS_URL`
 * @returns a sentence; null: the error says it all
 */
export function adviceOn(error: unknown, url: string): string | null {
  const message = error instanceof Error ? error.message : ''
  if (/^NOPERM/.test(message)) return `The user in REDIS_URL lacks rights. Enough are: ${RIGHTS_NEEDED}`
  if (/^(WRONGPASS|NOAUTH)/.test(message)) return 'Check the user and the password in REDIS_URL'
  const wantsTls = url.startsWith('rediss:')
  if (wantsTls && NO_TLS_THERE.test(message)) return 'If it does not speak TLS, REDIS_URL begins with redis://'
  if (!wantsTls && /closed unexpectedly/i.test(message)) return 'If it speaks TLS only, REDIS_URL begins with rediss://'
  return null
}
