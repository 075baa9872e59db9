import type { Row } from '../../store.ts'
import { refused, rowError } from '../errors.ts'
import { normaliseId } from '../ids.ts'
import type { FieldDefinition } from '../metadata/definition.ts'
import { isDate, parseTime, toSalesforceTime } from '../times.ts'
import type { RecordContext } from './context.ts'

/**
 * The value as a row keeps it: empty text is null, ids have 18 characters, times are in UTC. Throws the vendor's row
 * error when it does not fit the field.
 */
export function toStored(value: unknown, field: FieldDefinition, context: RecordContext): unknown {
  if (value === null || value === undefined || value === '') return null
  switch (field.type) {
    case 'boolean':
      if (typeof value !== 'boolean') throw undeserializable('boolean', value)
      return value
    case 'int':
    case 'double':
    case 'currency':
    case 'percent':
      return toNumber(value, field)
    case 'date':
      if (typeof value !== 'string' || !isDate(value.slice(0, 10))) throw undeserializable('date', value)
      return value.slice(0, 10)
    case 'datetime': {
      const ms = typeof value === 'string' ? (parseTime(value) ?? dayStart(value)) : null
      if (ms === null) throw undeserializable('datetime', value)
      return toSalesforceTime(ms)
    }
    case 'id':
    case 'reference':
      return toReference(value, field, context)
    default:
      return toText(value, field)
  }
}

const dayStart = (text: string) => (isDate(text) ? Date.parse(`${text}T00:00:00Z`) : null)

function toNumber(value: unknown, field: FieldDefinition): number {
  if (typeof value !== 'number') throw undeserializable(field.type === 'int' ? 'int' : 'double', value)
  if (field.type === 'int' && !Number.isInteger(value)) throw undeserializable('int', value)
  const limit = field.type === 'int' ? 2 ** 31 : 10 ** (field.precision - field.scale)
  if (Math.abs(value) >= limit) {
    throw rowError(
      'NUMBER_OUTSIDE_VALID_RANGE',
      `${field.label}: value outside of valid range on numeric field: ${value}`,
      [field.name],
    )
  }
  return field.type === 'int' ? value : Number(value.toFixed(Math.max(field.scale, 0)))
}

function toText(value: unknown, field: FieldDefinition): string {
  if (typeof value !== 'string') throw undeserializable('string', value)
  if (value.length > field.length) {
    throw rowError('STRING_TOO_LONG', `${field.label}: data value too large: ${value} (max length=${field.length})`, [
      field.name,
    ])
  }
  if (field.type === 'email' && !/^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(value)) {
    throw rowError('INVALID_EMAIL_ADDRESS', `${field.label}: invalid email address: ${value}`, [field.name])
  }
  if (field.restrictedPicklist) {
    const chosen = field.type === 'multipicklist' ? value.split(';') : [value]
    const known = new Set(field.picklistValues.filter((one) => one.active).map((one) => one.value))
    const bad = chosen.find((one) => !known.has(one))
    if (bad !== undefined) {
      throw rowError(
        'INVALID_OR_NULL_FOR_RESTRICTED_PICKLIST',
        `${field.label}: bad value for restricted picklist field: ${bad}`,
        [field.name],
      )
    }
  }
  return value
}

function toReference(value: unknown, field: FieldDefinition, context: RecordContext): string {
  if (typeof value !== 'string') throw undeserializable('reference', value)
  const id = normaliseId(value)
  const target = id === null ? undefined : context.schema.objectOfId(id)
  if (id === null || !target || !field.referenceTo.includes(target.name)) {
    throw rowError('MALFORMED_ID', `${field.label}: id value of incorrect type: ${value}`, [field.name])
  }
  const row = context.store.table(target.name).get(id)
  if (!row) {
    if (field.name === 'RecordTypeId') {
      throw rowError(
        'INVALID_CROSS_REFERENCE_KEY',
        `Record Type ID: this ID value isn't valid for the user: ${value}`,
        [field.name],
      )
    }
    throw rowError('INVALID_CROSS_REFERENCE_KEY', 'invalid cross reference id', [])
  }
  if (row.IsDeleted === true) throw rowError('ENTITY_IS_DELETED', 'entity is deleted', [])
  return id
}

/** JSON of the wrong kind, which Salesforce refuses while it still reads the body. */
function undeserializable(type: string, value: unknown) {
  const kind =
    typeof value === 'string'
      ? 'VALUE_STRING'
      : typeof value === 'number'
        ? Number.isInteger(value)
          ? 'VALUE_NUMBER_INT'
          : 'VALUE_NUMBER_FLOAT'
        : typeof value === 'boolean'
          ? `VALUE_${String(value).toUpperCase()}`
          : Array.isArray(value)
            ? 'START_ARRAY'
            : 'START_OBJECT'
  const shown = typeof value === 'string' ? value : JSON.stringify(value)
  return refused(
    'JSON_PARSER_ERROR',
    `Cannot deserialize instance of ${type} from ${kind} value ${shown} or request may be missing a required field at [line:1, column:1]`,
  )
}

/** What a create stores where the caller left the field out; null: nothing. */
export function defaultOf(field: FieldDefinition): unknown {
  return field.picklistValues.find((value) => value.defaultValue)?.value ?? field.defaultValue
}

/** Rows that are there and hold this value in this field. */
export function rowsWith(context: Pick<RecordContext, 'store'>, object: string, field: string, value: string): Row[] {
  return [...context.store.matching(object, field, value)].filter((row) => row.IsDeleted !== true)
}
