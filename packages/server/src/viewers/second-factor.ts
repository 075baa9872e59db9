/** The second factor: codes of an authenticator app, kept and compared by better-auth's plugin. */
import type { BetterAuthPlugin, GenericEndpointContext } from 'better-auth'
import {
  APIError,
  createAuthEndpoint,
  createAuthMiddleware,
  getSessionFromCtx,
  sessionMiddleware,
} from 'better-auth/api'
import { twoFactor } from 'better-auth/plugins/two-factor'
import { z } from 'zod'
import type { UsedCodes } from './used-codes-store.ts'

/** What authenticator apps call the account. */
const ISSUER = 'Backchannel'
/** How long the code may be given after the password, in seconds. */
const TRY_SECONDS = 10 * 60

export function secondFactor() {
  // Of a try, five wrong codes are heard; ten in a row, over all tries, close the second step for 15 minutes. Whoever gets
  // that far knows the password.
  return twoFactor({
    issuer: ISSUER,
    twoFactorCookieMaxAge: TRY_SECONDS,
    backupCodeOptions: { amount: 10, length: 12, storeBackupCodes: 'encrypted' },
    accountLockout: { maxFailedAttempts: 10, durationSeconds: 15 * 60 },
  })
}

const text = z.string().max(200)
const code = z.strictObject({ code: text.transform((given) => given.replaceAll(/\s/g, '')) })
const password = z.strictObject({ password: text })

/** All that may be said to the plugin's endpoints; what else it would hear is not for callers to choose. */
const bodies: Readonly<Record<string, z.ZodType>> = {
  '/two-factor/enable': password,
  '/two-factor/disable': password,
  '/two-factor/generate-backup-codes': password,
  '/two-factor/verify-totp': code,
  '/two-factor/verify-backup-code': code,
}

/**
 * Narrows what the plugin hears, and tells the account page how things stand.
 *
 * @param hasPassword whether a user signs in with a password, and not only at their company
 * @param used an app's code is good for a minute and a half, and for one use
 */
export function secondFactorEndpoints(hasPassword: (userId: string) => Promise<boolean>, used: UsedCodes) {
  /** Whose code was taken for a request. */
  const taken = new WeakMap<Request, string>()
  const isCode = ({ path }: { path?: string | undefined }) => path === '/two-factor/verify-totp'

  return {
    id: 'second-factor-endpoints',
    hooks: {
      before: [
        {
          matcher: ({ path }) => path !== undefined && Object.hasOwn(bodies, path),
          handler: createAuthMiddleware(async ({ path, body: given }) => {
            const body = bodies[path]?.safeParse(given)
            if (body?.success) return { context: { body: body.data } }
            throw new APIError('BAD_REQUEST', { code: 'VALIDATION', message: 'Send what this asks for, and no more.' })
          }),
        },
        {
          matcher: isCode,
          handler: createAuthMiddleware(async (context) => {
            const session = await getSessionFromCtx(context)
            const userId = session?.user.id ?? (await findWhoseTry(context))
            if (userId === null) return
            if (await used.take(userId, context.body.code)) {
              if (context.request) taken.set(context.request, userId)
              return
            }
            throw new APIError('UNAUTHORIZED', {
              code: 'INVALID_CODE',
              message: 'This code was used. Wait for the next.',
            })
          }),
        },
      ],
      after: [
        {
          matcher: isCode,
          handler: createAuthMiddleware(async ({ request, body, context }) => {
            const userId = request && taken.get(request)
            if (userId !== undefined && !context.newSession) await used.giveBack(userId, body.code)
          }),
        },
      ],
    },
    endpoints: {
      readSecondFactor: createAuthEndpoint(
        '/second-factor',
        { method: 'GET', use: [sessionMiddleware] },
        async (context) => {
          const { user } = context.context.session
          return context.json({ on: user['twoFactorEnabled'] === true, possible: await hasPassword(user.id) })
        },
      ),
    },
  } satisfies BetterAuthPlugin
}

/** Who has given the right password and is asked for the code; null: nobody, or somebody who is signed in. */
export async function findWhoseTry(context: GenericEndpointContext): Promise<string | null> {
  const { createAuthCookie, secret, internalAdapter } = context.context
  const id = await context.getSignedCookie(createAuthCookie('two_factor').name, secret)
  const pending = id ? await internalAdapter.findVerificationValue(id) : null
  return pending?.value ?? null
}
