/** Sign-ins of admins, kept by better-auth, which is loaded when somebody first signs in or has a session cookie. */
import type { Auth, AuthParts } from './better-auth.ts'

/** `id` opens nothing: it is neither the cookie's value nor made of it. */
export interface FoundSession {
  readonly id: string
  readonly userId: string
  readonly expiresAt: Date
}

export interface Sessions {
  /** Answers a request below `/auth`. */
  handle(request: Request): Promise<Response>
  /** The session behind a `Cookie` header. */
  find(cookie: string): Promise<FoundSession | null>
}

/** All that is open of what better-auth and its plugins could answer; each path by its methods. */
const open: Readonly<Record<string, readonly string[]>> = {
  '/auth/sign-in/email': ['POST'],
  '/auth/sign-out': ['POST'],
  '/auth/revoke-sessions': ['POST'],
  '/auth/change-password': ['POST'],
  '/auth/update-user': ['POST'],
  '/auth/second-factor': ['GET'],
  '/auth/two-factor/enable': ['POST'],
  '/auth/two-factor/disable': ['POST'],
  '/auth/two-factor/generate-backup-codes': ['POST'],
  '/auth/two-factor/verify-totp': ['POST'],
  '/auth/two-factor/verify-backup-code': ['POST'],
  '/auth/company': ['GET', 'POST'],
  '/auth/company/callback': ['GET'],
  '/auth/first-run': ['GET', 'POST'],
  '/auth/invite': ['POST'],
  '/auth/join': ['POST'],
}

export function createSessions(parts: AuthParts): Sessions {
  let loading: Promise<Auth> | undefined
  const auth = () => {
    loading ??= import('./better-auth.ts').then(({ createAuth }) => createAuth(parts))
    return loading
  }

  return {
    async handle(request) {
      const methods = open[new URL(request.url).pathname]
      if (methods?.includes(request.method)) return (await auth()).handle(request)
      const refusal = { code: 'NOT_FOUND', message: 'Nothing lives here.' }
      return Response.json(refusal, { status: methods ? 405 : 404 })
    },
    find: async (cookie) => (await auth()).findSession(cookie),
  }
}
