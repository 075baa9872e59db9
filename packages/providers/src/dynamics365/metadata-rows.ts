/** Metadata of Dataverse, as it comes over the wire, in our shapes (crm-apis.md 1.8). Pure. */
import type { EntitySummary, FieldDescriptor, FieldOption, FieldType } from '../model/index.ts'
import type { Row } from './client.ts'

/** A table without its fields. */
export interface TableSummary extends EntitySummary {
  setName: string
}

export interface FieldMetadata extends FieldDescriptor {
  /** What a row calls it: `_x_value` for lookups. */
  column: string
  updatable: boolean
  /** Holds a bare date (behaviour DateOnly); other dates are moments. */
  bareDate: boolean
}

export interface TableMetadata extends TableSummary {
  idField: string
  nameField: string
  hasNotes: boolean
  hasActivities: boolean
  fields: ReadonlyMap<string, FieldMetadata>
  /** Navigation property by lookup and target (`regardingobjectid contact`); case matters (crm-apis.md 1.9). */
  navigation: ReadonlyMap<string, string>
  /** Which state each status reason belongs to. */
  statesByReason: ReadonlyMap<number, number>
  /** What closing an activity writes; null for tables without a completed state. */
  completed: { statecode: number; statuscode: number } | null
}

/** The answers that describe one table; those of an org that refuses one of the details are empty. */
export interface TableRows {
  definition: Row
  attributes: readonly Row[]
  /** Attributes once more, with what only their own type tells: lengths, options, targets. */
  details: readonly Row[]
  relationships: readonly Row[]
}

/** Null for what cannot be reached by the Web API. */
export function toTableSummary(row: Row): TableSummary | null {
  const name = toText(row.LogicalName)
  const setName = toText(row.EntitySetName)
  if (name === null || setName === null) return null
  return {
    name,
    setName,
    label: toLabel(row.DisplayName) ?? name,
    isActivity: row.IsActivity === true,
    // The base of all activities is read through, never written (crm-apis.md 1.7).
    creatable: name !== 'activitypointer',
  }
}

/** Null for an answer that describes no table. */
export function toTableMetadata({ definition, attributes, details, relationships }: TableRows): TableMetadata | null {
  const summary = toTableSummary(definition)
  const idField = toText(definition.PrimaryIdAttribute)
  if (summary === null || idField === null) return null
  const detailsByName = new Map<string, Row>()
  for (const row of details) {
    const name = toText(row.LogicalName)
    if (name !== null) detailsByName.set(name, row)
  }
  const fields = new Map<string, FieldMetadata>()
  for (const row of attributes) {
    const field = toField(row, detailsByName.get(toText(row.LogicalName) ?? '') ?? {})
    if (field !== null) fields.set(field.name, field)
  }
  const navigation = new Map<string, string>()
  for (const row of relationships) {
    const property = toText(row.ReferencingEntityNavigationPropertyName)
    if (property !== null) {
      navigation.set(`${toText(row.ReferencingAttribute) ?? ''} ${toText(row.ReferencedEntity) ?? ''}`, property)
    }
  }
  return {
    ...summary,
    idField,
    nameField: toText(definition.PrimaryNameAttribute) ?? idField,
    hasNotes: definition.HasNotes === true,
    hasActivities: definition.HasActivities === true,
    fields,
    navigation,
    statesByReason: toStatesByReason(detailsByName.get('statuscode')),
    completed: toCompleted(detailsByName.get('statecode')),
  }
}

const typesByAttributeType: ReadonlyMap<string, FieldType> = new Map(
  Object.entries<FieldType>({
    String: 'TEXT',
    Memo: 'MULTILINE_TEXT',
    Integer: 'WHOLE_NUMBER',
    BigInt: 'WHOLE_NUMBER',
    Decimal: 'DECIMAL',
    Double: 'DECIMAL',
    Money: 'CURRENCY',
    DateTime: 'DATE_TIME',
    Boolean: 'TWO_OPTIONS',
    Picklist: 'OPTION_SET',
    State: 'OPTION_SET',
    Status: 'STATUS_REASON',
    Lookup: 'LOOKUP',
    Customer: 'LOOKUP',
    Owner: 'LOOKUP',
  }),
)

const typesByFormat: ReadonlyMap<string, FieldType> = new Map(
  Object.entries<FieldType>({
    Email: 'EMAIL',
    Phone: 'PHONE',
    Url: 'URL',
    TextArea: 'MULTILINE_TEXT',
    DateOnly: 'DATE',
  }),
)

