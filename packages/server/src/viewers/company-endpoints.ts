/** Signing in at a company's identity provider under `/auth/company`, as a plugin of better-auth, which keeps the sessions. */
import { createHash } from 'node:crypto'
import type { BetterAuthPlugin, GenericEndpointContext } from 'better-auth'
import { APIError, createAuthEndpoint, formCsrfMiddleware } from 'better-auth/api'
import { symmetricDecrypt, symmetricEncrypt } from 'better-auth/crypto'
import { z } from 'zod'
import type { AuditTrail } from '../audit/trail.ts'
import { type Admitted, type CompanyEntrance, CompanyRefusedError } from '../members/company-entrance.ts'
import type { Logger } from '../shared/logger.ts'
import { type CompanyConfig, type CompanyPerson, createCompanySignIn } from './company-sign-in.ts'
import { beginSession } from './entrance-endpoints.ts'
import { addressOf } from './session-cookie.ts'

export interface CompanyParts {
  readonly config: CompanyConfig
  readonly entrance: CompanyEntrance
}

interface Around {
  /** Told of who joins; who signs in is told of with all others. */
  readonly trail: Pick<AuditTrail, 'noteAccount'>
  readonly logger: Logger
}

const CALLBACK = '/company/callback'
const COOKIE = 'company_state'
/** How long somebody may take at the provider's page. */
const ATTEMPT_SECONDS = 10 * 60

const attemptSchema = z.object({ state: z.string(), nonce: z.string(), codeVerifier: z.string(), next: z.string() })
/** A page of the app, behind `/admin`. */
const nextSchema = z
  .string()
  .max(2_000)
  .regex(/^\/[^\\\r\n]*$/)

/**
 * @param parts null: there is no provider, and nothing but that is answered
 * @param publicUrl without a trailing slash
 */
export function companyEndpoints(parts: CompanyParts | null, publicUrl: string, { trail, logger }: Around) {
  const signIn = parts && createCompanySignIn(parts.config, `${publicUrl}/auth${CALLBACK}`)

  /** Back in the app, with the reason why nobody is signed in. */
  const refuse = (context: GenericEndpointContext, problem: string) =>
    context.redirect(`${publicUrl}/admin/sign-in?${new URLSearchParams({ problem })}`)

  /** What began in this browser with this state; it can be taken once. */
  async function takeAttempt(context: GenericEndpointContext): Promise<z.infer<typeof attemptSchema> | null> {
    const { createAuthCookie, secret, secretConfig, internalAdapter } = context.context
    const cookie = createAuthCookie(COOKIE)
    const state = await context.getSignedCookie(cookie.name, secret)
    context.setCookie(cookie.name, '', { ...cookie.attributes, maxAge: 0 })
    if (!state || context.query?.['state'] !== state) return null
    const kept = await internalAdapter.consumeVerificationValue(identifierOf(state))
    if (!kept) return null
    return attemptSchema.parse(JSON.parse(await symmetricDecrypt({ key: secretConfig, data: kept.value })))
  }

  return {
    id: 'company',
    endpoints: {
      readCompany: createAuthEndpoint('/company', { method: 'GET' }, async (context) =>
        context.json({ name: parts?.config.name ?? null }),
      ),

      beginCompany: createAuthEndpoint(
        '/company',
        { method: 'POST', body: z.object({ next: nextSchema.optional() }), use: [formCsrfMiddleware] },
        async (context) => {
          if (!signIn)
            throw new APIError('NOT_FOUND', { code: 'NOT_FOUND', message: 'There is no company to sign in at.' })
          const { url, attempt } = await signIn.begin().catch((error: unknown) => {
            logger.warn({ err: error }, 'The identity provider (OIDC_ISSUER) does not answer as it should')
            const message = 'The sign-in of your company does not answer. Try again, or use a password.'
            throw new APIError('BAD_GATEWAY', { code: 'COMPANY_NO_ANSWER', message })
          })
          const { createAuthCookie, secret, secretConfig, internalAdapter } = context.context
          const data = JSON.stringify({ ...attempt, next: context.body.next ?? '/' })
          await internalAdapter.createVerificationValue({
            identifier: identifierOf(attempt.state),
            value: await symmetricEncrypt({ key: secretConfig, data }),
            expiresAt: new Date(Date.now() + ATTEMPT_SECONDS * 1_000),
          })
          const cookie = createAuthCookie(COOKIE, { maxAge: ATTEMPT_SECONDS })
          await context.setSignedCookie(cookie.name, attempt.state, secret, cookie.attributes)
          return context.json({ url })
        },
      ),

      finishCompany: createAuthEndpoint(
        CALLBACK,
        { method: 'GET', query: z.record(z.string(), z.string()) },
        async (context) => {
          const attempt = parts && (await takeAttempt(context))
          if (!signIn || !attempt) throw refuse(context, 'COMPANY_TRY_ENDED')
          const callback = new URL(`${publicUrl}/auth${CALLBACK}?${new URLSearchParams(context.query)}`)
          const person = await signIn.finish(callback, attempt).catch((error: unknown): CompanyPerson => {
            logger.warn({ err: error }, 'The identity provider let nobody in, or its answer was not to be believed')
            throw refuse(context, 'COMPANY_REFUSED')
          })
          const { userId, hasJoined } = await parts.entrance.admit(person).catch((error: unknown): Admitted => {
            throw error instanceof CompanyRefusedError ? refuse(context, error.reason) : error
          })
          if (hasJoined) await trail.noteAccount({ userId }, 'MEMBER_JOINED', addressOf(context.headers))
          await beginSession(context, userId)
          throw context.redirect(`${publicUrl}/admin${attempt.next}`)
        },
      ),
    },
  } satisfies BetterAuthPlugin
}

function identifierOf(state: string): string {
  return `company-${createHash('sha256').update(state).digest('base64url')}`
}
