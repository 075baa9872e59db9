import type { SecretBox } from '../secrets/secret-box.ts'
import type { PushPlan } from './plan.ts'

/** How plans are kept: they hold the transcript, so they are sealed, each bound to its push. */
export function createPlanSeals(secrets: SecretBox) {
  return {
    sealPlan: (pushId: string, plan: PushPlan) => secrets.seal(`Push:${pushId}:plan`, JSON.stringify(plan)),
    openPlan: ({ id, planSealed }: { id: string; planSealed: string }): PushPlan =>
      JSON.parse(secrets.open(`Push:${id}:plan`, planSealed)),
  }
}
