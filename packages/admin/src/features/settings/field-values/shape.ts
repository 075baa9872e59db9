import type { FieldType, VariableType } from '../../../graphql/generated/graphql.ts'
import { ACTIVITY, type FieldDraft } from './field-draft.ts'

/** The two lists whose fields are written to the CRM. */
export type FieldList = 'EXPORT' | 'BACKEND'

/** What the CRM's settings have, and what its forms call it. */
export interface FieldRules {
  list: FieldList
  fieldTypes: readonly { type: FieldType; label: string; maxLength: boolean }[]
  variableLabel: string
  /** The one type of a chat variable; null: none is asked for. */
  variableFieldType: FieldType | null
  /** Whether a look-up has a label. */
  lookupHasLabel: boolean
  /** The activity's field that a backend field may set. */
  subjectField: string | null
  /** What the form calls the CRM's own name of a field. */
  nameLabel: string
}

/** What the form asks for a combination of variable type and field type. */
export interface FieldShape {
  variableTypes: readonly VariableType[]
  /** `FIXED`: it is said, and cannot be chosen. */
  fieldType: 'ASKED' | 'FIXED' | 'NONE'
  variable: boolean
  constant: 'VALUE' | 'VALUES' | 'RECORD' | null
  label: 'DEMANDED' | 'OPTIONAL' | null
  required: boolean
  maxLength: boolean
  currentDate: boolean
  lookup: boolean
  /** Subjects that agents have beside those of the org. */
  choices: boolean
  overwrite: boolean
}

export function shapeOf(draft: Pick<FieldDraft, 'variableType' | 'fieldType' | 'entityTypeId'>, rules: FieldRules) {
  const { variableType } = draft
  const isExport = rules.list === 'EXPORT'
  const isInput = variableType === 'INPUT'
  const isSubject = draft.entityTypeId === ACTIVITY
  const fieldType = typeOf(draft, rules)
  return {
    variableTypes: isExport ? ['CHAT_VARIABLE', 'CONSTANT', 'INPUT'] : ['CONSTANT', 'INPUT'],
    fieldType: typeInput(draft, rules),
    variable: variableType === 'CHAT_VARIABLE',
    constant: variableType === 'CONSTANT' ? constantOf(fieldType) : null,
    label: isInput && fieldType !== null ? labelOf(fieldType, rules) : null,
    required: isExport && isInput && fieldType !== null,
    maxLength: isExport && isInput && rules.fieldTypes.some((it) => it.type === fieldType && it.maxLength),
    currentDate: isExport && isInput && fieldType === 'DATE',
    lookup: isInput && fieldType === 'LOOKUP',
    choices: isInput && isSubject,
    overwrite: !isExport && !isSubject,
  } as const satisfies FieldShape
}

/** The type that counts: one that is fixed goes before what was chosen. */
export function typeOf(
  { variableType, entityTypeId, fieldType }: Pick<FieldDraft, 'variableType' | 'fieldType' | 'entityTypeId'>,
  { variableFieldType }: FieldRules,
): FieldType | null {
  if (variableType === 'CHAT_VARIABLE') return variableFieldType
  // The subject of an activity is one of a list.
  return entityTypeId === ACTIVITY ? 'OPTION_SET' : fieldType
}

function typeInput(
  { variableType, entityTypeId }: Pick<FieldDraft, 'variableType' | 'entityTypeId'>,
  { variableFieldType }: FieldRules,
): FieldShape['fieldType'] {
  if (variableType === 'CHAT_VARIABLE') return variableFieldType === null ? 'NONE' : 'FIXED'
  return entityTypeId === ACTIVITY ? 'FIXED' : 'ASKED'
}

function constantOf(fieldType: FieldType | null): FieldShape['constant'] {
  if (fieldType === null) return null
  if (fieldType === 'LOOKUP') return 'RECORD'
  return fieldType === 'MULTI_OPTION_SET' ? 'VALUES' : 'VALUE'
}

function labelOf(fieldType: FieldType, { list, lookupHasLabel }: FieldRules): FieldShape['label'] {
  if (list === 'EXPORT' || fieldType !== 'LOOKUP') return 'DEMANDED'
  return lookupHasLabel ? 'OPTIONAL' : null
}

/** The type that a setting has for a field of the org, where there is one. */
export function settingTypeFor(type: FieldType, { fieldTypes }: Pick<FieldRules, 'fieldTypes'>): FieldType | null {
  return [type, ...(asOther[type] ?? [])].find((it) => fieldTypes.some((offered) => offered.type === it)) ?? null
}

const asOther: Partial<Record<FieldType, readonly FieldType[]>> = {
  EMAIL: ['TEXT'],
  PHONE: ['TEXT'],
  URL: ['TEXT'],
  MULTILINE_TEXT: ['TEXT'],
  DECIMAL: ['CURRENCY'],
  WHOLE_NUMBER: ['CURRENCY'],
  DATE_TIME: ['DATE'],
  STATUS_REASON: ['OPTION_SET'],
}
