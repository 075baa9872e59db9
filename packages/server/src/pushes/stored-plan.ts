/** Plans as pushes keep them, of this release and of earlier ones. Pure. */
import type { ActivityType } from '@backchannel/providers'
import type { Explanation, PlanNote } from '../plans/plan.ts'
import type { PushPlan } from './plan.ts'

const VERSION = 2

type StoredPlan = PushPlan & { readonly version: number }

/** Of before there were settings: activities stayed open, and nothing was written into the record. */
interface PlanOfBeforeSettings extends Pick<PushPlan, 'subject' | 'parts' | 'messages' | 'startsAfter'> {
  readonly activityType: ActivityType
  readonly warnings: readonly PlanNote[]
  readonly why: readonly Explanation[]
}

/** Whether a release that came later wrote it: while both run on one database, it is left to workers of that one. */
export function isOfLaterRelease(kept: unknown): boolean {
  return typeof kept === 'object' && kept !== null && 'version' in kept && Number(kept.version) > VERSION
}

export const toStoredPlan = (plan: PushPlan): StoredPlan => ({ ...plan, version: VERSION })

/**
 * A thread keeps the activity and the name that its earliest plan gave it (I-10), however old that plan is.
 *
 * @param kept as JSON
 * @returns null for a shape that is not known: it is planned anew
 */
export function readStoredPlan(kept: unknown): PushPlan | null {
  if (typeof kept !== 'object' || kept === null) return null
  if ('filing' in kept && (!('version' in kept) || kept.version === VERSION)) {
    const { version: _, ...plan } = kept as StoredPlan
    return plan
  }
  return 'activityType' in kept && !('version' in kept) ? fromBeforeSettings(kept as PlanOfBeforeSettings) : null
}

function fromBeforeSettings({ activityType, warnings, why, ...rest }: PlanOfBeforeSettings): PushPlan {
  return {
    ...rest,
    filing: { activityType, heading: { title: rest.subject, suffix: null }, warnings, why },
    closing: { closing: 'LEAVE_OPEN', why: [], warnings: [] },
    record: { values: [], notes: [], taggings: 1, why: [], refused: null },
  }
}
