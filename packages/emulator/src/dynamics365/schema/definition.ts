/**
 * How an emulated org's tables are written down: plain data, close to Dataverse's metadata but without what follows
 * from the rest. Names are logical names unless said otherwise.
 */

export type RequiredLevel = 'None' | 'Recommended' | 'ApplicationRequired' | 'SystemRequired'

export interface Option {
  value: number
  label: string
}

export interface StateOption extends Option {
  /** Language-independent name of a state: `Active`. */
  invariantName: string
  /** The status that a row gets when only its state is set. */
  defaultStatus: number
}

export interface StatusOption extends Option {
  state: number
}

interface AnyAttribute {
  /** For people: `Business Phone`. */
  label: string
  /** Same as the logical name in lower case unless given; custom lookups bind by it. */
  schemaName?: string
  /** `None` unless given. `ApplicationRequired` is a form rule only: the API accepts a create without the field. */
  required?: RequiredLevel
  /** Kept by the server: ignored when written. */
  readOnly?: boolean
  /** May be given when a row is made and never changed. */
  createOnly?: boolean
}

export type AttributeDefinition = AnyAttribute &
  (
    | { type: 'String'; maxLength: number; format?: 'Text' | 'Email' | 'Phone' | 'Url' }
    | { type: 'Memo'; maxLength: number; format?: 'TextArea' | 'RichText' }
    | { type: 'Integer'; min: number; max: number }
    | { type: 'BigInt' }
    | { type: 'Decimal' | 'Double' | 'Money'; precision: number; min: number; max: number }
    | { type: 'Boolean'; trueLabel: string; falseLabel: string; initially: boolean }
    | { type: 'DateTime'; dateOnly?: boolean }
    | { type: 'Picklist' | 'MultiSelectPicklist'; options: readonly Option[]; globalName?: string; initially?: number }
    | { type: 'State'; options: readonly StateOption[] }
    | { type: 'Status'; options: readonly StatusOption[] }
    | LookupDefinition
    | { type: 'Uniqueidentifier' }
  )

interface LookupDefinition {
  type: 'Lookup' | 'Customer' | 'Owner'
  /** Empty for what notes and activities are about: every table that allows them. */
  targets: readonly string[]
  /** Name of the relationship, which is the collection's name on the target; made by the usual pattern unless given. */
  relationship?: string
}

export interface EntityDefinition {
  logicalName: string
  /** Its case as the vendor has it: `Contact`. */
  schemaName: string
  entitySetName: string
  objectTypeCode: number
  label: string
  pluralLabel: string
  primaryId: string
  primaryName: string
  isActivity: boolean
  hasNotes: boolean
  hasActivities: boolean
  isCustom: boolean
  /** Rows with an equal value are duplicates when duplicate detection is asked for. */
  duplicateField?: string
  /** Columns that together name one row beside its id. */
  alternateKeys?: readonly (readonly string[])[]
  /** States that only an action of the vendor sets, by the name of its message. */
  stateActions?: Readonly<Record<number, string>>
  attributes: Readonly<Record<string, AttributeDefinition>>
}
