/** Where a conversation goes whose record was merged or converted in the CRM (I-11, ruling 5). */
import type { CallOptions, CrmProvider, CrmRecord, RemoteReference, Successor } from '@backchannel/providers'
import type { Explanation } from '../plans/plan.ts'

/** Records that were merged again and again; and nobody goes round in circles. */
const MOST_STEPS = 10

/** A tag as it is kept: the record, and the one that stands for it now. */
interface TaggedRecord extends RemoteReference {
  successorEntityName: string | null
  successorRemoteId: string | null
}

/** The record that a tag is about now. */
export function recordOf(tag: TaggedRecord): RemoteReference {
  const { successorEntityName, successorRemoteId } = tag
  return successorEntityName === null || successorRemoteId === null
    ? { entityName: tag.entityName, remoteId: tag.remoteId }
    : { entityName: successorEntityName, remoteId: successorRemoteId }
}

/** The record that stands for another one now, and what was done to that one last. */
export interface Followed {
  record: CrmRecord
  how: Successor['how']
}

/**
 * The record at the end of all merging and converting; null where there is none, or it is gone itself.
 *
 * @throws ProviderError
 */
export async function followSuccessors(
  provider: Pick<CrmProvider, 'findSuccessor' | 'findRecords'>,
  reference: RemoteReference,
  options: CallOptions,
): Promise<Followed | null> {
  const seen = new Set([reference.remoteId])
  let last: Successor | null = null
  while (seen.size <= MOST_STEPS) {
    const next: Successor | null = await provider.findSuccessor(last?.reference ?? reference, options)
    if (next === null) break
    if (seen.has(next.reference.remoteId)) return null
    seen.add(next.reference.remoteId)
    last = next
  }
  if (last === null) return null
  const { entityName, remoteId } = last.reference
  const [record] = await provider.findRecords(entityName, [remoteId], { attributes: [], fields: [] }, options)
  return record ? { record, how: last.how } : null
}

export function explainFollowing({ record, how }: Followed): Explanation {
  const done = how === 'MERGED' ? 'merged into' : 'converted to'
  return { rule: 'I-11', text: `The tagged record was ${done} "${record.name}" in the CRM, so this is filed there.` }
}
