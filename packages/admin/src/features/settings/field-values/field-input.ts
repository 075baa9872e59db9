/** What the form of a field becomes: the input of a mutation, a row of the settings document. Pure. */
import type { BackendFieldInput, ExportFieldInput, LookupSpecInput } from '../../../graphql/generated/graphql.ts'
import type { DocumentField } from '../settings-document.ts'
import { ACTIVITY, type FieldDraft } from './field-draft.ts'
import { type FieldRules, shapeOf, typeOf } from './shape.ts'

export function exportInput(draft: FieldDraft, rules: FieldRules): ExportFieldInput {
  const shape = shapeOf(draft, rules)
  return {
    entityTypeId: draft.entityTypeId,
    name: draft.name.trim(),
    variableType: draft.variableType,
    ...(shape.fieldType !== 'NONE' && { fieldType: typeOf(draft, rules) }),
    ...(shape.variable && { variable: draft.variable }),
    ...valueMembers(draft, rules),
    ...(shape.required && { required: draft.required }),
    ...(shape.maxLength && draft.maxLength.trim() !== '' && { maxLength: Number(draft.maxLength) }),
    ...(shape.currentDate && { useCurrentDate: draft.useCurrentDate }),
  }
}

/** @param draft has no faults: a backend field has a type */
export function backendInput(draft: FieldDraft, rules: FieldRules): BackendFieldInput {
  const shape = shapeOf(draft, rules)
  const fieldType = typeOf(draft, rules)
  if (fieldType === null) throw new Error('The field has no type yet')
  const isSubject = draft.entityTypeId === ACTIVITY
  return {
    ...(isSubject ? { target: 'ACTIVITY' } : { entityTypeId: draft.entityTypeId }),
    name: draft.name.trim(),
    variableType: draft.variableType,
    fieldType,
    ...valueMembers(draft, rules),
    ...(shape.choices && draft.choices.length > 0 && { values: draft.choices }),
    ...(shape.overwrite && { overwrite: draft.overwrite }),
  }
}

function valueMembers(draft: FieldDraft, rules: FieldRules) {
  const shape = shapeOf(draft, rules)
  const fieldType = typeOf(draft, rules)
  const { label } = draft
  const { entityName, remoteId } = draft.record
  return {
    ...(shape.constant === 'VALUE' && fieldType !== null && { value: draft.constants[fieldType] ?? '' }),
    ...(shape.constant === 'VALUES' && { values: draft.values }),
    ...(shape.constant === 'RECORD' && remoteId !== '' && { lookupValue: { entityName, remoteId } }),
    ...(shape.label !== null && label.trim() !== '' && { label: label.trim() }),
    ...(shape.lookup && { lookup: lookupOf(draft) }),
  }
}

/** What is off is left out, whatever was entered. */
function lookupOf(draft: FieldDraft): LookupSpecInput {
  const { relatedEntity, optionalFields, searchFields, displayField, filterField, filterValue, filterEntity } = draft
  if (!optionalFields) return { relatedEntity }
  return {
    relatedEntity,
    ...(searchFields.length > 0 && { searchFields }),
    ...(displayField !== '' && { displayField }),
    ...(filterField !== '' && {
      filter: { field: filterField, value: filterValue, ...(filterEntity !== '' && { relatedEntity: filterEntity }) },
    }),
  }
}

/** The field as a row of the settings document, where switches that are off are left out. */
export function documentField(
  { entityTypeId: _, ...members }: ExportFieldInput | BackendFieldInput,
  entityType: string | null,
): DocumentField {
  const given = Object.entries(members).filter(([, value]) => value !== null && value !== false)
  return { ...(entityType !== null && { entityType }), name: members.name, ...Object.fromEntries(given) }
}
