/**
 * The words that all plans share (decision 1): what will be done in a CRM, and where each part of it comes from. Plain
 * data, made by pure functions in the domain that it belongs to; ids of settings are global IDs.
 */
import type { FieldType, FieldValue, RemoteReference } from '@backchannel/providers'

/** Why something was decided: `rule` is a row of the list of rules (`docs/rules.md`). */
export interface Explanation {
  readonly rule: string
  readonly text: string
  readonly settingId?: string | null
}

/** Something that a person should know of. */
export interface PlanNote {
  readonly code: string
  readonly text: string
  readonly settingId?: string | null
}

export const originKinds = [
  'DEFAULT',
  'INPUT',
  'CONSTANT',
  'CHAT_VARIABLE',
  'BACKEND_INPUT',
  'BACKEND_CONSTANT',
  'VISITOR',
  'SYSTEM',
  'KEPT',
] as const
export type OriginKind = (typeof originKinds)[number]

export interface ValueOrigin {
  readonly kind: OriginKind
  readonly settingId: string | null
  /** For people: "Constant of the export field Industry". */
  readonly text: string
}

/** One field that will be written, or that is kept as it is (KEPT), and where its value comes from. */
export interface PlannedValue {
  /** The CRM's own field name. */
  readonly name: string
  readonly label: string
  readonly type: FieldType
  /** As it is sent. */
  readonly write: FieldValue
  readonly origin: ValueOrigin
  /** Written only where the CRM's field is empty, and only if that is still what was read. */
  readonly keepExisting: boolean
}

export const planStepKinds = [
  'CREATE_RECORD',
  'UPDATE_RECORD',
  'CREATE_ACTIVITY',
  'EXTEND_ACTIVITY',
  'CLOSE_ACTIVITY',
  'SKIP',
] as const
export type PlanStepKind = (typeof planStepKinds)[number]

export interface PlanStep {
  readonly kind: PlanStepKind
  /** The row that is changed or that an activity is about; null for one that is yet to be made. */
  readonly target: (RemoteReference & { integrationId: string; name: string | null; url: string | null }) | null
  readonly entityName: string
  readonly values: readonly PlannedValue[]
  readonly subject: string | null
  readonly body: string | null
}

/** In the order in which it is done. */
export interface Plan {
  readonly steps: readonly PlanStep[]
  readonly notes: readonly PlanNote[]
}
