/**
 * Marks a browser in which somebody has signed in, with a signed cookie that opens nothing: whoever guesses at the account
 * from elsewhere cannot make this browser wait.
 */
import { createHash, randomUUID } from 'node:crypto'
import type { GenericEndpointContext } from 'better-auth'

const COOKIE = 'known_device'
const MAX_AGE_SECONDS = 365 * 24 * 60 * 60

/** The id of the browser, where this account has signed in with it before; else null. */
export async function findKnownDevice(context: GenericEndpointContext, email: string): Promise<string | null> {
  const { name } = context.context.createAuthCookie(COOKIE)
  const value = await context.getSignedCookie(name, context.context.secret)
  if (!value) return null
  const [id, account] = value.split('.')
  return id && account === digest(email) ? id : null
}

export async function markKnownDevice(context: GenericEndpointContext, email: string): Promise<void> {
  const { name, attributes } = context.context.createAuthCookie(COOKIE, { maxAge: MAX_AGE_SECONDS })
  await context.setSignedCookie(name, `${randomUUID()}.${digest(email)}`, context.context.secret, attributes)
}

/** The cookie does not show the address to whoever looks into a browser. */
function digest(email: string): string {
  return createHash('sha256').update(email.trim().toLowerCase()).digest('base64url')
}
