/** Values of a payload, checked against their column as the server does on write (crm-apis.md 1.9). */
import { badPayload, DataverseError } from '../errors.ts'
import type { Attribute, Entity } from '../schema/index.ts'
import { guidPattern, toDateTime } from '../values.ts'

/** The value as it is kept. An empty text is kept as nothing. */
export function toKept(value: unknown, attribute: Attribute, entity: Entity): string | number | boolean | null {
  if (value === null) return null
  const { definition } = attribute
  switch (definition.type) {
    case 'String':
    case 'Memo':
      if (typeof value !== 'string') return wrongType(value, attribute, entity)
      if (value.length > definition.maxLength) throw tooLong(attribute, entity, definition.maxLength)
      return value === '' ? null : value
    case 'Integer':
      return inRange(toInteger(value, attribute, entity), attribute, entity, definition, '0x8004432f')
    case 'BigInt':
      return typeof value === 'number' && Number.isSafeInteger(value) ? value : wrongType(value, attribute, entity)
    case 'Decimal':
    case 'Double':
    case 'Money': {
      if (typeof value !== 'number') return wrongType(value, attribute, entity)
      const rounded = Number(value.toFixed(definition.precision))
      return inRange(rounded, attribute, entity, definition, '0x80044330')
    }
    case 'Boolean':
      return typeof value === 'boolean' ? value : wrongType(value, attribute, entity)
    case 'Picklist':
    case 'State':
    case 'Status': {
      const chosen = toInteger(value, attribute, entity)
      if (!definition.options.some((option) => option.value === chosen)) throw notAnOption(chosen, attribute, entity)
      return chosen
    }
    case 'MultiSelectPicklist':
      if (typeof value !== 'string') return wrongType(value, attribute, entity)
      return toChoices(value, attribute, entity, definition.options)
    case 'DateTime':
      return toTime(value, definition.dateOnly ?? false) ?? wrongType(value, attribute, entity)
    case 'Uniqueidentifier':
      return typeof value === 'string' && guidPattern.test(value)
        ? value.toLowerCase()
        : wrongType(value, attribute, entity)
    case 'Lookup':
    case 'Customer':
    case 'Owner':
      throw badPayload(
        entity.setName,
        'Microsoft.OData.ODataException: CRM do not support direct update of Entity Reference properties, Use Navigation properties instead.',
      )
  }
}

function toInteger(value: unknown, attribute: Attribute, entity: Entity): number {
  if (typeof value !== 'number' || !Number.isInteger(value) || Math.abs(value) > 2_147_483_647) {
    return wrongType(value, attribute, entity)
  }
  return value
}

function toTime(value: unknown, dateOnly: boolean): string | undefined {
  if (typeof value !== 'string') return undefined
  const shape = dateOnly ? /^\d{4}-\d\d-\d\d$/ : /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d+)?)?(Z|[+-]\d\d:\d\d)$/
  const time = shape.test(value) ? toDateTime(value) : undefined
  return dateOnly ? time?.slice(0, 10) : time
}

function toChoices(
  value: string,
  attribute: Attribute,
  entity: Entity,
  options: readonly { value: number }[],
): string | null {
  const chosen = value
    .split(',')
    .map((part) => part.trim())
    .filter((part) => part !== '')
  for (const part of chosen) {
    if (!options.some((option) => String(option.value) === part)) throw notAnOption(part, attribute, entity)
  }
  return chosen.length === 0 ? null : [...new Set(chosen)].sort((a, b) => Number(a) - Number(b)).join(',')
}

function inRange(
  value: number,
  attribute: Attribute,
  entity: Entity,
  { min, max }: { min: number; max: number },
  code: string,
): number {
  if (value >= min && value <= max) return value
  throw new DataverseError(
    400,
    code,
    `A validation error occurred. The value ${value} of '${attribute.name}' on record of type '${entity.name}' is outside the valid range. Accepted Values: ${min} to ${max}`,
  )
}

function wrongType(value: unknown, attribute: Attribute, entity: Entity): never {
  const literal = typeof value === 'string' ? value : JSON.stringify(value)
  throw badPayload(
    entity.setName,
    `Microsoft.OData.ODataException: Cannot convert the literal '${literal}' to the expected type '${attribute.edm}'.`,
  )
}

function tooLong(attribute: Attribute, entity: Entity, maxLength: number): DataverseError {
  return new DataverseError(
    400,
    '0x80044331',
    `A validation error occurred.  The length of the '${attribute.name}' attribute of the '${entity.name}' entity exceeded the maximum allowed length of '${maxLength}'.`,
  )
}

function notAnOption(value: unknown, attribute: Attribute, entity: Entity): DataverseError {
  const accepted =
    'options' in attribute.definition ? attribute.definition.options.map((option) => option.value).join(',') : ''
  return new DataverseError(
    400,
    '0x8004431A',
    `A validation error occurred. The value ${String(value)} of '${attribute.name}' on record of type '${entity.name}' is outside the valid range. Accepted Values: ${accepted}`,
  )
}
