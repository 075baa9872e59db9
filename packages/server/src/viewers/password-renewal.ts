import type { BetterAuthPlugin } from 'better-auth'
import { createAuthMiddleware } from 'better-auth/api'
import { type Passwords, PasswordsBusyError } from '../members/password.ts'

/**
 * Hashes a password anew where its hash is cheaper to guess at than today's: when somebody signs in with it, as nobody knows
 * it at any other time. It comes before the second factor, which asks for more but takes nothing of that back.
 */
export function passwordRenewal({ isOutdated, hash }: Passwords) {
  return {
    id: 'password-renewal',
    hooks: {
      after: [
        {
          matcher: ({ path, context }) => path === '/sign-in/email' && context.newSession !== null,
          handler: createAuthMiddleware(async ({ body, context: { internalAdapter, newSession } }) => {
            const userId = newSession?.user.id ?? ''
            const accounts = await internalAdapter.findAccounts(userId)
            const kept = accounts.find(({ providerId }) => providerId === 'credential')?.password
            if (!kept || !isOutdated(kept)) return
            const renewed = await hash(body.password).catch(laterWhenBusy)
            if (renewed !== null) await internalAdapter.updatePassword(userId, renewed)
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin
}

/** The person is in already: their next sign-in does it. */
function laterWhenBusy(error: unknown): null {
  if (error instanceof PasswordsBusyError) return null
  throw error
}
