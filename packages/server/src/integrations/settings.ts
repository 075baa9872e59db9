/**
 * The settings of one integration as plain data: what every plan is made from, whether they are kept or only tried out.
 * They are read from memory (ruling 10) and changed in `../settings`.
 */
import type { EntityKind, FieldType } from '@backchannel/providers'

export const searchOrderIdentifiers = ['PHONE', 'EMAIL', 'FULL_NAME'] as const
export type SearchOrderIdentifier = (typeof searchOrderIdentifiers)[number]

/** By what a visitor is looked for by itself. ACCOUNT_ID: what the chat product calls the visitor's account. */
export const matchIdentifiers = ['PHONE', 'EMAIL', 'ACCOUNT_ID'] as const
export type MatchIdentifier = (typeof matchIdentifiers)[number]

export const variableTypes = ['CHAT_VARIABLE', 'CONSTANT', 'INPUT'] as const
export type VariableType = (typeof variableTypes)[number]

export const chatsSaveToValues = ['NOTES', 'TASK', 'CUSTOM_ACTIVITY'] as const
export type ChatsSaveTo = (typeof chatsSaveToValues)[number]

export const backendTargets = ['RECORD', 'ACTIVITY'] as const
export type BackendTarget = (typeof backendTargets)[number]

/** The types that a setting may have; metadata knows some more. */
export const settingFieldTypes = [
  'TEXT',
  'WHOLE_NUMBER',
  'CURRENCY',
  'DATE',
  'DATE_TIME',
  'TWO_OPTIONS',
  'OPTION_SET',
  'MULTI_OPTION_SET',
  'STATUS_REASON',
  'LOOKUP',
] as const satisfies readonly FieldType[]
export type SettingFieldType = (typeof settingFieldTypes)[number]

/** UNCHECKED: saved while the CRM could not be asked. BROKEN: the org does not have what it names (any more). */
export const checkStates = ['OK', 'UNCHECKED', 'BROKEN'] as const
export type CheckState = (typeof checkStates)[number]

/** What the org's metadata last said of a setting. */
export interface Checked {
  readonly check: CheckState
  /** What is wrong, for an admin; null unless BROKEN. */
  readonly problem: string | null
  readonly brokenSince: Date | null
}

export interface EntityTypeSnapshot extends Checked {
  readonly id: string
  readonly integrationId: string
  readonly kind: EntityKind
  /** The CRM's own name of it. */
  readonly name: string
  readonly displayName: string
  readonly primaryField: string
  readonly primaryFieldLabel: string
  readonly searchable: boolean
  readonly creatable: boolean
  /** Its place among the entity types, from 0. */
  readonly position: number
}

/** The two switches of a built-in field of the create form. Its mark says what the org has, hidden or not. */
export interface DefaultFieldSnapshot extends Checked {
  readonly id: string
  readonly kind: EntityKind
  readonly name: string
  readonly required: boolean
  readonly showOnForm: boolean
}

export interface AutoSmsPush {
  readonly enabled: boolean
  readonly entityTypeId: string | null
  readonly field: string | null
  readonly identifier: MatchIdentifier
}

export interface AutoChatRule {
  readonly identifier: MatchIdentifier
  readonly entityTypeId: string
  readonly field: string
}

export interface AutoChatPush {
  readonly enabled: boolean
  /** In the order in which they are tried. */
  readonly rules: readonly AutoChatRule[]
  readonly tagSingleMatchUnasked: boolean
}

/** Only records that hold `value` in `field`. For a look-up `value` is the key or the name of a `relatedEntity` record. */
export interface FieldFilter {
  readonly field: string
  readonly value: string
  readonly relatedEntity: string | null
}

/** What an agent may choose from in a look-up input. */
export interface LookupSpec {
  readonly relatedEntity: string
  /** Where the agent's term is looked for; empty: the field that names a record. */
  readonly searchFields: readonly string[]
  /** Shown beside the name. */
  readonly displayField: string | null
  readonly filter: FieldFilter | null
}

