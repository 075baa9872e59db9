/** One gateway: the services, the callers, and what answers `/graphql` and `/auth`. It opens no port. */
import type { HttpClient } from '@backchannel/providers'
import { withAudit } from './audit/audited.ts'
import { withEntranceAudit } from './audit/audited-operator.ts'
import { createAuditService } from './audit/service.ts'
import { createAuditStore } from './audit/store.ts'
import { createAuditTrail } from './audit/trail.ts'
import type { GatewayContext, Services } from './context.ts'
import type { Database } from './database/index.ts'
import { createEventBus } from './events/bus.ts'
import { type AuthEndpointParts, createAuthEndpoint } from './http/auth-endpoint.ts'
import { credentialsOf, type Exchange } from './http/exchange.ts'
import { createGraphQLEndpoint } from './http/graphql-endpoint.ts'
import { createGraphQLEngine } from './http/graphql-engine.ts'
import type { KnownOperations } from './http/known-operations.ts'
import { type Limits, usualLimits } from './http/limit-values.ts'
import { createRateLimits, type RateLimits } from './http/rate-limits.ts'
import { createSocketEndpoint } from './http/socket-endpoint.ts'
import type { Upgrade } from './http/upgrade.ts'
import { createCompanyEntrance } from './members/company-entrance.ts'
import { createCompanyStore } from './members/company-store.ts'
import { createEntrance, type Entrance } from './members/entrance.ts'
import { type Passwords, passwords as usualPasswords } from './members/password.ts'
import { createMemberService } from './members/service.ts'
import { createMemberStore } from './members/store.ts'
import { createRecordLoaders } from './records/loaders.ts'
import { schema } from './schema.ts'
import { openSecrets } from './secrets/lasting-keys.ts'
import type { SecretBox } from './secrets/secret-box.ts'
import { createServices, type ServiceParts } from './services.ts'
import type { Logger } from './shared/logger.ts'
import { openSharedState } from './shared-state/open.ts'
import type { SharedState } from './shared-state/shared-state.ts'
import { addGauge, createMetrics, type Metrics } from './telemetry/metrics.ts'
import { operationObserver } from './telemetry/observers.ts'
import { watchRedis } from './telemetry/redis-gauge.ts'
import { createAgentTokens } from './viewers/agent-token.ts'
import type { CompanyConfig } from './viewers/company-sign-in.ts'
import { createViewerService } from './viewers/service.ts'
import { createSessions, type Sessions } from './viewers/sessions.ts'
import { createViewerStore } from './viewers/store.ts'
import type { Viewer } from './viewers/viewer.ts'
import { FIRST_WORKSPACE } from './workspaces/first-workspace.ts'
import { createWorkspaceService } from './workspaces/service.ts'
import { createWorkspaceStore } from './workspaces/store.ts'

export interface GatewayParts extends Pick<ServiceParts, 'emulatedHosts' | 'defaultClients'> {
  database: Database
  /** `BACKCHANNEL_KEYS`. */
  keys: string
  http: HttpClient
  logger: Logger
  /** What its process counts; without it, what it counts is its own. */
  metrics?: Metrics
  /** Milliseconds since 1970. */
  now: () => number
  /** Under which browsers and CRMs' sign-in pages reach us, without a trailing slash. */
  publicUrl: string
  /** Further origins under which browsers reach the same server. */
  otherOrigins: readonly string[]
  /** The identity provider at which people may sign in too. */
  company?: CompanyConfig | null
  limits?: Limits
  /** How passwords are kept. */
  passwords?: Passwords
  /** `REDIS_URL`, over which several instances on one database share what they can; null: there is one, or they do without. */
  redisUrl?: string | null
  /** How often other instances' events are looked for, in milliseconds, where nobody tells of them. */
  eventPollMs?: number
  /** Operations that clients may name by their hash; strict: no others run. */
  knownOperations?: KnownOperations
}

export interface Gateway {
  readonly services: Services
  readonly sessions: Sessions
  readonly entrance: Entrance
  readonly secrets: SecretBox
  /** What is shared with other instances. */
  readonly shared: SharedState
  readonly rates: RateLimits
  graphql(exchange: Exchange): Promise<void>
  upgrade(upgrade: Upgrade): void
  auth(exchange: Exchange): Promise<void>
  /** Whether an admin asks, by session or by key. */
  isAdmin(exchange: Exchange): Promise<boolean>
  /** Breaks off subscriptions, so that their clients come back elsewhere; operations under way go on. */
  endStreams(): void
  /** Breaks off subscriptions, then ends everything that the services hold open. The database and the HTTP client stay. */
  close(): Promise<void>
}

