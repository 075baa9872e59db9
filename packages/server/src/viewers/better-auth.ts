import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError, createAuthMiddleware } from 'better-auth/api'
import { betterAuth } from 'better-auth/minimal'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { Logger } from '../shared/logger.ts'
import { ADDRESS_HEADER, COOKIE_PREFIX, LOCAL_HEADER } from './session-cookie.ts'
import { createSignInThrottle } from './sign-in-throttle.ts'

export interface AuthParts {
  prisma: PrismaClient
  /** Signs the session cookies. */
  secret: string
  /** Under which browsers reach us, without a trailing slash. */
  publicUrl: string
  /** Further origins whose pages may sign in: `localhost` beside `127.0.0.1`. */
  trustedOrigins: readonly string[]
  /** A user was made, and needs a place in a workspace. */
  onUserCreated(userId: string): Promise<void>
  /** A session has ended, and must not be believed any longer. */
  onSessionEnded(userId: string): Promise<void>
  logger: Logger
  now: () => number
}

export interface Auth {
  handle(request: Request): Promise<Response>
  findSession(cookie: string): Promise<{ userId: string; expiresAt: Date } | null>
  createUser(user: { email: string; password: string }): Promise<void>
}

/** better-auth on our models: e-mail and password, sessions in the database, nothing reported anywhere. */
export function createAuth(parts: AuthParts): Auth {
  const { prisma, secret, publicUrl, trustedOrigins, onUserCreated, onSessionEnded, logger, now } = parts
  const throttle = createSignInThrottle(now)

  const auth = betterAuth({
    appName: 'Backchannel',
    baseURL: publicUrl,
    basePath: '/auth',
    secret,
    trustedOrigins: [...trustedOrigins],
    telemetry: { enabled: false },
    logger: { log: (level, message) => logger[level](`Sign-in: ${message}`) },
    database: prismaAdapter(prisma, { provider: 'sqlite', transaction: true }),
    account: { modelName: 'authAccount' },
    emailAndPassword: { enabled: true, minPasswordLength: 8, maxPasswordLength: 128 },
    rateLimit: { enabled: true, window: 60, max: 120, customRules: { '/sign-in/email': { window: 60, max: 30 } } },
    advanced: {
      cookiePrefix: COOKIE_PREFIX,
      // The library leaves it out where NODE_ENV is "test"; it is to be tested too.
      disableOriginCheck: false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax' },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    databaseHooks: {
      user: { create: { after: (user) => onUserCreated(user.id) } },
      session: { delete: { after: (session) => onSessionEnded(session.userId) } },
    },
    hooks: {
      before: createAuthMiddleware(async ({ path, body, headers }) => {
        if (path === '/sign-up/email') await refuseSignUp(headers?.get(LOCAL_HEADER) === 'yes')
        if (path === '/sign-in/email') {
          const seconds = throttle.wait(String(body?.email))
          if (seconds > 0) {
            const message = `Too many wrong passwords. Try again in ${Math.ceil(seconds / 60)} minutes.`
            throw new APIError(
              'TOO_MANY_REQUESTS',
              { message, code: 'TOO_MANY_TRIES' },
              { 'retry-after': String(seconds) },
            )
          }
        }
      }),
      after: createAuthMiddleware(async ({ path, body, context }) => {
        if (path !== '/sign-in/email') return
        const account = String(body?.email)
        if (context.returned instanceof APIError) throttle.failed(account)
        else throttle.succeeded(account)
      }),
    },
  })

  /** The first owner may sign up from this machine; everybody else is invited. */
  async function refuseSignUp(local: boolean): Promise<void> {
    if (local && (await prisma.user.count()) === 0) return
    throw new APIError('FORBIDDEN', {
      code: 'SIGN_UP_CLOSED',
      message:
        'Nobody signs up here. The first owner is made on the server itself or by ADMIN_EMAIL and ADMIN_PASSWORD.',
    })
  }

  return {
    handle: (request) => auth.handler(request),

    async findSession(cookie) {
      const found = await auth.api.getSession({ headers: new Headers({ cookie }) })
      return found && { userId: found.user.id, expiresAt: found.session.expiresAt }
    },

    async createUser({ email, password }) {
      const context = await auth.$context
      const name = email.slice(0, email.indexOf('@'))
      const user = await context.internalAdapter.createUser(
        { email, name, emailVerified: true },
        { method: 'email-password' },
      )
      await context.internalAdapter.linkAccount({
        userId: user.id,
        accountId: user.id,
        providerId: 'credential',
        password: await context.password.hash(password),
      })
    },
  }
}
