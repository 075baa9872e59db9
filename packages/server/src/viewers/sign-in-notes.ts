/** What better-auth does, told to the audit log. */
import type { BetterAuthPlugin, GenericEndpointContext } from 'better-auth'
import { APIError, createAuthMiddleware } from 'better-auth/api'
import type { AuditAction } from '../audit/action.ts'
import type { AccountKey, AuditTrail } from '../audit/trail.ts'
import type { Logger } from '../shared/logger.ts'
import { findWhoseTry } from './second-factor.ts'
import { addressOf } from './session-cookie.ts'

export interface SignInNotesParts {
  trail: Pick<AuditTrail, 'noteAccount'>
  logger: Logger
}

/** What somebody does who is signed in. */
const ownActions = new Map<string, AuditAction>([
  ['/change-password', 'PASSWORD_CHANGED'],
  ['/revoke-sessions', 'SIGNED_OUT_EVERYWHERE'],
])

/** The end of turning it on, and turning it off: both write the user. */
const secondFactorActions = new Map<string, AuditAction>([
  ['/two-factor/verify-totp', 'SECOND_FACTOR_TURNED_ON'],
  ['/two-factor/disable', 'SECOND_FACTOR_TURNED_OFF'],
])

/** How one becomes a member and is signed in at once; whether a company brought a new one, its own endpoint knows. */
const entrances = ['/join', '/first-run']

/**
 * A plugin that comes last, so that it sees what the others make of a sign-in: where a second factor is still asked for,
 * nobody is signed in yet.
 */
export function signInNotes({ trail, logger }: SignInNotesParts) {
  const note = (account: AccountKey, action: AuditAction, headers: Headers | undefined) =>
    trail.noteAccount(account, action, addressOf(headers))

  async function noteRefusal(context: GenericEndpointContext, { body }: APIError): Promise<void> {
    const { path, headers } = context
    if (body?.code === 'INVALID_EMAIL_OR_PASSWORD') {
      // Nobody waits for it: how long the answer takes must not tell whether there is such an account.
      note({ email: String(context.body?.email).toLowerCase() }, 'SIGN_IN_REFUSED', headers).catch((error: unknown) =>
        logger.error({ err: error }, 'A refused sign-in was not noted in the audit log'),
      )
    } else if (path?.startsWith('/two-factor/verify-') && context.context.session === null) {
      const userId = await findWhoseTry(context)
      if (userId !== null) await note({ userId }, 'SIGN_IN_REFUSED', headers)
    }
  }

  return {
    id: 'sign-in-notes',
    init: () => ({
      options: {
        databaseHooks: {
          user: {
            update: {
              async after(user, context) {
                const action = 'twoFactorEnabled' in user && secondFactorActions.get(String(context?.path))
                if (action) await note({ userId: user.id }, action, context?.headers)
              },
            },
          },
          session: {
            delete: {
              // Sessions end in other ways too, such as by their age.
              async after(session, context) {
                if (context?.path === '/sign-out') await note({ userId: session.userId }, 'SIGNED_OUT', context.headers)
              },
            },
          },
        },
      },
    }),
    hooks: {
      after: [
        {
          matcher: () => true,
          handler: createAuthMiddleware(async (context) => {
            const { path, headers } = context
            const { returned, session, newSession } = context.context
            // Who comes back from their company is sent on to the app, which the library throws too.
            if (returned instanceof APIError && newSession === null) return noteRefusal(context, returned)
            const own = ownActions.get(path)
            if (own !== undefined && session) await note({ userId: session.user.id }, own, headers)
            if (newSession === null || session !== null) return
            const userId = newSession.user.id
            if (entrances.includes(path)) await note({ userId }, 'MEMBER_JOINED', headers)
            await note({ userId }, 'SIGNED_IN', headers)
          }),
        },
      ],
    },
  } satisfies BetterAuthPlugin
}
