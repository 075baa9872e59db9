/**
 * The form plan (decision 1): what the agent sees when a record is made, and, from the same plan, the check of what
 * comes back, so that form and check cannot differ. Pure.
 */
import type { EntityDescriptor, RecordTypeDescriptor } from '@backchannel/providers'
import type { BackendField, EntityTypeSnapshot, ExportField } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { PlanNote } from '../plans/plan.ts'
import type { FieldError } from '../shared/errors.ts'
import { encodeId } from '../shared/global-id.ts'
import { type AccountKind, accountKindsOf, recordTypesOf } from './account-kind.ts'
import { backendInputs } from './backend-plan.ts'
import { defaultInputs } from './default-inputs.ts'
import { findWritable } from './field-fit.ts'
import { type FormFieldPlan, toExportInput } from './form-field.ts'
import { currentDate, type Moment } from './moment.ts'
import { type FieldValueInput, type GivenField, missingFields, readFields, unknownTo } from './read-form.ts'
import type { VisitorValues } from './visitor-values.ts'

export type { FormFieldPlan } from './form-field.ts'
export type { FieldValueInput } from './read-form.ts'
export type { VisitorValues } from './visitor-values.ts'

export interface FormPlan {
  readonly submitLabel: string
  /** Built-in fields, then export inputs, then backend inputs, each in their order. */
  readonly fields: readonly FormFieldPlan[]
  readonly accountKinds: readonly AccountKind[]
  readonly recordTypes: readonly RecordTypeDescriptor[]
  /** What an admin should know: a field that the org does not have. */
  readonly notes: readonly PlanNote[]
  /** What is not on the form although it names a field, and why a value for it is not taken. */
  readonly absent: readonly { id: string; name: string; note: PlanNote }[]
}

export interface FormInput {
  integration: IntegrationSnapshot
  entityType: EntityTypeSnapshot
  /** Its options are those of the record type that was chosen. */
  metadata: EntityDescriptor
  /** Of the activity whose subject the agent may choose; null where there is none. */
  activityMetadata: EntityDescriptor | null
  visitor: VisitorValues | null
  accountKind: AccountKind | null
  moment: Moment
}

export function planForm(input: FormInput): FormPlan {
  const { integration, entityType, metadata, accountKind } = input
  const builtIn = defaultInputs(input)
  const exported = exportInputs(input)
  const backend = backendInputs(input)
  const taken = new Set(builtIn.fields.map((field) => field.name))
  return {
    submitLabel: `Save ${entityType.displayName}`,
    // A field of the export list that is built in as well is shown once (I-03).
    fields: [...builtIn.fields, ...exported.fields.filter((field) => !taken.has(field.name)), ...backend.fields],
    accountKinds: accountKindsOf(integration, entityType.kind, metadata),
    recordTypes: recordTypesOf(metadata, accountKind),
    notes: [
      ...builtIn.missing.map(({ note }) => note),
      ...exported.notes,
      ...backend.notes,
      ...uncovered(input, builtIn.fields),
    ],
    absent: [...builtIn.missing, ...absentFields(input, [...exported.notes, ...backend.notes])],
  }
}

const settingIdOf = (setting: ExportField) => encodeId('ExportField', setting.id)

function exportInputs({ integration, entityType, metadata, moment }: FormInput) {
  const fields: FormFieldPlan[] = []
  const notes: PlanNote[] = []
  for (const setting of integration.settings.exportFields) {
    if (setting.entityTypeId !== entityType.id || setting.variableType !== 'INPUT') continue
    const label = setting.label ?? setting.name
    const { field, note } = findWritable(metadata, setting, { label, settingId: settingIdOf(setting) })
    if (note !== null) notes.push(note)
    else fields.push(toExportInput(field, setting, (type) => currentDate(moment, type)))
  }
  return { fields, notes }
}

/** What an added entity type demands and no setting gives: without it, nothing can be saved. */
function uncovered({ integration, entityType, metadata }: FormInput, builtIn: readonly FormFieldPlan[]): PlanNote[] {
  if (entityType.kind !== 'CUSTOM') return []
  const { exportFields, backendFields } = integration.settings
  const covered = new Set(
    [...exportFields, ...backendFields].filter((it) => it.entityTypeId === entityType.id).map((it) => it.name),
  )
  return metadata.fields
    .filter((field) => field.required && !covered.has(field.name) && !builtIn.some((it) => it.name === field.name))
    .map((field) => ({
      code: 'FIELD_DEMANDED',
      text: `The CRM demands ${field.label} (${field.name}): add it to the export fields of ${entityType.displayName}.`,
      settingId: null,
    }))
}

/** Constants and variables, which nobody gives (D-EXP-02), and inputs that had to be left out. */
function absentFields({ integration, entityType }: FormInput, leftOut: readonly PlanNote[]): FormPlan['absent'] {
  const { exportFields, backendFields } = integration.settings
  const absentOf = (typename: string, settings: readonly (ExportField | BackendField)[]) =>
    settings.flatMap(({ id, name, entityTypeId, variableType }) => {
      if (entityTypeId !== entityType.id || (variableType === 'INPUT' && leftOut.length === 0)) return []
      const settingId = encodeId(typename, id)
      const fixed = { code: 'VALUE_FIXED', text: `${name} is not given by hand: a setting decides it.`, settingId }
      const note = variableType === 'INPUT' ? leftOut.find((it) => it.settingId === settingId) : fixed
      return note ? [{ id: encodeId('FormField', `${typename}:${id}`), name, note }] : []
    })
  return [...absentOf('ExportField', exportFields), ...absentOf('BackendField', backendFields)]
}

// ------------------------------------------------------------------------------------------------ what comes back

export interface FormValues {
  values: readonly FieldValueInput[]
  /** Of the backend inputs; they may stand among `values` as well. */
  backendValues?: readonly FieldValueInput[] | null | undefined
}

export interface FormRead {
  readonly given: readonly GivenField[]
  readonly faults: readonly FieldError[]
  /** Values that were left out, and why. */
  readonly notes: readonly PlanNote[]
}

/** Checks what came back against the plan. Either what was given, or every fault with the path of its input. */
export function readForm(plan: FormPlan, { values, backendValues }: FormValues): FormRead {
  const path = ['input', 'values']
  const backendFields = plan.fields.filter((field) => field.group === 'BACKEND')
  const read = readFields(plan.fields, values, path)
  const backend = readFields(backendFields, backendValues ?? [], ['input', 'backendValues'])
  const twice = backend.given.filter(({ field }) => read.given.some((it) => it.field === field))
  const faults = [
    ...read.faults,
    ...backend.faults,
    ...twice.map(({ field }) => ({
      path: ['input', 'backendValues', field.name],
      message: `${field.label} is given twice.`,
    })),
  ]
  const notes: PlanNote[] = []
  for (const { input, path: place } of [...read.unknown, ...backend.unknown]) {
    const absent = plan.absent.find((it) => (input.fieldId ? it.id === input.fieldId : it.name === input.name))
    if (absent) notes.push(absent.note)
    else faults.push({ path: place, message: `${unknownTo('The form', input)} Take names or ids from recordForm.` })
  }
  faults.push(...missingFields(plan.fields, values, path))
  return { given: [...read.given, ...backend.given], faults, notes }
}
