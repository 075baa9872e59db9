/** Going on in a list of results, one entity type at a time. */
import type { IntegrationService } from '../integrations/service.ts'
import type { SelectedAttributes } from '../records/selection.ts'
import { ValidationError } from '../shared/errors.ts'
import type { Viewer } from '../viewers/viewer.ts'
import { askCrm, type ContextOf, refusalOf } from './ask.ts'
import { switchedOff } from './choice.ts'
import { type CursorBox, markOf } from './cursor.ts'
import { readFieldValues } from './field-values.ts'
import { faultsOfFirst } from './input.ts'
import { hasMore, type SearchHit, toHits } from './results.ts'

export interface MoreRecordsAnswer {
  readonly hits: readonly SearchHit[]
  readonly moreCursor: string | null
}

export interface PagerParts {
  integrations: IntegrationService
  cursors: CursorBox
  contextOf: ContextOf
}

/** How many records of one entity type can be paged through. */
const mostRows = 1_000

export function createPager({ integrations, cursors, contextOf }: PagerParts) {
  return async function moreRecords(
    viewer: Viewer,
    sealed: string,
    first: number,
    selected: SelectedAttributes,
    signal: AbortSignal,
  ): Promise<MoreRecordsAnswer> {
    const { workspaceId } = viewer
    const cursor = cursors.open(workspaceId, sealed)
    const integration = cursor && (await integrations.find(workspaceId, cursor.integrationId))
    const entityType = integration?.entityTypes.find(({ id }) => id === cursor?.entityTypeId)
    if (!cursor || !integration || !entityType) throw ended()
    const faults = faultsOfFirst(first, ['first'])
    if (faults.length > 0) throw new ValidationError(faults)
    if (!entityType.searchable) throw switchedOff(entityType)
    const { asked, faults: gone } = readFieldValues([[integration, [entityType]]], cursor.fieldValues)
    if (gone.length > 0) throw ended()

    const { conversationId, terms, shown } = cursor
    const context = await contextOf(viewer, conversationId)
    const { plan, result } = await askCrm(integrations, integration, {
      ...context,
      entityTypeIds: [entityType.id],
      kinds: null,
      terms,
      asked,
      conversationId,
      // What was shown is asked for again: ranking knows no place to go on from.
      first: Math.min(shown.length + first, mostRows),
      selected,
      signal,
    })
    const refusal = refusalOf(integration, plan)
    if (refusal) throw refusal
    const known = new Set(shown)
    const fresh = toHits(integration, entityType, result, context.tagged).filter(
      ({ record }) => !known.has(markOf(record.record.remoteId)),
    )
    const hits = fresh.slice(0, first)
    const all = [...shown, ...hits.map(({ record }) => markOf(record.record.remoteId))]
    const goesOn = hits.length > 0 && all.length < mostRows
    const more = fresh.length > hits.length || hasMore(result, entityType)
    return { hits, moreCursor: goesOn && more ? cursors.seal(workspaceId, { ...cursor, shown: all }) : null }
  }
}

const ended = () =>
  new ValidationError([{ path: ['cursor'], message: 'This list has ended. Search once more to see what there is.' }])
