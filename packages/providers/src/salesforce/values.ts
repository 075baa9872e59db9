/** Neutral values on their way into a row: text by ruling 21, as the JSON that Salesforce expects (crm-apis.md 3.2). */
import { ProviderError, type ProviderFieldError } from '../errors.ts'
import type { FieldType, FieldValue } from '../model/index.ts'
import { name } from './soql.ts'

export type JsonValue = string | number | boolean | null

const numberTypes: ReadonlySet<FieldType> = new Set(['WHOLE_NUMBER', 'DECIMAL', 'CURRENCY'])
/** Salesforce numbers have 18 digits at most. */
const plainNumber = /^-?\d{1,18}(?:\.\d{1,18})?$/
const wholeNumber = /^-?\d{1,18}$/
const plainDate = /^\d{4}-\d{2}-\d{2}$/
const isDay = (text: string) =>
  plainDate.test(text) && new Date(`${text}T00:00:00Z`).toJSON()?.startsWith(text) === true
const dateTimeWithZone = /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?(?:Z|[+-]\d{2}:?\d{2})$/

/** The JSON of one value, or why it is none. */
function toJson(field: FieldValue): { json: JsonValue } | { problem: string } {
  if (field.type === 'LOOKUP') return { json: field.reference?.remoteId ?? null }
  if (field.values !== null) return { json: field.values.length === 0 ? null : field.values.join(';') }
  const { value } = field
  if (value === null || value === '') return { json: null }
  if (field.type === 'TWO_OPTIONS') {
    if (value !== 'true' && value !== 'false') return { problem: 'This must be true or false.' }
    return { json: value === 'true' }
  }
  if (numberTypes.has(field.type)) {
    const pattern = field.type === 'WHOLE_NUMBER' ? wholeNumber : plainNumber
    return pattern.test(value) ? { json: Number(value) } : { problem: 'This must be a number such as 1234.5.' }
  }
  if (field.type === 'DATE' && !isDay(value)) return { problem: 'This must be a date such as 2026-01-31.' }
  if (field.type === 'DATE_TIME' && (!dateTimeWithZone.test(value) || !isDay(value.slice(0, 10)))) {
    return { problem: 'This must be a date and time with a zone, such as 2026-01-31T10:00:00Z.' }
  }
  return { json: value }
}

/**
 * A row's body of these values.
 * @throws ProviderError CRM_REJECTED, before anything is sent, that names each value which is not of its type
 */
export function toRowBody(values: readonly FieldValue[]): Record<string, JsonValue> {
  const body: Record<string, JsonValue> = {}
  const faults: ProviderFieldError[] = []
  for (const field of values) {
    const converted = toJson(field)
    if ('problem' in converted) faults.push({ name: field.name, message: converted.problem })
    else body[name(field.name)] = converted.json
  }
  if (faults.length === 0) return body
  throw new ProviderError('CRM_REJECTED', {
    message: `These values are not of the type that Salesforce expects: ${faults.map(({ name }) => name).join(', ')}.`,
    fields: faults,
  })
}
