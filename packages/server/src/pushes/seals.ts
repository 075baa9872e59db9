/** What pushes keep sealed: a visitor's words and what an agent gave, each bound to its row. */
import type { SecretBox } from '../secrets/secret-box.ts'
import type { ReferenceSnapshot } from '../shared/errors.ts'
import type { GivenValue } from './given-values.ts'
import type { PushPlan } from './plan.ts'
import { readStoredPlan, toStoredPlan } from './stored-plan.ts'

/** A record as it was when it was tagged. */
type Snapshot = Pick<ReferenceSnapshot, 'name' | 'url'>

export function createPushSeals(secrets: SecretBox) {
  const givenIdentity = (tagId: string) => `Tag:${tagId}:backendValues`
  const snapshotIdentity = (tagId: string) => `Tag:${tagId}:snapshot`
  const errorIdentity = (pushId: string) => `Push:${pushId}:error`
  return {
    sealPlan: (pushId: string, plan: PushPlan) =>
      secrets.seal(`Push:${pushId}:plan`, JSON.stringify(toStoredPlan(plan))),
    /** Null: none yet, or one that is to be made anew. */
    openPlan: ({ id, planSealed }: { id: string; planSealed: string | null }): PushPlan | null =>
      planSealed === null ? null : readStoredPlan(JSON.parse(secrets.open(`Push:${id}:plan`, planSealed))),
    sealGiven: (tagId: string, given: readonly GivenValue[]) =>
      given.length === 0 ? null : secrets.seal(givenIdentity(tagId), JSON.stringify(given)),
    openGiven: ({ id, backendValuesSealed }: { id: string; backendValuesSealed: string | null }): GivenValue[] =>
      backendValuesSealed === null ? [] : JSON.parse(secrets.open(givenIdentity(id), backendValuesSealed)),
    sealSnapshot: (tagId: string, { name, url }: Snapshot) =>
      secrets.seal(snapshotIdentity(tagId), JSON.stringify({ name, url })),
    openSnapshot: ({ id, snapshotSealed }: { id: string; snapshotSealed: string }): Snapshot =>
      JSON.parse(secrets.open(snapshotIdentity(id), snapshotSealed)),
    sealError: (pushId: string, message: string) => secrets.seal(errorIdentity(pushId), message),
    /** What the last attempt failed by, in words; null: it did not. */
    openError: ({ id, errorSealed }: { id: string; errorSealed: string | null }): string | null =>
      errorSealed === null ? null : secrets.open(errorIdentity(id), errorSealed),
  }
}
