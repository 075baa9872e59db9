/** The services that pushes are delivered with: all that the worker needs. They load no GraphQL. */
import type { HttpClient, ProviderKey, ProviderPorts, TokenStore } from '@backchannel/providers'
import { type ConversationService, createConversationService } from './conversations/service.ts'
import type { EventBus } from './events/bus.ts'
import type { PrismaClient } from './generated/prisma/client.ts'
import { createIntegrationRegistry, type IntegrationRegistry } from './integrations/registry.ts'
import { createIntegrationService, type IntegrationService } from './integrations/service.ts'
import { createSessionStore } from './integrations/session-store.ts'
import type { LastCalls } from './integrations/sessions.ts'
import { createSignInAttemptStore } from './integrations/sign-in-store.ts'
import { createIntegrationStore } from './integrations/store.ts'
import { createTokenStore } from './integrations/token-store.ts'
import { createPushFollowUps } from './pushes/follow-up-store.ts'
import type { SecretBox } from './secrets/secret-box.ts'
import type { Logger } from './shared/logger.ts'
import { createInProcessState } from './shared-state/in-process.ts'
import type { SharedState } from './shared-state/shared-state.ts'
import type { Metrics } from './telemetry/metrics.ts'
import { noteSpan } from './telemetry/tracing.ts'
import { createIsApiKeyInForce } from './viewers/api-key-in-force.ts'
import { createViewerStore } from './viewers/store.ts'
import type { WorkspaceService } from './workspaces/service.ts'

export interface CoreParts {
  prisma: PrismaClient
  secrets: SecretBox
  events: EventBus
  http: HttpClient
  /** What other instances on the same database have a part in; without it, there are none. */
  shared?: Pick<SharedState, 'gate'>
  /** The longest that one call to a CRM is waited for, in milliseconds; as `http` has it. */
  longestCallMs?: number
  logger: Logger
  metrics: Pick<Metrics, 'crmCalled'>
  workspaces: Pick<WorkspaceService, 'get'>
  /** Milliseconds since 1970. */
  now: () => number
  /** Under which CRMs' sign-in pages find us. */
  publicUrl: string
  /** `host:port` of the emulated CRMs. */
  emulatedHosts: readonly string[]
  /** Registered apps for workspaces that bring none of their own. */
  defaultClients: Partial<Record<ProviderKey, { clientId: string; clientSecret?: string }>>
}

export interface CoreServices {
  readonly integrations: IntegrationService
  /** What the integrations are read from. */
  readonly registry: IntegrationRegistry
  readonly conversations: ConversationService
}

export function createCoreServices(parts: CoreParts): CoreServices {
  const { prisma, secrets, events, http, logger, metrics, workspaces, now, publicUrl, emulatedHosts, defaultClients } =
    parts
  const { shared = createInProcessState() } = parts

  const tokens = (workspaceId: string, integrationId: string): TokenStore =>
    createTokenStore({ prisma, secrets, now, longestCallMs: parts.longestCallMs }, workspaceId, integrationId)
  const lastCalls: LastCalls = new Map()
  const ports = (workspaceId: string, integrationId: string): ProviderPorts => ({
    http,
    gate: shared.gate(`calls/${integrationId}`),
    tokens: tokens(workspaceId, integrationId),
    now,
    onCall(call) {
      const { provider, operation, status, durationMs, error } = call
      if (error === null) lastCalls.set(integrationId, now())
      metrics.crmCalled(call)
      const attributes = { 'backchannel.crm': provider, 'backchannel.integration_id': integrationId }
      const answered = status === null ? {} : { 'http.response.status_code': status }
      noteSpan(`crm ${operation}`, { ...attributes, ...answered }, durationMs, error)
      logger.debug({ integrationId, provider, operation, status, durationMs, error }, 'CRM call')
    },
  })
  const store = createIntegrationStore(prisma)
  const registry = createIntegrationRegistry({ store, secrets, ports })
  const attempts = createSignInAttemptStore(prisma)
  const connecting = { store, registry, secrets, http, tokens, now, emulatedHosts, events }
  const integrations = createIntegrationService({
    ...connecting,
    attempts,
    isApiKeyInForce: createIsApiKeyInForce(createViewerStore(prisma), now),
    publicUrl,
    defaultClients,
    sessions: createSessionStore(prisma),
    lastCalls,
    onError: (error) => logger.warn({ err: error }, 'Looking for idle sessions failed; it is tried again'),
  })

  const followUps = createPushFollowUps(now)
  const conversations = createConversationService({
    prisma,
    secrets,
    followUps,
    declaredVariables: async (workspaceId) => (await workspaces.get(workspaceId)).chatVariables,
    regionOf: async (workspaceId) => (await workspaces.get(workspaceId)).countryCode,
    events,
    now,
  })
  return { integrations, registry, conversations }
}