/** @throws WrongKeysError */
export async function createGateway(parts: GatewayParts): Promise<Gateway> {
  const { database, keys, http, logger, now, publicUrl, otherOrigins, emulatedHosts, defaultClients } = parts
  const { limits = usualLimits, passwords = usualPasswords, knownOperations, company = null, redisUrl = null } = parts
  const { metrics = createMetrics(), eventPollMs } = parts
  const { prisma } = database
  const { secrets, sessionSecret } = await openSecrets(prisma, keys)
  const shared = await openSharedState({ url: redisUrl, secrets, logger, now })
  const events = createEventBus({
    prisma,
    others: shared,
    ...(eventPollMs !== undefined && { pollMs: eventPollMs }),
    onError: (error) => logger.warn({ err: error }, 'Looking for events failed; it is tried again'),
  })
  const workspaces = createWorkspaceService({ store: createWorkspaceStore(prisma), events })
  const viewerStore = createViewerStore(prisma)
  const auditStore = createAuditStore(prisma)
  const trail = createAuditTrail(auditStore, now)

  const memberStore = createMemberStore(prisma)
  const firstWorkspace = () => workspaces.ensureFirst(FIRST_WORKSPACE)
  const entrance = withEntranceAudit(
    createEntrance({ store: memberStore, secrets, passwords, firstWorkspace, now, publicUrl }),
    trail,
  )

  const sessions = createSessions({
    prisma,
    secret: sessionSecret,
    secrets,
    publicUrl,
    trustedOrigins: otherOrigins,
    entrance,
    passwords,
    trail,
    company: company && { config: company, entrance: createCompanyEntrance(createCompanyStore(prisma), now) },
    async onUserChanged(userId) {
      const member = await viewerStore.findMember(userId)
      if (member) await viewers.accessChanged(member.workspaceId)
    },
    shared,
    logger,
    now,
  })
  const tokens = createAgentTokens(keys, now)
  const viewers = createViewerService({
    ...{ store: viewerStore, tokens, sessions, events, logger, now },
    onCallerAsked: metrics.cache('callers'),
  })
  const { accessChanged } = viewers
  const members = createMemberService({ store: memberStore, secrets, accessChanged, now, publicUrl })
  const { close: closeCrm, ...crmServices } = createServices({
    prisma,
    secrets,
    events,
    workspaces,
    http,
    shared,
    logger,
    now,
    publicUrl,
    emulatedHosts,
    defaultClients,
    metrics,
  })
  const audit = createAuditService(auditStore, members)
  const services = withAudit({ viewers, members, workspaces, events, audit, shared, ...crmServices }, trail)

  function createContext(request: { viewer: Viewer; requestId: string; signal: AbortSignal }): GatewayContext {
    const loaders = createRecordLoaders(services.integrations, request.viewer, request.signal)
    return { ...request, services, prisma, loaders }
  }

  const { authenticate } = viewers
  const ownOrigins = new Set([publicUrl, ...otherOrigins])
  const auth: AuthEndpointParts = {
    sessions,
    authenticate,
    integrations: services.integrations,
    workspaces,
    publicUrl,
    ownOrigins,
  }
  const rates = createRateLimits(limits, shared)
  const engine = createGraphQLEngine({
    ...{ schema, createContext, limits, rates, known: knownOperations, logger },
    observe: operationObserver(metrics),
  })
  const onAccessChanged = (listener: () => void) =>
    void events.onEvent(({ kind }) => {
      if (kind === 'ACCESS_CHANGED') listener()
    })
  const serving = { engine, authenticate, rates, ownOrigins, onAccessChanged, logger }
  const endpoint = createGraphQLEndpoint({ ...serving, sharing: { shared, secrets } })
  const sockets = createSocketEndpoint(serving)

  function endStreams(): void {
    endpoint.close()
    sockets.close()
  }

  if (redisUrl !== null) watchRedis(metrics, shared)
  addGauge(metrics, {
    name: 'backchannel_streams_open',
    help: 'Open connections that results come through as they happen, by how they are sent',
    label: 'transport',
    read: async () => ({ sse: endpoint.open(), websocket: sockets.open() }),
  })
  return {
    services,
    sessions,
    entrance,
    secrets,
    shared,
    rates,
    graphql: endpoint.answer,
    upgrade: sockets.take,
    auth: createAuthEndpoint(auth),
    async isAdmin(exchange) {
      const viewer = await authenticate(credentialsOf(exchange, ownOrigins))
      return viewer?.scopes.includes('ADMIN') ?? false
    },
    endStreams,
    async close() {
      viewers.close()
      workspaces.close()
      // Before the events end: a client that sees its stream break off comes back, one that sees it completed does not.
      endStreams()
      await events.close()
      await closeCrm()
      await shared.close()
    },
  }
}
