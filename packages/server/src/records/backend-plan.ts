/**
 * Backend fields (D-BCK, S-BCK): what is asked of the agent whenever a record is made or tagged, and what is written then.
 * Pure.
 */
import { type EntityDescriptor, providerDefinitions } from '@backchannel/providers'
import type { BackendField, EntityTypeSnapshot } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { PlanNote, PlannedValue } from '../plans/plan.ts'
import type { FieldError } from '../shared/errors.ts'
import { encodeId } from '../shared/global-id.ts'
import { findWritable } from './field-fit.ts'
import { type FormFieldPlan, toBackendInput } from './form-field.ts'
import { planConstant, toPlanned } from './planned-value.ts'
import { type FieldValueInput, readFields } from './read-form.ts'

export interface BackendInput {
  integration: IntegrationSnapshot
  entityType: Pick<EntityTypeSnapshot, 'id'>
  metadata: EntityDescriptor
}

/** Whose metadata says what a subject may be (ruling 18); null where the agent chooses none. */
export function subjectEntity(integration: IntegrationSnapshot): string | null {
  return subjectInput(integration) === null ? null : 'Task'
}

/** The backend field by which an agent chooses the subject, where the settings allow it (S-SUB-03, A-42). */
function subjectInput({ provider, settings }: IntegrationSnapshot): BackendField | null {
  const { activitySubjectField } = providerDefinitions[provider].descriptor.settings
  if (!settings.salesforce?.allowActivitySubjectChange) return null
  return (
    settings.backendFields.find(
      (it) => it.target === 'ACTIVITY' && it.variableType === 'INPUT' && it.name === activitySubjectField,
    ) ?? null
  )
}

const backendFieldsOf = ({ integration, entityType }: BackendInput) =>
  integration.settings.backendFields.filter((it) => it.target === 'RECORD' && it.entityTypeId === entityType.id)

const settingIdOf = (setting: BackendField) => encodeId('BackendField', setting.id)

/**
 * The inputs of both forms, in the admin's order; constants have no place among them (D-BCK-30).
 *
 * @param activityMetadata of `subjectEntity`; null where there is none
 */
export function backendInputs(input: BackendInput & { activityMetadata: EntityDescriptor | null }): {
  fields: FormFieldPlan[]
  notes: PlanNote[]
} {
  const { integration, entityType, metadata, activityMetadata } = input
  const subject = activityMetadata === null ? null : subjectInput(integration)
  const fields: FormFieldPlan[] = []
  const notes: PlanNote[] = []
  for (const setting of integration.settings.backendFields) {
    const isOfRecord = setting.target === 'RECORD' && setting.entityTypeId === entityType.id
    if (setting.variableType !== 'INPUT' || (!isOfRecord && setting !== subject)) continue
    const describedBy = (isOfRecord ? metadata : activityMetadata) ?? metadata
    const label = setting.label ?? setting.name
    const { field, note } = findWritable(describedBy, setting, { label, settingId: settingIdOf(setting) })
    if (note !== null) notes.push(note)
    else fields.push(toBackendInput(field, setting))
  }
  return { fields, notes }
}

/**
 * What backend fields write into the record: constants always, inputs where the agent gave something. What was
 * given for other fields than these is not looked at.
 *
 * @param path of `given`, for its faults
 */
export function planBackendValues(
  input: BackendInput & { given: readonly FieldValueInput[]; path?: readonly string[] },
): { values: PlannedValue[]; notes: PlanNote[]; faults: readonly FieldError[] } {
  const { metadata, given: inputs, path = ['backendValues'] } = input
  const asked = backendInputs({ ...input, activityMetadata: null })
  const read = readFields(asked.fields, inputs, path)
  const values: PlannedValue[] = []
  const notes: PlanNote[] = [...asked.notes]
  for (const setting of backendFieldsOf(input)) {
    const settingId = settingIdOf(setting)
    const keepExisting = !setting.overwrite
    if (setting.variableType === 'INPUT') {
      const given = read.given.find((it) => it.field.settingId === settingId)
      if (given === undefined) continue
      const text = `Given for the backend field ${given.field.label}`
      values.push(toPlanned(given.field, given.value, { kind: 'BACKEND_INPUT', settingId, text }, keepExisting))
      continue
    }
    const { field, note } = findWritable(metadata, setting, { label: setting.name, settingId })
    if (note !== null) {
      notes.push(note)
      continue
    }
    const text = `Constant of the backend field ${field.label}`
    const planned = planConstant(field, setting, { kind: 'BACKEND_CONSTANT', settingId, text }, keepExisting)
    notes.push(...planned.notes)
    if (planned.value !== null) values.push(planned.value)
  }
  return { values, notes, faults: read.faults }
}
