/**
 * Records by key within one request: what is asked for together travels together, one upstream request for each
 * integration and entity type.
 */

import type { RecordSelection } from '@backchannel/providers'
import DataLoader from 'dataloader'
import { withFreshMetadata } from '../integrations/fresh-metadata.ts'
import type { EntityTypeSnapshot, IntegrationService, IntegrationSnapshot } from '../integrations/service.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { filtersOf, seesEverything } from './access.ts'
import type { RecordKey } from './record-id.ts'
import { type RecordNode, toRecordNode } from './record-node.ts'
import { recordSelection, type SelectedAttributes } from './selection.ts'

/** As many ids as one request of either provider takes. */
const maxBatchSize = 200

export interface RecordLoaders {
  /** Null where there is no such record, or its integration or entity type is not set up here. Rejects with CrmError. */
  load(key: RecordKey, selected: SelectedAttributes): Promise<RecordNode | null>
}

export function createRecordLoaders(
  integrations: Pick<IntegrationService, 'find' | 'call' | 'describe'>,
  viewer: Viewer,
  signal: AbortSignal,
): RecordLoaders {
  const loaders = new Map<string, DataLoader<string, RecordNode | null>>()

  async function loadMany(
    { integrationId, entityName }: RecordKey,
    remoteIds: readonly string[],
    selected: SelectedAttributes,
  ): Promise<(RecordNode | null)[]> {
    const integration = await integrations.find(viewer.workspaceId, integrationId)
    const entityType = integration?.entityTypes.find((it) => it.name === entityName)
    if (!integration || !entityType) return remoteIds.map(() => null)
    const records = await withFreshMetadata(async (fresh) => {
      const selection = await selectionFor(integration, entityType, selected, fresh)
      return integrations.call(viewer.workspaceId, integrationId, (provider) =>
        provider.findRecords(entityName, remoteIds, selection, { signal }),
      )
    })
    return records.map((record) => record && toRecordNode(integration, entityType, record))
  }

  /** What was selected, and what decides whether this caller may see it; no field that the org does not have. */
  async function selectionFor(
    integration: IntegrationSnapshot,
    entityType: EntityTypeSnapshot,
    selected: SelectedAttributes,
    fresh: boolean,
  ): Promise<RecordSelection> {
    const filtered = seesEverything(viewer) ? [] : filtersOf(integration, entityType).map(({ field }) => field)
    const wanted = recordSelection(selected, entityType, integration, null)
    if (filtered.length === 0 && wanted.fields.length === 0) return wanted
    const options = { signal, fresh }
    const metadata = await integrations.describe(viewer.workspaceId, integration.id, entityType.name, options)
    const inOrg = new Set(metadata?.fields.map(({ name }) => name))
    const fields = [...new Set([...wanted.fields, ...filtered])].filter((name) => inOrg.has(name))
    return { attributes: wanted.attributes, fields }
  }

  return {
    load(key, selected) {
      const attributes = [...selected.attributes, ...selected.views].sort().join()
      const loaderKey = `${key.integrationId} ${key.entityName} ${attributes}`
      const loader =
        loaders.get(loaderKey) ??
        new DataLoader<string, RecordNode | null>((remoteIds) => loadMany(key, remoteIds, selected), { maxBatchSize })
      loaders.set(loaderKey, loader)
      return loader.load(key.remoteId)
    },
  }
}
