/** Who calls: keys, agents' tokens and sign-ins, and what each may do. */
import { v7 as uuid } from 'uuid'
import type { EventBus } from '../events/bus.ts'
import { NotFoundError, ValidationError } from '../shared/errors.ts'
import type { Logger } from '../shared/logger.ts'
import { type AgentTokens, looksLikeAgentToken } from './agent-token.ts'
import { drawApiKey, hashApiKey, previewApiKey } from './api-key.ts'
import { createApiKeyUse } from './api-key-use.ts'
import { hasSessionCookie } from './session-cookie.ts'
import type { Sessions } from './sessions.ts'
import type { ApiKeyRow, UserRow, ViewerStore } from './store.ts'
import { heldScopes, type Scope, type Viewer } from './viewer.ts'
import { createViewerCache, type Identified } from './viewer-cache.ts'

export type { ApiKeyRow, UserRow } from './store.ts'

/** What a request brings to say who it is. */
export interface Credentials {
  /** The `Authorization` header. Where there is one, it alone decides. */
  authorization: string | null
  /** The `Cookie` header; only of requests that no other site can have made. */
  cookie: string | null
  /** The network address that the request came from; left out where there is none. */
  address?: string
}

export interface AgentTokenInput {
  agentId: string
  agentName: string
  agentEmail: string | null
  /** Null: not bound to any. */
  conversationIds: readonly string[] | null
  expiresInSeconds: number
}

export interface ViewerService {
  /** Null: nobody that we know. Warm, it asks no database. */
  authenticate(credentials: Credentials): Promise<Viewer | null>
  /** The signed-in user behind a viewer; null for keys and agents. */
  findUser(viewer: Viewer): Promise<UserRow | null>
  findUserById(viewer: Viewer, id: string): Promise<UserRow | null>
  listApiKeys(viewer: Viewer): Promise<ApiKeyRow[]>
  findApiKey(viewer: Viewer, id: string): Promise<ApiKeyRow | null>
  /** The key itself comes back this once. */
  createApiKey(
    viewer: Viewer,
    input: { name: string; scope: Scope; expiresAt: Date | null },
  ): Promise<{ apiKey: ApiKeyRow; key: string }>
  /** Nobody is believed any longer without being asked for: at once here, within a second elsewhere. */
  accessChanged(workspaceId: string): Promise<void>
  /** Ends the key and every agent's token that it had issued, at once here and within a second elsewhere. */
  revokeApiKey(viewer: Viewer, id: string): Promise<ApiKeyRow>
  issueAgentToken(viewer: Viewer, input: AgentTokenInput): Promise<{ token: string; expiresAt: Date }>
  /** Makes sure that a given key opens a workspace. Answers null where it was registered before. */
  registerApiKey(workspaceId: string, key: string, as: { name: string; scope: Scope }): Promise<ApiKeyRow | null>
  close(): void
}

export interface ViewerServiceParts {
  store: ViewerStore
  tokens: AgentTokens
  sessions: Sessions
  events: EventBus
  logger: Logger
  now: () => number
  /** Told of each request whether its caller was known already. */
  onCallerAsked?: (found: boolean) => void
}

/** How long a known caller is believed. A revocation on another instance arrives by event, long before. */
const FRESH_MS = 60_000
const TOKEN_SECONDS = { least: 5 * 60, most: 12 * 60 * 60 }
const NAME_LENGTH = 100
const EMAIL_LENGTH = 320
/** An agent's token holds what it is bound to: with more, it would outgrow what a header may carry. */
const TOKEN_CONVERSATIONS = 50

