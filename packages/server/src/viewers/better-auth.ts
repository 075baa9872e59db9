import { prismaAdapter } from 'better-auth/adapters/prisma'
import { APIError, createAuthMiddleware } from 'better-auth/api'
import { betterAuth } from 'better-auth/minimal'
import type { AuditTrail } from '../audit/trail.ts'
import { isOnPostgresql } from '../database/kind.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { Entrance } from '../members/entrance.ts'
import { type Passwords, passwordLength } from '../members/password.ts'
import { nameFault, toPersonName } from '../members/person.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { Logger } from '../shared/logger.ts'
import type { SharedState } from '../shared-state/shared-state.ts'
import { refusingWhenBusy } from './busy-refusal.ts'
import { type CompanyParts, companyEndpoints } from './company-endpoints.ts'
import { entranceEndpoints } from './entrance-endpoints.ts'
import { withHashedSessionTokens } from './kept-session-tokens.ts'
import { passwordRenewal } from './password-renewal.ts'
import { secondFactor, secondFactorEndpoints } from './second-factor.ts'
import { ADDRESS_HEADER, cookiePrefix } from './session-cookie.ts'
import { judgeSession, sessionLimits } from './session-limits.ts'
import type { FoundSession } from './sessions.ts'
import { signInGuard } from './sign-in-guard.ts'
import { signInNotes } from './sign-in-notes.ts'
import { createSignInRates } from './sign-in-rates.ts'
import { withLimitNamed } from './too-many-requests.ts'
import { createUsedCodes } from './used-codes-store.ts'

export interface AuthParts {
  prisma: PrismaClient
  /** Signs the session cookies, and keeps second factors unreadable. */
  secret: string
  /** Keeps the tokens of sessions as hashes. */
  secrets: Pick<SecretBox, 'hash'>
  /** Under which browsers reach us, without a trailing slash. */
  publicUrl: string
  /** Further origins whose pages may sign in: `localhost` beside `127.0.0.1`. */
  trustedOrigins: readonly string[]
  /** How one gets in without an account. */
  entrance: Entrance
  passwords: Passwords
  /** Told of who signs in and out. */
  trail: Pick<AuditTrail, 'noteAccount'>
  /** The identity provider at which people may sign in too; null: none. */
  company: CompanyParts | null
  /** A session has ended and must not be believed any longer, or what is known of its user has changed. */
  onUserChanged(userId: string): Promise<void>
  /** Where guesses are counted, of all instances together. */
  shared: Pick<SharedState, 'counter' | 'moments'>
  logger: Logger
  now: () => number
}

export interface Auth {
  handle(request: Request): Promise<Response>
  findSession(cookie: string): Promise<FoundSession | null>
}

/** better-auth on our models: e-mail and password, sessions in the database, nothing reported anywhere. */
export function createAuth(parts: AuthParts): Auth {
  const {
    prisma,
    secret,
    secrets,
    publicUrl,
    trustedOrigins,
    entrance,
    passwords,
    company,
    trail,
    onUserChanged,
    shared,
    logger,
    now,
  } = parts

  const { prefix, secure } = cookiePrefix(publicUrl)
  const provider = isOnPostgresql(prisma) ? 'postgresql' : 'sqlite'
  const hasPassword = async (userId: string) =>
    (await prisma.authAccount.count({ where: { userId, providerId: 'credential', password: { not: null } } })) > 0

  const auth = betterAuth({
    appName: 'Backchannel',
    baseURL: publicUrl,
    basePath: '/auth',
    secret,
    trustedOrigins: [...trustedOrigins],
    telemetry: { enabled: false },
    // What is no answer of its own is the server's to log and to answer.
    onAPIError: { throw: true },
    logger: { log: (level, message) => logger[level](`Sign-in: ${message}`) },
    database: withHashedSessionTokens(prismaAdapter(prisma, { provider, transaction: true }), secrets),
    account: { modelName: 'authAccount' },
    emailAndPassword: {
      enabled: true,
      disableSignUp: true,
      minPasswordLength: passwordLength.least,
      maxPasswordLength: passwordLength.most,
      password: refusingWhenBusy(passwords),
    },
    // Its own refresh would keep a session alive without end; how long one may live is `session-limits.ts`.
    session: { expiresIn: sessionLimits.wholeMs / 1000, disableSessionRefresh: true },
    rateLimit: {
      enabled: true,
      customStorage: createSignInRates(shared),
      window: 60,
      max: 120,
      customRules: { '/sign-in/email': { window: 60, max: 30 }, '/two-factor/*': { window: 60, max: 30 } },
    },
    plugins: [
      entranceEndpoints(entrance),
      companyEndpoints(company, publicUrl, { trail, logger }),
      passwordRenewal(passwords),
      secondFactor(),
      secondFactorEndpoints(hasPassword, createUsedCodes(prisma, secrets, now)),
      // These come last, so that what they hear of is a session that the second factor has let pass.
      signInGuard(now, shared),
      signInNotes({ trail, logger }),
    ],
    advanced: {
      // Its own way of marking them secure says `__Secure-`, which promises less.
      useSecureCookies: false,
      cookiePrefix: prefix,
      // The library leaves it out where NODE_ENV is "test"; it is to be tested too.
      disableOriginCheck: false,
      defaultCookieAttributes: { httpOnly: true, sameSite: 'lax', path: '/', secure },
      ipAddress: { ipAddressHeaders: [ADDRESS_HEADER] },
    },
    databaseHooks: {
      user: { update: { after: (user) => onUserChanged(user.id) } },
      session: { delete: { after: (session) => onUserChanged(session.userId) } },
    },
    hooks: {
      before: createAuthMiddleware(async (context) => {
        const { path, body } = context
        // Whoever changes it may do so because somebody else knows it.
        if (path === '/change-password') return { context: { body: { ...body, revokeOtherSessions: true } } }
        if (path === '/update-user') return { context: { body: onlyName(body) } }
      }),
    },
  })

  return {
    handle: async (request) => withLimitNamed(await auth.handler(request)),

    async findSession(cookie) {
      const found = await auth.api.getSession({ headers: new Headers({ cookie }) })
      if (!found) return null
      const { id, userId, expiresAt } = found.session
      const verdict = judgeSession(found.session, now())
      if (verdict === 'END') {
        await prisma.session.deleteMany({ where: { id } })
        return null
      }
      if (verdict === 'NOTE_USE')
        await prisma.session.updateMany({ where: { id }, data: { updatedAt: new Date(now()) } })
      return { id, userId, expiresAt }
    },
  }
}

/** What users may change of themselves: nothing that says who they are. */
function onlyName(body: unknown): { name: string } {
  const given = typeof body === 'object' && body !== null ? Object.entries(body) : []
  const [entry] = given
  const name =
    given.length === 1 && entry?.[0] === 'name' && typeof entry[1] === 'string' ? toPersonName(entry[1]) : null
  if (name === null) throw new APIError('BAD_REQUEST', { code: 'INVALID_NAME', message: nameFault })
  return { name }
}
