/** Neutral shapes of a vendor's metadata: entity types and their fields. */

/** What an entity type is to us. Every other table or object of the CRM is CUSTOM. */
export const entityKinds = ['ACCOUNT', 'CONTACT', 'LEAD', 'CUSTOM'] as const
export type EntityKind = (typeof entityKinds)[number]

/** Neutral field types. The first ten are those that a setting may have; the rest is what metadata may say besides. */
export type FieldType =
  | 'TEXT'
  | 'WHOLE_NUMBER'
  | 'CURRENCY'
  | 'DATE'
  | 'DATE_TIME'
  | 'TWO_OPTIONS'
  | 'OPTION_SET'
  | 'MULTI_OPTION_SET'
  | 'STATUS_REASON'
  | 'LOOKUP'
  | 'DECIMAL'
  | 'EMAIL'
  | 'PHONE'
  | 'URL'
  | 'MULTILINE_TEXT'
  | 'OTHER'

export interface FieldOption {
  /** As the CRM wants it: Dynamics the number in digits, Salesforce the API value. */
  value: string
  label: string
}

export interface FieldDescriptor {
  /** The CRM's own name: logical name (Dynamics) or API name (Salesforce). */
  name: string
  label: string
  type: FieldType
  /** The CRM refuses a create without it. */
  required: boolean
  /** May be written when a record is created. */
  writable: boolean
  /** May be named in a filter. */
  filterable: boolean
  /** In characters; null where the type has none. */
  maxLength: number | null
  minimum: number | null
  maximum: number | null
  /** Digits behind the decimal point. */
  precision: number | null
  /** For option sets: what may be chosen. `restricted` false: other values are accepted too (Salesforce). */
  options: FieldOption[]
  restricted: boolean
  /** For lookups: names of the entity types that it may point to. */
  targets: string[]
}

export interface RecordTypeDescriptor {
  name: string
  label: string
  isPerson: boolean
  isDefault: boolean
}

/** An entity type without its fields: what a picker lists. */
export interface EntitySummary {
  name: string
  label: string
  isActivity: boolean
  creatable: boolean
}

export interface EntityDescriptor extends EntitySummary {
  kind: EntityKind
  /** Name of the primary key's field and of the field that names a record to people. */
  idField: string
  primaryField: string
  fields: FieldDescriptor[]
  recordTypes: RecordTypeDescriptor[]
}
