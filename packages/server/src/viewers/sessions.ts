/** Sign-ins of admins, kept by better-auth, which is loaded when somebody first signs in or has a session cookie. */
import type { Auth, AuthParts } from './better-auth.ts'

export interface Sessions {
  /** Answers a request below `/auth`. */
  handle(request: Request): Promise<Response>
  /** The session behind a `Cookie` header. */
  find(cookie: string): Promise<{ userId: string; expiresAt: Date } | null>
  /** Makes the workspace's first owner, who signs in with this password; nothing where there is a user already. */
  ensureFirstOwner(owner: { email: string; password: string }): Promise<void>
}

export interface SessionsParts extends AuthParts {
  countUsers(): Promise<number>
}

export function createSessions(parts: SessionsParts): Sessions {
  let loading: Promise<Auth> | undefined
  const auth = () => {
    loading ??= import('./better-auth.ts').then(({ createAuth }) => createAuth(parts))
    return loading
  }

  return {
    handle: async (request) => (await auth()).handle(request),
    find: async (cookie) => (await auth()).findSession(cookie),
    async ensureFirstOwner(owner) {
      if ((await parts.countUsers()) === 0) await (await auth()).createUser(owner)
    },
  }
}
