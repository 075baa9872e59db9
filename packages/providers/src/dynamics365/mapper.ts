/** Rows of Dataverse → neutral records. Straight-line code: a search maps hundreds of rows within its milliseconds. */
import type { CrmRecord, NamedReference, RecordAttribute, RecordFieldValue, RecordSelection } from '../model/index.ts'
import type { Row } from './client.ts'
import { recordUrls, type Table, toRecordUrl } from './entities.ts'
import type { FieldMetadata } from './metadata-rows.ts'

const formatted = '@OData.Community.Display.V1.FormattedValue'
const lookupTable = '@Microsoft.Dynamics.CRM.lookuplogicalname'

/** Only these annotations are asked for: `*` would more than double the answer. */
export const annotationsPrefer =
  'odata.include-annotations="OData.Community.Display.V1.FormattedValue,Microsoft.Dynamics.CRM.lookuplogicalname"'

/** How rows of one table are read for one selection. */
export interface RowShape {
  table: Table
  /** Names the record; differs from the table's own where a setting says so. */
  nameField: string
  /** The value of `$select`. */
  select: string
  /** Whether the rows need annotations, for labels or for what a lookup points to. */
  annotated: boolean
  columns: Record<Exclude<RecordAttribute, 'version'>, readonly string[]>
  /** Whether the row's version is wanted; it comes with every row. */
  versioned: boolean
  fields: readonly FieldMetadata[]
  origin: string
  urlOf: (guid: string) => string
}

export interface ShapeParts {
  table: Table
  selection: RecordSelection
  /** The selection's further fields, as the org describes them. */
  fields: readonly FieldMetadata[]
  /** Columns that the caller needs besides: those that decide whether a row matches. */
  extra?: readonly string[]
  /** The caller reads labels by itself. */
  labelled?: boolean
  nameField?: string
  origin: string
}

const none: readonly string[] = []

export function toRowShape({
  table,
  selection,
  fields,
  extra = none,
  labelled = false,
  nameField,
  origin,
}: ShapeParts): RowShape {
  const wanted = (attribute: RecordAttribute) =>
    selection.attributes.includes(attribute) ? (table.columns[attribute] ?? none) : none
  const columns: RowShape['columns'] = {
    phone: wanted('phone'),
    email: wanted('email'),
    createdAt: wanted('createdAt'),
    modifiedAt: wanted('modifiedAt'),
    firstName: wanted('firstName'),
    lastName: wanted('lastName'),
    company: wanted('company'),
    status: wanted('status'),
    accountNumber: wanted('accountNumber'),
    description: wanted('description'),
    account: wanted('account'),
  }
  const name = nameField ?? table.nameField
  const select = new Set([name, ...Object.values(columns).flat(), ...fields.map((field) => field.column), ...extra])
  return {
    table,
    nameField: name,
    select: [...select].join(','),
    annotated: labelled || fields.length > 0 || columns.status.length > 0 || columns.account.length > 0,
    columns,
    versioned: selection.attributes.includes('version'),
    fields,
    origin,
    urlOf: recordUrls(origin, table.logicalName),
  }
}

export function toCrmRecord(row: Row, shape: RowShape): CrmRecord {
  const { table, columns, origin } = shape
  const remoteId = textOf(row[table.idField]) ?? ''
  return {
    entityName: table.logicalName,
    kind: table.kind,
    remoteId,
    name: textOf(row[shape.nameField]) ?? '',
    phone: firstText(row, columns.phone),
    email: firstText(row, columns.email),
    url: shape.urlOf(remoteId),
    createdAt: firstText(row, columns.createdAt),
    modifiedAt: firstText(row, columns.modifiedAt),
    version: shape.versioned ? textOf(row['@odata.etag']) : null,
    firstName: firstText(row, columns.firstName),
    lastName: firstText(row, columns.lastName),
    company: firstText(row, columns.company),
    status: firstLabel(row, columns.status),
    accountNumber: firstText(row, columns.accountNumber),
    description: firstText(row, columns.description),
    isPersonAccount: false,
    account: toAccount(row, columns.account, origin),
    fields: shape.fields.length === 0 ? {} : toFieldValues(row, shape),
  }
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

function firstText(row: Row, columns: readonly string[]): string | null {
  for (const column of columns) {
    const text = textOf(row[column])
    if (text !== null) return text
  }
  return null
}

function firstLabel(row: Row, [column]: readonly string[]): string | null {
  return column === undefined ? null : labelIn(row, column)
}

/** What the CRM shows for a column, where it was asked for labels. */
export function labelIn(row: Row, column: string): string | null {
  return textOf(row[column + formatted])
}

/** A contact's company may be a contact too (crm-apis.md 1.7): that is no account. */
function toAccount(row: Row, [column]: readonly string[], origin: string): NamedReference | null {
  if (column === undefined) return null
  const reference = toReference(row, column, origin)
  return reference?.entityName === 'account' ? reference : null
}

function toReference(row: Row, column: string, origin: string): NamedReference | null {
  const remoteId = textOf(row[column])
  const entityName = textOf(row[column + lookupTable])
  if (remoteId === null || entityName === null) return null
  const name = textOf(row[column + formatted])
  return { entityName, remoteId, name, url: toRecordUrl(origin, entityName, remoteId) }
}

function toFieldValues(row: Row, { fields, origin }: RowShape): CrmRecord['fields'] {
  const toEntry = ({ name, type, column }: FieldMetadata): [string, RecordFieldValue] => {
    const raw = row[column] ?? null
    const value: RecordFieldValue = {
      name,
      type,
      value: textOf(row[column + formatted]) ?? (raw === null ? null : toPlainText(raw)),
      raw,
      reference: type === 'LOOKUP' ? toReference(row, column, origin) : null,
    }
    return [name, value]
  }
  return Object.fromEntries(fields.map(toEntry))
}

function toPlainText(raw: unknown): string {
  return typeof raw === 'string' ? raw : JSON.stringify(raw)
}
