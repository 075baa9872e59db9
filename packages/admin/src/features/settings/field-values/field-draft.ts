import type { FieldType, VariableType } from '../../../graphql/generated/graphql.ts'

/** Stands for the activity where an entity type is chosen: its subject can be set by a backend field. */
export const ACTIVITY = 'ACTIVITY'

/**
 * What the form of an export or backend field holds. What a combination does not ask for is kept as it was entered, so that
 * nothing is lost by switching there and back.
 */
export interface FieldDraft {
  /** A global ID, or `ACTIVITY`. */
  entityTypeId: string
  name: string
  variableType: VariableType
  fieldType: FieldType | null
  variable: string
  /** The constant as text, by the type that it is of. */
  constants: Partial<Record<FieldType, string>>
  /** The constants of several options. */
  values: string[]
  record: RecordChoice
  /** Subjects that agents have beside those of the org. */
  choices: string[]
  label: string
  required: boolean
  maxLength: string
  useCurrentDate: boolean
  relatedEntity: string
  /** "Use lookup optional fields". */
  optionalFields: boolean
  searchFields: string[]
  displayField: string
  filterField: string
  filterValue: string
  /** Where the filter's field is itself a look-up. */
  filterEntity: string
  overwrite: boolean
}

/** The record that a constant look-up points to. */
export interface RecordChoice {
  entityName: string
  remoteId: string
  name: string
}

export const blankDraft: FieldDraft = {
  entityTypeId: '',
  name: '',
  variableType: 'INPUT',
  fieldType: null,
  variable: '',
  constants: {},
  values: [],
  record: { entityName: '', remoteId: '', name: '' },
  choices: [],
  label: '',
  required: false,
  maxLength: '',
  useCurrentDate: false,
  relatedEntity: '',
  optionalFields: false,
  searchFields: [],
  displayField: '',
  filterField: '',
  filterValue: '',
  filterEntity: '',
  overwrite: false,
}

/** An export or backend field as the API answers it. */
export interface SavedField {
  id: string
  entityType?: { id: string; name: string } | null
  name: string
  variableType: VariableType
  fieldType?: FieldType | null
  variable?: string | null
  value?: string | null
  values?: string[] | null
  lookupValue?: RecordChoice | null
  label?: string | null
  lookup?: SavedLookup | null
  required?: boolean
  maxLength?: number | null
  useCurrentDate?: boolean
  overwrite?: boolean
}

interface SavedLookup {
  relatedEntity: string
  searchFields: string[]
  displayField?: string | null
  filter?: { field: string; value: string; relatedEntity?: string | null } | null
}

/** What the form begins with for a field that is there. */
export function draftOf(field: SavedField): FieldDraft {
  const { lookup, fieldType = null, value, values, variableType } = field
  return {
    ...blankDraft,
    entityTypeId: field.entityType?.id ?? ACTIVITY,
    name: field.name,
    variableType,
    // Whether a date has a time is the CRM's to say: the form has one type for both.
    fieldType: fieldType === 'DATE_TIME' ? 'DATE' : fieldType,
    variable: field.variable ?? '',
    constants: fieldType !== null && value ? { [fieldType === 'DATE_TIME' ? 'DATE' : fieldType]: value } : {},
    values: variableType === 'CONSTANT' ? (values ?? []) : [],
    record: field.lookupValue ? choiceOf(field.lookupValue) : blankDraft.record,
    choices: variableType === 'INPUT' ? (values ?? []) : [],
    label: field.label ?? '',
    required: field.required ?? false,
    maxLength: field.maxLength == null ? '' : String(field.maxLength),
    useCurrentDate: field.useCurrentDate ?? false,
    overwrite: field.overwrite ?? false,
    ...(lookup && lookupMembers(lookup)),
  }
}

const choiceOf = ({ entityName, remoteId, name }: RecordChoice): RecordChoice => ({ entityName, remoteId, name })

function lookupMembers({ relatedEntity, searchFields, displayField, filter }: SavedLookup): Partial<FieldDraft> {
  return {
    relatedEntity,
    optionalFields: searchFields.length > 0 || displayField != null || filter != null,
    searchFields,
    displayField: displayField ?? '',
    filterField: filter?.field ?? '',
    filterValue: filter?.value ?? '',
    filterEntity: filter?.relatedEntity ?? '',
  }
}
