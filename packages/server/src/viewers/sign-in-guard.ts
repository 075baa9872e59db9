/** What better-auth leaves to us about signing in: guessing is slowed down, and a session never outlives the next one. */
import type { BetterAuthPlugin, GenericEndpointContext } from 'better-auth'
import { APIError, createAuthMiddleware, getSessionFromCtx } from 'better-auth/api'
import type { SharedState } from '../shared-state/shared-state.ts'
import { findKnownDevice, markKnownDevice } from './known-device.ts'
import { networkOf } from './network.ts'
import { ADDRESS_HEADER } from './session-cookie.ts'
import { createSignInThrottle, type Guess } from './sign-in-throttle.ts'

/** Endpoints of somebody signed in that ask for the present password. */
const askPassword = new Set([
  '/change-password',
  '/two-factor/enable',
  '/two-factor/disable',
  '/two-factor/generate-backup-codes',
])

/** @param now milliseconds */
export function signInGuard(now: () => number, shared: Pick<SharedState, 'moments'>) {
  const throttle = createSignInThrottle(now, shared)

  const asksPassword = ({ path }: { path?: string | undefined }) =>
    path === '/sign-in/email' || askPassword.has(path ?? '')

  async function readGuess(context: GenericEndpointContext): Promise<Guess | null> {
    if (context.path === '/sign-in/email') {
      const account = String(context.body?.email)
      const device = await findKnownDevice(context, account)
      if (device !== null) return { account, from: device, known: true }
      return { account, from: networkOf(context.headers?.get(ADDRESS_HEADER) ?? ''), known: false }
    }
    const session = await getSessionFromCtx(context)
    return session && { account: session.user.email, from: 'a session', known: true }
  }

  return {
    id: 'sign-in-guard',
    hooks: {
      before: [
        {
          matcher: asksPassword,
          handler: createAuthMiddleware(async (context) => {
            const guess = await readGuess(context)
            const seconds = guess ? await throttle.wait(guess) : 0
            if (seconds === 0) return
            const wait = seconds < 60 ? `${seconds} seconds` : `${Math.ceil(seconds / 60)} minutes`
            const message = `Too many wrong passwords. Try again in ${wait}.`
            const headers = { 'retry-after': String(seconds) }
            throw new APIError('TOO_MANY_REQUESTS', { message, code: 'TOO_MANY_TRIES' }, headers)
          }),
        },
      ],
      after: [
        {
          matcher: asksPassword,
          handler: createAuthMiddleware(async (context) => {
            const guess = await readGuess(context)
            const { returned } = context.context
            if (!guess) return
            if (!(returned instanceof APIError)) await throttle.succeeded(guess)
            else if (isWrongPassword(returned)) await throttle.failed(guess)
          }),
        },
        {
          matcher: ({ context, path }) =>
            context.newSession !== null || path?.startsWith('/two-factor/verify-') === true,
          handler: createAuthMiddleware(async (context) => {
            const { newSession, returned, authCookies, secret, internalAdapter } = context.context
            if (newSession) {
              await markKnownDevice(context, newSession.user.email)
              const earlier = await context.getSignedCookie(authCookies.sessionToken.name, secret)
              if (earlier && earlier !== newSession.session.token) await internalAdapter.deleteSessions([earlier])
            }
            // The library repeats the session's id in the answer, where scripts could read it: it belongs into the cookie.
            if (!(returned instanceof APIError)) return context.json({})
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin
}

/** Other failures, such as a new password that is too short, guess nothing. */
function isWrongPassword({ body }: APIError): boolean {
  return body?.code === 'INVALID_EMAIL_OR_PASSWORD' || body?.code === 'INVALID_PASSWORD'
}
