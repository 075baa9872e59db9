/** The first owner and invites under `/auth`, as a plugin of better-auth, which keeps the sessions that they begin. */
import type { BetterAuthPlugin, GenericEndpointContext } from 'better-auth'
import { APIError, createAuthEndpoint, formCsrfMiddleware } from 'better-auth/api'
import { setSessionCookie } from 'better-auth/cookies'
import { z } from 'zod'
import { type Entrance, InviteClosedError } from '../members/entrance.ts'
import { PasswordsBusyError } from '../members/password.ts'
import { ActionableError, type ErrorCode, ValidationError } from '../shared/errors.ts'
import { busyRefusal } from './busy-refusal.ts'
import { LOCAL_HEADER } from './session-cookie.ts'

const text = z.string().max(1_000)
const person = { name: text, password: text }

/** As often as one may try to sign in. */
const rateLimit = { window: 60, max: 30 }
const paths = ['/first-run', '/invite', '/join']

export function entranceEndpoints(entrance: Entrance) {
  return {
    id: 'entrance',
    rateLimit: [{ ...rateLimit, pathMatcher: (path) => paths.includes(path) }],
    endpoints: {
      readFirstRun: createAuthEndpoint('/first-run', { method: 'GET' }, async (context) => {
        return context.json({ needed: await entrance.isFirstRun(), allowed: isLocal(context) })
      }),
      makeFirstOwner: createAuthEndpoint(
        '/first-run',
        {
          method: 'POST',
          body: z.object({ ...person, email: text, code: text.optional() }),
          use: [formCsrfMiddleware],
        },
        async (context) => {
          const { code = null, ...given } = context.body
          const proof = { local: isLocal(context), code }
          await beginSession(context, await refusing(() => entrance.makeFirstOwner(given, proof)))
          return context.json({})
        },
      ),
      readInvite: createAuthEndpoint(
        '/invite',
        { method: 'POST', body: z.object({ token: text }), use: [formCsrfMiddleware] },
        async (context) => {
          const invite = await entrance.readInvite(context.body.token)
          if (typeof invite === 'string') throw toApiError(new InviteClosedError(invite))
          return context.json(invite)
        },
      ),
      join: createAuthEndpoint(
        '/join',
        { method: 'POST', body: z.object({ ...person, token: text }), use: [formCsrfMiddleware] },
        async (context) => {
          const { token, ...given } = context.body
          await beginSession(context, await refusing(() => entrance.join(token, given)))
          return context.json({})
        },
      ),
    },
  } satisfies BetterAuthPlugin
}

function isLocal({ headers }: { headers?: Headers | undefined }): boolean {
  return headers?.get(LOCAL_HEADER) === 'yes'
}

/** A session for somebody who has proven who they are; its cookie goes with the answer. */
export async function beginSession(context: GenericEndpointContext, userId: string): Promise<void> {
  const { internalAdapter } = context.context
  const user = await internalAdapter.findUserById(userId)
  const session = await internalAdapter.createSession(userId)
  if (!user || !session) throw new APIError('INTERNAL_SERVER_ERROR')
  await setSessionCookie(context, { session, user })
}

async function refusing<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work()
  } catch (error) {
    if (error instanceof PasswordsBusyError) throw busyRefusal(error)
    throw error instanceof ActionableError ? toApiError(error) : error
  }
}

const statuses: Partial<Record<ErrorCode, 'BAD_REQUEST' | 'FORBIDDEN' | 'NOT_FOUND' | 'CONFLICT'>> = {
  VALIDATION: 'BAD_REQUEST',
  NOT_ALLOWED: 'FORBIDDEN',
  NOT_FOUND: 'NOT_FOUND',
  CONFLICT: 'CONFLICT',
}

function toApiError(error: ActionableError): APIError {
  const { message } = error
  const code = error instanceof InviteClosedError ? error.reason : error.code
  const fields = error instanceof ValidationError ? { fields: error.fields } : {}
  return new APIError(statuses[error.code] ?? 'BAD_REQUEST', { code, message, ...fields })
}