/** The CRM fills these by itself, whatever their required level says. */
const filledByCrm = new Set(['Owner', 'State', 'Status', 'Uniqueidentifier'])

function toField(row: Row, detail: Row): FieldMetadata | null {
  const name = toText(row.LogicalName)
  // Shadows of another attribute (`parentcustomeridname`) are no properties of the Web API (crm-apis.md 1.4).
  if (name === null || toText(row.AttributeOf) !== null) return null
  const attributeType = toText(row.AttributeType) ?? ''
  const type = toType(attributeType, toText(wrappedValue(row.AttributeTypeName)), detail)
  if (attributeType === 'Virtual' && type === 'OTHER') return null
  const writable = row.IsValidForCreate === true
  return {
    name,
    label: toLabel(row.DisplayName) ?? name,
    type,
    // ApplicationRequired is a rule of forms only: the API saves without it (crm-apis.md 1.7).
    required: writable && wrappedValue(row.RequiredLevel) === 'SystemRequired' && !filledByCrm.has(attributeType),
    writable,
    filterable: row.IsValidForRead !== false && (type !== 'OTHER' || attributeType === 'Uniqueidentifier'),
    maxLength: toNumber(detail.MaxLength),
    minimum: toNumber(detail.MinValue),
    maximum: toNumber(detail.MaxValue),
    precision: toNumber(detail.Precision),
    options: toOptions(detail),
    restricted: true,
    targets: Array.isArray(detail.Targets)
      ? detail.Targets.flatMap((target: unknown) => (typeof target === 'string' ? [target] : []))
      : [],
    column: type === 'LOOKUP' ? `_${name}_value` : name,
    updatable: row.IsValidForUpdate === true,
    bareDate: wrappedValue(detail.DateTimeBehavior) === 'DateOnly',
  }
}

function toType(attributeType: string, typeName: string | null, detail: Row): FieldType {
  // Multi-select columns report Virtual and are told by their type name (crm-apis.md 1.8).
  if (typeName === 'MultiSelectPicklistType') return 'MULTI_OPTION_SET'
  const format = toText(wrappedValue(detail.FormatName)) ?? toText(detail.Format) ?? ''
  if (attributeType === 'String' || attributeType === 'DateTime') {
    const byFormat = typesByFormat.get(format)
    if (byFormat !== undefined) return byFormat
  }
  return typesByAttributeType.get(attributeType) ?? 'OTHER'
}

/** For a global choice `OptionSet` may be null, and the options are beside it (crm-apis.md 1.8). */
function toOptions(detail: Row): FieldOption[] {
  const set = toRow(detail.OptionSet) ?? toRow(detail.GlobalOptionSet)
  if (set === null) return []
  const rows = Array.isArray(set.Options) ? set.Options : [set.FalseOption, set.TrueOption]
  const isTwoOptions = !Array.isArray(set.Options)
  return rows.flatMap((option: unknown) => {
    const { Value: value, Label: label } = toRow(option) ?? {}
    if (typeof value !== 'number') return []
    const text = isTwoOptions ? String(value === 1) : String(value)
    return [{ value: text, label: toLabel(label) ?? text }]
  })
}

function toStatesByReason(statusDetail: Row | undefined): TableMetadata['statesByReason'] {
  const options: unknown = toRow(statusDetail?.OptionSet)?.Options
  const states = new Map<number, number>()
  for (const option of Array.isArray(options) ? options : []) {
    const { Value: reason, State: state } = toRow(option) ?? {}
    if (typeof reason === 'number' && typeof state === 'number') states.set(reason, state)
  }
  return states
}

function toCompleted(stateDetail: Row | undefined): TableMetadata['completed'] {
  const options = toRow(stateDetail?.OptionSet)?.Options
  if (!Array.isArray(options)) return null
  for (const option of options) {
    const { Value: statecode, DefaultStatus: statuscode, InvariantName: name } = toRow(option) ?? {}
    if (name === 'Completed' && typeof statecode === 'number' && typeof statuscode === 'number') {
      return { statecode, statuscode }
    }
  }
  return null
}

function toLabel(label: unknown): string | null {
  const { UserLocalizedLabel: own, LocalizedLabels: all } = toRow(label) ?? {}
  const first = Array.isArray(all) ? toRow(all[0]) : null
  return toText(toRow(own)?.Label) ?? toText(first?.Label)
}

/** Managed properties wrap their value. */
function wrappedValue(property: unknown): unknown {
  return toRow(property)?.Value
}

function toRow(value: unknown): Row | null {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Row) : null
}

function toText(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function toNumber(value: unknown): number | null {
  return typeof value === 'number' ? value : null
}
