/**
 * One of each service that works with CRMs, for the gateway and for the worker alone. It loads no GraphQL. Who calls, and
 * the workspaces, are made by whoever serves callers.
 */
import type { HttpClient, ProviderKey, ProviderPorts, TokenStore } from '@backchannel/providers'
import type { Services } from './context.ts'
import { createConversationService } from './conversations/service.ts'
import { withRetry } from './database/index.ts'
import type { EventBus } from './events/bus.ts'
import type { PrismaClient } from './generated/prisma/client.ts'
import { createIntegrationRegistry } from './integrations/registry.ts'
import { createIntegrationService } from './integrations/service.ts'
import { createSignInAttemptStore } from './integrations/sign-in-store.ts'
import { createIntegrationStore } from './integrations/store.ts'
import { createTokenStore } from './integrations/token-store.ts'
import { createPushFollowUps } from './pushes/follow-up-store.ts'
import { createPushService, type RecordLookUp } from './pushes/service.ts'
import { createRecordIntentStore } from './records/intent-store.ts'
import { createRecordLoaders } from './records/loaders.ts'
import { recordNodeId } from './records/record-id.ts'
import { createRecordService, type RecordService } from './records/service.ts'
import { createSearchService } from './search/service.ts'
import type { SecretBox } from './secrets/secret-box.ts'
import type { Logger } from './shared/logger.ts'
import type { Viewer } from './viewers/viewer.ts'
import type { WorkspaceService } from './workspaces/service.ts'

export interface ServiceParts {
  prisma: PrismaClient
  secrets: SecretBox
  events: EventBus
  workspaces: WorkspaceService
  http: HttpClient
  logger: Logger
  /** Milliseconds since 1970. */
  now: () => number
  /** Under which CRMs' sign-in pages find us. */
  publicUrl: string
  /** `host:port` of the emulated CRMs. */
  emulatedHosts: readonly string[]
  /** Registered apps for workspaces that bring none of their own. */
  defaultClients: Partial<Record<ProviderKey, { clientId: string; clientSecret?: string }>>
}

export interface CrmServices extends Pick<Services, 'integrations' | 'search' | 'records' | 'conversations' | 'pushes'> {
  close(): Promise<void>
}

export function createServices(parts: ServiceParts): CrmServices {
  const { prisma, secrets, events, workspaces, http, logger, now, publicUrl, emulatedHosts, defaultClients } = parts

  const tokens = (workspaceId: string, integrationId: string): TokenStore =>
    createTokenStore({ prisma, secrets, now, withRetry }, workspaceId, integrationId)
  const ports = (workspaceId: string, integrationId: string): ProviderPorts => ({
    http,
    tokens: tokens(workspaceId, integrationId),
    now,
    onCall: ({ provider, operation, status, durationMs, error }) =>
      logger.debug({ integrationId, provider, operation, status, durationMs, error }, 'CRM call'),
  })
  const store = createIntegrationStore(prisma)
  const registry = createIntegrationRegistry({ store, secrets, ports })
  const attempts = createSignInAttemptStore(prisma)
  const connecting = { store, registry, secrets, http, tokens, now, emulatedHosts, events }
  const integrations = createIntegrationService({ ...connecting, attempts, publicUrl, defaultClients })

  const followUps = createPushFollowUps(now)
  const conversations = createConversationService({ prisma, secrets, followUps, wake: events.wake, now })
  const pushes = createPushService({ prisma, secrets, events, conversations, integrations, now })

  const visitorOf = async (viewer: Viewer, conversationId: string) =>
    conversations.visitorOf(await conversations.get(viewer, conversationId))
  const intents = createRecordIntentStore(prisma)
  const records: RecordService = createRecordService({
    integrations,
    intents,
    secrets,
    visitorOf,
    tagNewRecord: (viewer, conversationId, recordId) =>
      pushes.tagNewRecord(viewer, conversationId, recordId, lookUpFor(viewer, new AbortController().signal)),
  })

  function lookUpFor(viewer: Viewer, signal: AbortSignal): RecordLookUp {
    const loaders = createRecordLoaders(integrations, viewer, signal)
    return (recordIds) => records.references(viewer, recordIds, loaders)
  }

  const search = createSearchService({
    integrations,
    regionOf: async (workspaceId) => (await workspaces.get(workspaceId)).countryCode,
    visitorOf,
    taggedRecordsOf: async (viewer, conversationId) =>
      new Set((await pushes.taggedRecords(viewer, conversationId)).map(recordNodeId)),
  })

  return { integrations, search, records, conversations, pushes, close: integrations.close }
}
