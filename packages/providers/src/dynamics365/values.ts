/** Values as text (ruling 21) → JSON as Dataverse wants it (crm-apis.md 1.9). Pure; what cannot be is told by field. */
import { ProviderError, type ProviderFieldError } from '../errors.ts'
import type { FieldValue, RemoteReference } from '../model/index.ts'
import type { Row } from './client.ts'
import type { FieldMetadata, TableMetadata } from './metadata-rows.ts'
import { isGuid, toDateLiteral, toNumberLiteral } from './odata.ts'

/** Sets of the tables that lookups point to, by logical name. */
export type SetNames = ReadonlyMap<string, string>

/** `doubtful`: the org's metadata may have changed since we read it. */
type Converted = { property: string; value: unknown } | { fault: string; doubtful?: boolean }

/**
 * The body of a create or update. The org's metadata decides about types, not what the caller believed them to be.
 *
 * @throws ProviderError `CRM_REJECTED` whose `fields` name each value that cannot be written
 */
export function toRow(
  values: readonly FieldValue[],
  table: TableMetadata,
  setNames: SetNames,
  effect: 'CREATE' | 'UPDATE',
): Row {
  const row: Row = {}
  const faults: ProviderFieldError[] = []
  let metadataDoubtful = false
  for (const value of values) {
    const field = table.fields.get(value.name)
    const converted = convert(value, field, table, setNames, effect)
    if ('fault' in converted) {
      faults.push({ name: value.name, message: converted.fault })
      metadataDoubtful ||= converted.doubtful ?? false
    } else row[converted.property] = converted.value
  }
  if (faults.length > 0) {
    const message = 'Some values do not fit their fields.'
    throw new ProviderError('CRM_REJECTED', { message, fields: faults, metadataDoubtful })
  }
  return effect === 'UPDATE' ? withState(row, table) : row
}

/** A status reason goes with its state (crm-apis.md 3.2): alone, it may be refused for the state that the row is in. */
function withState(row: Row, { statesByReason }: TableMetadata): Row {
  const { statuscode, statecode } = row
  const state = typeof statuscode === 'number' && statecode === undefined ? statesByReason.get(statuscode) : undefined
  return state === undefined ? row : { ...row, statecode: state }
}

function convert(
  value: FieldValue,
  field: FieldMetadata | undefined,
  table: TableMetadata,
  setNames: SetNames,
  effect: 'CREATE' | 'UPDATE',
): Converted {
  if (field === undefined) {
    return { fault: `Dynamics 365 has no field ${value.name} on ${table.label}.`, doubtful: true }
  }
  if (effect === 'CREATE' ? !field.writable : !field.updatable) {
    return { fault: `${field.label} cannot be written.`, doubtful: true }
  }
  if (field.type === 'LOOKUP') return convertLookup(value.reference, field, table, setNames)
  if (field.type === 'MULTI_OPTION_SET') return convertOptions(value, field)
  const { value: text } = value
  if (text === null || text === '') return { property: field.name, value: null }
  return convertText(text, field)
}

function convertText(text: string, field: FieldMetadata): Converted {
  const property = field.name
  switch (field.type) {
    case 'WHOLE_NUMBER':
    case 'OPTION_SET':
    case 'STATUS_REASON':
      return /^-?\d{1,15}$/.test(text)
        ? { property, value: Number(text) }
        : { fault: field.type === 'WHOLE_NUMBER' ? 'Enter a whole number.' : 'Choose one of the options.' }
    case 'DECIMAL':
    case 'CURRENCY':
      return toNumberLiteral(text) === null
        ? { fault: 'Enter a number, with a dot and no grouping.' }
        : { property, value: Number(text) }
    case 'TWO_OPTIONS':
      return text === 'true' || text === 'false' ? { property, value: text === 'true' } : { fault: 'Choose yes or no.' }
    case 'DATE':
    case 'DATE_TIME':
      return convertDate(text, field)
    case 'TEXT':
    case 'EMAIL':
    case 'PHONE':
    case 'URL':
    case 'MULTILINE_TEXT':
      return { property, value: text }
    case 'OTHER':
    case 'LOOKUP':
    case 'MULTI_OPTION_SET':
      return { fault: `${field.label} cannot be written.` }
  }
}

/** A field may hold a bare date or a moment, whichever of the two the caller gave. */
function convertDate(text: string, field: FieldMetadata): Converted {
  const day = toDateLiteral(text.slice(0, 10))
  const moment = /^\d{4}-\d{2}-\d{2}T/.test(text) ? Date.parse(text) : Number.NaN
  const isDay = text.length === 10
  if (day === null || (!isDay && Number.isNaN(moment))) return { fault: 'Enter a date as YYYY-MM-DD.' }
  if (field.bareDate) return { property: field.name, value: day }
  return { property: field.name, value: isDay ? `${day}T00:00:00Z` : new Date(moment).toISOString() }
}

/** Numbers joined by commas (crm-apis.md 1.9). */
function convertOptions(value: FieldValue, field: FieldMetadata): Converted {
  const chosen = value.values ?? (value.value === null || value.value === '' ? [] : [value.value])
  if (chosen.length === 0) return { property: field.name, value: null }
  if (!chosen.every((option) => /^-?\d{1,10}$/.test(option))) return { fault: 'Choose among the options.' }
  return { property: field.name, value: chosen.join(',') }
}

function convertLookup(
  reference: RemoteReference | null,
  field: FieldMetadata,
  table: TableMetadata,
  setNames: SetNames,
): Converted {
  if (reference === null) {
    const property = field.targets.map((target) => table.navigation.get(`${field.name} ${target}`)).find(Boolean)
    return { property: `${property ?? field.name}@odata.bind`, value: null }
  }
  const property = table.navigation.get(`${field.name} ${reference.entityName}`)
  const setName = setNames.get(reference.entityName)
  if (property === undefined || setName === undefined || !isGuid(reference.remoteId)) {
    return { fault: `${field.label} cannot point to this record.`, doubtful: property === undefined }
  }
  return { property: `${property}@odata.bind`, value: `/${setName}(${reference.remoteId})` }
}
