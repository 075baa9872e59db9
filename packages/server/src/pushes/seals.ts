/** What pushes keep sealed: a visitor's words and what an agent gave, each bound to its row. */
import { sealed } from '../secrets/sealed-columns.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { ReferenceSnapshot } from '../shared/errors.ts'
import type { GivenValue } from './given-values.ts'
import type { PushPlan } from './plan.ts'
import { isOfLaterRelease, readStoredPlan, toStoredPlan } from './stored-plan.ts'

/** A record as it was when it was tagged. */
type Snapshot = Pick<ReferenceSnapshot, 'name' | 'url'>

interface KeptPlan {
  id: string
  planSealed: string | null
}

export function createPushSeals(secrets: SecretBox) {
  const readPlan = ({ id, planSealed }: KeptPlan): unknown =>
    planSealed === null ? null : JSON.parse(secrets.open(sealed.plan.identity(id), planSealed))

  return {
    sealPlan: (pushId: string, plan: PushPlan) =>
      secrets.seal(sealed.plan.identity(pushId), JSON.stringify(toStoredPlan(plan))),
    /** Null: none yet, or one that is to be made anew. */
    openPlan: (kept: KeptPlan): PushPlan | null => readStoredPlan(readPlan(kept)),
    /** Whether a later release made the plan, which this one cannot read and must not lose. */
    isPlanOfLaterRelease: (kept: KeptPlan): boolean => isOfLaterRelease(readPlan(kept)),
    sealGiven: (tagId: string, given: readonly GivenValue[]) =>
      given.length === 0 ? null : secrets.seal(sealed.backendValues.identity(tagId), JSON.stringify(given)),
    openGiven: ({ id, backendValuesSealed }: { id: string; backendValuesSealed: string | null }): GivenValue[] =>
      backendValuesSealed === null
        ? []
        : JSON.parse(secrets.open(sealed.backendValues.identity(id), backendValuesSealed)),
    sealSnapshot: (tagId: string, { name, url }: Snapshot) =>
      secrets.seal(sealed.snapshot.identity(tagId), JSON.stringify({ name, url })),
    openSnapshot: ({ id, snapshotSealed }: { id: string; snapshotSealed: string }): Snapshot =>
      JSON.parse(secrets.open(sealed.snapshot.identity(id), snapshotSealed)),
    sealError: (pushId: string, message: string) => secrets.seal(sealed.pushError.identity(pushId), message),
    /** What the last attempt failed by, in words; null: it did not. */
    openError: ({ id, errorSealed }: { id: string; errorSealed: string | null }): string | null =>
      errorSealed === null ? null : secrets.open(sealed.pushError.identity(id), errorSealed),
  }
}
