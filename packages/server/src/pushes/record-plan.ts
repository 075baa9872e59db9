/** What a push writes into the record that it is about: its backend fields (D-BCK, S-BCK). Pure. */
import type { EntityDescriptor } from '@backchannel/providers'
import type { EntityTypeSnapshot } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { Explanation, PlanNote, PlannedValue } from '../plans/plan.ts'
import { planBackendValues } from '../records/backend-plan.ts'
import type { PushFault } from './fault.ts'
import type { GivenValue } from './given-values.ts'

export interface RecordPlan {
  readonly values: readonly PlannedValue[]
  readonly notes: readonly PlanNote[]
  /** For how many taggings it stands: each has its values written once. */
  readonly taggings: number
  /** One for each value, in the same order. */
  readonly why: readonly Explanation[]
  /** Why the CRM would not have it; null where it would. */
  readonly refused: PushFault | null
}

/** The entity type of the tagged record, where it has backend fields. */
export function entityTypeWithBackendFields(
  { entityTypes, settings }: IntegrationSnapshot,
  entityName: string,
): EntityTypeSnapshot | null {
  const entityType = entityTypes.find((it) => it.name === entityName)
  const has = settings.backendFields.some((it) => it.target === 'RECORD' && it.entityTypeId === entityType?.id)
  return entityType && has ? entityType : null
}

/** @param record null: its entity type has no backend fields */
export function planRecord(input: {
  integration: IntegrationSnapshot
  record: { entityType: EntityTypeSnapshot; metadata: EntityDescriptor } | null
  given: readonly GivenValue[]
  taggings: number
}): RecordPlan {
  const { integration, record, given, taggings } = input
  if (record === null) return { values: [], notes: [], taggings, why: [], refused: null }
  const { values, notes, faults } = planBackendValues({ integration, ...record, given })
  // What was good when it was given may not be any more: it holds up nothing else.
  const unfit = faults.map(({ message }) => ({ code: 'VALUE_UNFIT', text: message }))
  const letter = integration.settings.dynamics === null ? 'S' : 'D'
  return {
    values,
    notes: [...notes, ...unfit],
    taggings,
    why: values.map((value) => explain(value, letter)),
    refused: null,
  }
}

/** The plan of a record of another type, which the planned one became; what it has no place for is told. */
export function forSuccessor(before: RecordPlan, after: RecordPlan): RecordPlan {
  const left = before.values.filter(({ label }) => !after.values.some((value) => value.label === label))
  if (left.length === 0) return after
  const labels = left.map(({ label }) => label).join(', ')
  const text = `The record became one of another type, which has no such backend field: ${labels} was not written.`
  return { ...after, notes: [...after.notes, { code: 'VALUE_LEFT_OUT', text }] }
}

function explain({ label, keepExisting, origin }: PlannedValue, letter: 'D' | 'S'): Explanation {
  const { settingId } = origin
  return keepExisting
    ? { rule: `${letter}-BCK-13`, text: `${label} is written where the record has none. ${origin.text}.`, settingId }
    : { rule: `${letter}-BCK-12`, text: `${label} is written. ${origin.text}.`, settingId }
}

/** The plan when it has been carried out: which values filled what was empty, and which gave way to what was there. */
export function carriedOut(
  plan: RecordPlan,
  { written, kept }: { written: ReadonlySet<string>; kept: ReadonlySet<string> },
): RecordPlan {
  const outcomeOf = ({ name, label, keepExisting }: PlannedValue): string | null => {
    if (kept.has(name)) return `${label} held a value already and was kept.`
    return keepExisting && written.has(name) ? `${label} was empty and filled.` : null
  }
  const why = plan.values.flatMap((value, index) => {
    const planned = plan.why[index]
    if (planned === undefined) return []
    const outcome = outcomeOf(value)
    return [outcome === null ? planned : { ...planned, text: `${outcome} ${value.origin.text}.` }]
  })
  return { ...plan, why }
}
