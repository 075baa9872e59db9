/** Who calls. */

export const viewerKinds = ['USER', 'API_KEY', 'AGENT'] as const
export type ViewerKind = (typeof viewerKinds)[number]

/** The widest first; each holds those behind it. */
export const scopes = ['ADMIN', 'SERVICE', 'AGENT'] as const
export type Scope = (typeof scopes)[number]

export const roles = ['OWNER', 'ADMIN'] as const
export type Role = (typeof roles)[number]

/** An agent of the chat product, as the token that its backend had issued says. */
export interface Agent {
  readonly id: string
  readonly name: string
  readonly email: string | null
}

/** The caller of one request: a signed-in admin, a backend by its key, or an agent's browser by its token. */
export interface Viewer {
  readonly kind: ViewerKind
  /** It sees this workspace and nothing else. */
  readonly workspaceId: string
  /** All that it holds, the widest first. */
  readonly scopes: readonly Scope[]
  /** For "by": the user's name, the key's name, the agent's id. */
  readonly actor: string
  readonly userId: string | null
  /** Of somebody who is signed in: the session, by its id in the database. */
  readonly sessionId?: string
  /** The key that called, or that issued the agent's token. */
  readonly apiKeyId: string | null
  readonly agent: Agent | null
  /** The conversations that an agent's token is bound to; null: not bound. */
  readonly conversationIds: readonly string[] | null
  /** Where the request came from, as the HTTP server says; null where none did. */
  readonly address: string | null
}

/** ADMIN holds SERVICE holds AGENT. */
export function heldScopes(scope: Scope): readonly Scope[] {
  return scopes.slice(scopes.indexOf(scope))
}

/**
 * What a viewer may do, apart from who it is: two of the same rights see the same. Nothing that is read for all of them can
 * depend on, or tell of, one of them.
 */
export function rightsOf({ kind, workspaceId, scopes, conversationIds }: Viewer): Viewer {
  const sorted = conversationIds && [...conversationIds].sort()
  const itself = { actor: '', userId: null, apiKeyId: null, agent: null, address: null }
  return { kind, workspaceId, scopes, conversationIds: sorted, ...itself }
}