export function createViewerService(parts: ViewerServiceParts): ViewerService {
  const { store, tokens, sessions, events, logger, now } = parts
  const cache = createViewerCache({ now, onAsked: parts.onCallerAsked ?? (() => {}) })
  const use = createApiKeyUse(store.noteUse, now, (error) => logger.warn({ err: error }, 'Last use of a key not noted'))
  const forget = events.onEvent((event) => {
    if (event.kind === 'ACCESS_CHANGED') cache.clear()
  })

  const freshFor = (expiresAt: Date | number | null): number =>
    Math.min(now() + FRESH_MS, expiresAt === null ? Number.POSITIVE_INFINITY : Number(expiresAt))

  const isPast = (expiresAt: Date | null) => expiresAt !== null && expiresAt.getTime() <= now()

  async function identifyApiKey(key: string): Promise<Identified | null> {
    const row = await store.findApiKeyByHash(await hashApiKey(key))
    if (!row || isPast(row.expiresAt)) return null
    const { workspaceId, id: apiKeyId, name: actor } = row
    const scopes = heldScopes(row.scope)
    return {
      viewer: { ...nobody, kind: 'API_KEY', workspaceId, scopes, actor, apiKeyId },
      freshUntil: freshFor(row.expiresAt),
    }
  }

  async function identifyAgent(token: string): Promise<Identified | null> {
    const read = await tokens.read(token)
    if (!read) return null
    const { workspaceId, agent, issuer, conversationIds } = read.claims
    const issuedBy =
      issuer.kind === 'API_KEY' ? await store.findApiKey(workspaceId, issuer.id) : await store.findMember(issuer.id)
    if (issuedBy?.workspaceId !== workspaceId) return null
    const issuerEnds = 'expiresAt' in issuedBy ? issuedBy.expiresAt : null
    if (isPast(issuerEnds)) return null
    const apiKeyId = issuer.kind === 'API_KEY' ? issuer.id : null
    return {
      viewer: {
        ...nobody,
        kind: 'AGENT',
        workspaceId,
        scopes: heldScopes('AGENT'),
        actor: agent.id,
        apiKeyId,
        agent,
        conversationIds,
      },
      freshUntil: Math.min(freshFor(read.expiresAt), freshFor(issuerEnds)),
    }
  }

  async function identifyUser(cookie: string): Promise<Identified | null> {
    const session = await sessions.find(cookie)
    const member = session && (await store.findMember(session.userId))
    if (!member) return null
    const { workspaceId, name: actor, id: userId } = member
    return {
      viewer: {
        ...nobody,
        kind: 'USER',
        workspaceId,
        scopes: heldScopes('ADMIN'),
        actor,
        userId,
        sessionId: session.id,
      },
      freshUntil: freshFor(session.expiresAt),
    }
  }

  async function authenticate(credentials: Credentials): Promise<Viewer | null> {
    const viewer = await identify(credentials)
    return viewer && { ...viewer, address: credentials.address ?? null }
  }

  async function identify({ authorization, cookie }: Omit<Credentials, 'address'>): Promise<Viewer | null> {
    if (authorization !== null) {
      const bearer = /^Bearer ([\x21-\x7e]{16,8192})$/i.exec(authorization)?.[1]
      if (bearer === undefined) return null
      const ask = looksLikeAgentToken(bearer) ? identifyAgent : identifyApiKey
      const viewer = (await cache.identify(bearer, () => ask(bearer)))?.viewer ?? null
      if (viewer?.kind === 'API_KEY' && viewer.apiKeyId !== null) use.note(viewer.workspaceId, viewer.apiKeyId)
      return viewer
    }
    if (cookie === null || !hasSessionCookie(cookie)) return null
    return (await cache.identify(cookie, () => identifyUser(cookie)))?.viewer ?? null
  }

  async function accessChanged(workspaceId: string): Promise<void> {
    cache.clear()
    await events.publish({ workspaceId, kind: 'ACCESS_CHANGED' })
  }

  return {
    authenticate,
    accessChanged,

    findUser: async (viewer) => (viewer.userId === null ? null : store.findMember(viewer.userId)),

    async findUserById(viewer, id) {
      const member = await store.findMember(id)
      return member?.workspaceId === viewer.workspaceId ? member : null
    },

    listApiKeys: (viewer) => store.listApiKeys(viewer.workspaceId),
    findApiKey: (viewer, id) => store.findApiKey(viewer.workspaceId, id),

    async createApiKey(viewer, { name, scope, expiresAt }) {
      const trimmed = name.trim()
      if (trimmed === '' || trimmed.length > NAME_LENGTH) {
        throw invalid('name', `Name the key with 1 to ${NAME_LENGTH} characters, so that people can tell it apart.`)
      }
      if (isPast(expiresAt)) throw invalid('expiresAt', 'The key would have expired already: choose a time to come.')
      const key = drawApiKey()
      const hash = await hashApiKey(key)
      const row = { id: uuid(), name: trimmed, scope, preview: previewApiKey(key), hash, expiresAt }
      return { apiKey: await store.addApiKey(viewer.workspaceId, row), key }
    },

    async revokeApiKey(viewer, id) {
      const revoked = await store.revokeApiKey(viewer.workspaceId, id, new Date(now()))
      if (!revoked) throw new NotFoundError('There is no such key in this workspace, or it was revoked before.')
      await accessChanged(viewer.workspaceId)
      return revoked
    },

    async issueAgentToken(viewer, { agentId, agentName, agentEmail, conversationIds, expiresInSeconds }) {
      const { least, most } = TOKEN_SECONDS
      if (expiresInSeconds < least || expiresInSeconds > most) {
        throw invalid('expiresInSeconds', `A token may live from ${least} to ${most} seconds.`)
      }
      for (const [field, text] of Object.entries({ agentId, agentName })) {
        if (text.trim() === '' || text.length > NAME_LENGTH)
          throw invalid(field, `Give 1 to ${NAME_LENGTH} characters.`)
      }
      if (agentEmail !== null && agentEmail.length > EMAIL_LENGTH) {
        throw invalid('agentEmail', `Give at most ${EMAIL_LENGTH} characters.`)
      }
      if (conversationIds !== null && conversationIds.length > TOKEN_CONVERSATIONS) {
        const message = `A token may be bound to at most ${TOKEN_CONVERSATIONS} conversations. Issue further tokens.`
        throw invalid('conversationIds', message)
      }
      const issuer =
        viewer.userId === null
          ? ({ kind: 'API_KEY', id: viewer.apiKeyId ?? '' } as const)
          : ({ kind: 'USER', id: viewer.userId } as const)
      // Whole seconds, as the token itself counts.
      const expiresAt = new Date((Math.floor(now() / 1000) + expiresInSeconds) * 1000)
      const agent = { id: agentId, name: agentName, email: agentEmail }
      const claims = { workspaceId: viewer.workspaceId, agent, issuer, conversationIds }
      return { token: await tokens.issue(claims, expiresAt), expiresAt }
    },

    async registerApiKey(workspaceId, key, { name, scope }) {
      const row = { id: uuid(), name, scope, preview: previewApiKey(key), hash: await hashApiKey(key), expiresAt: null }
      const kept = await store.ensureApiKey(workspaceId, row)
      if (kept.revokedAt) logger.warn({ apiKeyId: kept.id }, `The key "${name}" was revoked and stays so: set another`)
      return kept.id === row.id ? kept : null
    },

    close: forget,
  }
}

const nobody = { userId: null, apiKeyId: null, agent: null, conversationIds: null, address: null }

function invalid(field: string, message: string): ValidationError {
  return new ValidationError([{ path: [field], message }])
}
