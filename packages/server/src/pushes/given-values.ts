/** What an agent gave for backend inputs when a record was tagged: read, and kept for when the push falls due. Pure. */
import type { BackendField } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { settingOfFormField } from '../records/form-field.ts'
import type { FieldValueInput } from '../records/read-form.ts'
import { decodeId, encodeId } from '../shared/global-id.ts'
import { subjectField } from './subject.ts'

/** Always by the form field's id. */
export interface GivenValue {
  readonly fieldId: string
  readonly value: string | null
  readonly values: readonly string[] | null
}

/** The backend inputs that tagging a record of this entity type has: its own, and the subject where that may change. */
function inputsOf({ entityTypes, settings }: IntegrationSnapshot, entityName: string): BackendField[] {
  const entityType = entityTypes.find((it) => it.name === entityName)
  return settings.backendFields.filter(
    (field) =>
      field.variableType === 'INPUT' &&
      (field.target === 'ACTIVITY'
        ? settings.salesforce?.allowActivitySubjectChange === true
        : field.entityTypeId === entityType?.id),
  )
}

/** The backend input that a value is for; undefined where it is for none of this entity type. */
export function findInput(
  integration: IntegrationSnapshot,
  entityName: string,
  { fieldId, name }: FieldValueInput,
): BackendField | undefined {
  return inputsOf(integration, entityName).find((field) =>
    fieldId ? settingIdOf(fieldId) === field.id : field.name === name,
  )
}

/** Those of the values that are for this entity type. */
export function givenFor(
  integration: IntegrationSnapshot,
  entityName: string,
  inputs: readonly FieldValueInput[],
): GivenValue[] {
  return inputs.flatMap((input) => {
    const field = findInput(integration, entityName, input)
    if (field === undefined) return []
    const fieldId = encodeId('FormField', `BackendField:${field.id}`)
    return [{ fieldId, value: input.value ?? null, values: input.values ?? null }]
  })
}

/** What was given for the subject of the activity (S-SUB-06); null where nothing was. */
export function chosenSubject(integration: IntegrationSnapshot, given: readonly GivenValue[]): string | null {
  const field = subjectField(integration)
  return given.find(({ fieldId }) => settingIdOf(fieldId) === field?.id)?.value ?? null
}

/** The row id of the backend field behind a form field's id; null for any other. */
function settingIdOf(fieldId: string): string | null {
  const setting = settingOfFormField(decodeId('FormField', fieldId) ?? '')
  return setting?.typename === 'BackendField' ? setting.id : null
}
