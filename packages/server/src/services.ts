/**
 * One of each service that works with CRMs. Who calls, and the workspaces, are made by whoever serves callers.
 */
import type { Services } from './context.ts'
import { type CoreParts, createCoreServices } from './core-services.ts'
import { createErasureService, type ErasureService } from './erasure/service.ts'
import { createErasureStore } from './erasure/store.ts'
import type { IntegrationService } from './integrations/service.ts'
import { createMatchingService } from './matching/service.ts'
import { createPreviewService } from './preview/service.ts'
import { createPushService, type PushService, type RecordLookUp } from './pushes/service.ts'
import { createRecordIntentStore } from './records/intent-store.ts'
import { createRecordLoaders } from './records/loaders.ts'
import { recordNodeId } from './records/record-id.ts'
import { createRecordService, type RecordService } from './records/service.ts'
import { createSearchService } from './search/service.ts'
import { createSettingsRows } from './settings/rows-store.ts'
import { createSettingsService } from './settings/service.ts'
import { createSettingsStore } from './settings/store.ts'
import { createVisitorKeysJob } from './upkeep/visitor-keys.ts'
import { createVisitorKeysStore } from './upkeep/visitor-keys-store.ts'
import type { Viewer } from './viewers/viewer.ts'
import { listChatVariables } from './workspaces/chat-variables.ts'
import type { WorkspaceService } from './workspaces/service.ts'

export interface ServiceParts extends CoreParts {
  workspaces: WorkspaceService
}

/** As they are before the audit log stands around them. */
export interface CrmServices
  extends Pick<
    Services,
    'settings' | 'settingsRows' | 'search' | 'records' | 'conversations' | 'matching' | 'preview'
  > {
  readonly integrations: IntegrationService
  readonly pushes: PushService
  readonly erasure: ErasureService
  close(): Promise<void>
}

export function createServices(parts: ServiceParts): CrmServices {
  const { prisma, secrets, events, workspaces, logger, now } = parts
  const { integrations, registry, conversations } = createCoreServices(parts)
  const pushes = createPushService({ prisma, secrets, events, conversations, integrations, now })

  const intents = createRecordIntentStore(prisma)
  const records: RecordService = createRecordService({
    integrations,
    intents,
    secrets,
    workspaceOf: workspaces.get,
    now,
    factsOf: conversations.facts,
    isTagged: pushes.isTagged,
    tagNewRecord: (viewer, conversationId, record, backendValues) => {
      const lookUp = lookUpFor(viewer, new AbortController().signal)
      return pushes.tagNewRecord(viewer, conversationId, record, backendValues, lookUp)
    },
  })

  function lookUpFor(viewer: Viewer, signal: AbortSignal): RecordLookUp {
    const loaders = createRecordLoaders(integrations, viewer, signal)
    return (recordIds) => records.references(viewer, recordIds, loaders)
  }

  const regionOf = async (workspaceId: string) => (await workspaces.get(workspaceId)).countryCode
  const taggedOf = async (viewer: Viewer, conversationId: string) =>
    new Set((await pushes.taggedRecords(viewer, conversationId)).map(recordNodeId))
  const search = createSearchService({
    integrations,
    secrets,
    factsOf: conversations.facts,
    contextOf: async (viewer, conversationId) => {
      const [tagged, region] = await Promise.all([
        conversationId === null ? new Set<string>() : taggedOf(viewer, conversationId),
        regionOf(viewer.workspaceId),
      ])
      return { tagged, region }
    },
    now,
  })
  const matching = createMatchingService({ integrations, secrets, regionOf, taggedOf })

  const settingsRows = createSettingsRows(prisma)
  const settings = createSettingsService({
    store: createSettingsStore(prisma),
    registry,
    integrations,
    events,
    chatVariablesOf: async (workspaceId) =>
      listChatVariables((await workspaces.get(workspaceId)).chatVariables).map(({ name }) => name),
    now,
    onError: (error) => logger.warn({ err: error }, 'Checking settings again failed'),
  })

  const preview = createPreviewService({
    integrations,
    settings,
    conversations,
    records,
    pushes,
    search,
    workspaces,
    now,
  })

  const erasure = createErasureService({
    store: createErasureStore(prisma),
    secrets,
    integrations,
    regionOf: async (workspaceId) => (await workspaces.get(workspaceId)).countryCode,
    keysCompleted: createVisitorKeysJob(createVisitorKeysStore(prisma, secrets)).completed,
    now,
  })

  async function close(): Promise<void> {
    await settings.close()
    await integrations.close()
  }

  return {
    integrations,
    settings,
    settingsRows,
    search,
    records,
    conversations,
    pushes,
    matching,
    erasure,
    preview,
    close,
  }
}
