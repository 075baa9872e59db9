import type { FieldDraft } from './field-draft.ts'
import { type FieldRules, settingTypeFor } from './shape.ts'

/** What the org says of a field that was picked. */
interface Picked {
  label: string
  type: Parameters<typeof settingTypeFor>[0]
  targets: readonly string[]
}

/**
 * What a field that is picked brings along: its type, the label unless another was written, and the entity that it points to
 * where there is one only.
 *
 * @param brought the label that the field before brought, which nobody wrote
 */
export function broughtAlong(
  draft: FieldDraft,
  { label, type, targets }: Picked,
  { rules, brought }: { rules: FieldRules; brought: string },
): Partial<FieldDraft> {
  const [target = ''] = targets
  const pointsTo = (now: string) => (targets.includes(now) || targets.length > 1 ? now : target)
  const entityName = pointsTo(draft.record.entityName)
  return {
    fieldType: settingTypeFor(type, rules) ?? draft.fieldType,
    label: draft.label.trim() === '' || draft.label === brought ? label : draft.label,
    ...(targets.length > 0 && {
      relatedEntity: pointsTo(draft.relatedEntity),
      ...(entityName !== draft.record.entityName && { record: { entityName, remoteId: '', name: '' } }),
    }),
  }
}