export interface LookupValue {
  readonly entityName: string
  readonly remoteId: string
  /** As it was called when it was chosen. */
  readonly name: string
}

/** A value that the admin fixed, or the agent gives. */
interface ValueSetting extends Checked {
  readonly id: string
  /** The CRM's own field name. */
  readonly name: string
  /** Its place among those of its entity type, from 0. */
  readonly position: number
  /** CONSTANT. Ruling 21 says how values are written. */
  readonly value: string | null
  readonly values: readonly string[] | null
  readonly lookupValue: LookupValue | null
  /** INPUT: what the agent sees. */
  readonly label: string | null
  /** INPUT of type LOOKUP. */
  readonly lookup: LookupSpec | null
}

/** A field that is written when a record is made. */
export interface ExportField extends ValueSetting {
  readonly entityTypeId: string
  readonly variableType: VariableType
  /** Null for a chat variable where the vendor asks for no type. */
  readonly fieldType: SettingFieldType | null
  /** CHAT_VARIABLE: its name, spelled as the chat product spells it. */
  readonly variable: string | null
  readonly required: boolean
  /** In characters. */
  readonly maxLength: number | null
  readonly useCurrentDate: boolean
}

/** A field that is written whenever a record is made or tagged; of target ACTIVITY, the subject of the activity. */
export interface BackendField extends ValueSetting {
  readonly target: BackendTarget
  /** Null for ACTIVITY. */
  readonly entityTypeId: string | null
  readonly variableType: Exclude<VariableType, 'CHAT_VARIABLE'>
  readonly fieldType: SettingFieldType
  /** False: a value that the CRM holds already is kept. */
  readonly overwrite: boolean
}

/** A search field or a detail field. */
export interface ShownField extends Checked {
  readonly id: string
  readonly entityTypeId: string
  readonly name: string
  readonly label: string
  readonly fieldType: SettingFieldType
  /** On: it narrows what is found; off: its value is searched by (D-SEA-11, D-SEA-12). */
  readonly filter: FieldFilter | null
  readonly position: number
}

/** What Dynamics 365 alone has. */
export interface DynamicsOptions {
  readonly allowNewCreation: boolean
  readonly allowActivityClosing: boolean
  readonly chatsSaveTo: ChatsSaveTo
  readonly activityTypeName: string | null
}

/** What Salesforce alone has. */
export interface SalesforceOptions {
  readonly allowActivitySubjectChange: boolean
  readonly subjectSuffix: string | null
  readonly personAccountEnabled: boolean
  readonly accountNumberUsed: boolean
  readonly accountEmailField: string | null
  readonly sessionIdleMinutes: number
  readonly sessionGraceSeconds: number
}

/** Lists are in the admin's order. `check` and `problem` are those of the automatic pushes and of what a vendor alone has. */
export interface SettingsSnapshot extends Checked {
  readonly id: string
  /** Counts every change. */
  readonly version: number
  readonly searchOrder: readonly SearchOrderIdentifier[]
  readonly fetchCrmData: boolean
  readonly autoSmsPush: AutoSmsPush
  readonly autoChatPush: AutoChatPush
  readonly exportFields: readonly ExportField[]
  readonly searchFields: readonly ShownField[]
  readonly detailFields: readonly ShownField[]
  readonly backendFields: readonly BackendField[]
  /** Null for the other vendor. */
  readonly dynamics: DynamicsOptions | null
  readonly salesforce: SalesforceOptions | null
}

/** The default of what has none in the guide is one table: off, save what say. */
export const defaultDynamicsOptions: DynamicsOptions = {
  allowNewCreation: false,
  allowActivityClosing: false,
  chatsSaveTo: 'NOTES',
  activityTypeName: null,
}

export const defaultSalesforceOptions: SalesforceOptions = {
  allowActivitySubjectChange: false,
  subjectSuffix: null,
  personAccountEnabled: true,
  accountNumberUsed: true,
  accountEmailField: null,
  sessionIdleMinutes: 120,
  sessionGraceSeconds: 60,
}
