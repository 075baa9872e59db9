/** Whether one value fits one field (ruling 21 says how values are written). Pure. */
import type { FieldType, FieldValue, RemoteReference } from '@backchannel/providers'
import { decodeLookupOption } from './lookup-option.ts'

export interface ValueRules {
  readonly name: string
  readonly label: string
  readonly type: FieldType
  readonly multiple: boolean
  /** In characters. */
  readonly maxLength: number | null
  readonly minimum: number | null
  readonly maximum: number | null
  /** Digits behind the decimal point. */
  readonly precision: number | null
  readonly options: readonly { value: string; label: string }[]
  readonly restricted: boolean
  /** LOOKUP: names of the entity types that it may point to. */
  readonly targets: readonly string[]
}

export interface GivenValue {
  value?: string | null | undefined
  values?: readonly string[] | null | undefined
}

/** `value` null and no fault: nothing was given. */
export function checkValue(rules: ValueRules, given: GivenValue): { value: FieldValue | null; fault: string | null } {
  const texts = (rules.multiple ? (given.values ?? (given.value ? [given.value] : [])) : [given.value ?? '']).map(
    (it) => it.trim(),
  )
  if (!rules.multiple && given.values && given.values.length > 0) {
    return { value: null, fault: `${rules.label} takes one value: give it in "value".` }
  }
  const filled = texts.filter((text) => text !== '')
  if (filled.length === 0) return { value: null, fault: null }
  for (const text of filled) {
    const fault = checkText(rules, text)
    if (fault !== null) return { value: null, fault }
  }
  const { name, type, multiple } = rules
  const [value = null] = filled
  const reference = type === 'LOOKUP' && value !== null ? decodeLookupOption(value) : null
  return {
    value: {
      name,
      type,
      value: multiple || reference !== null ? null : value,
      values: multiple ? filled : null,
      reference,
    },
    fault: null,
  }
}

/** Whether a look-up may point there. */
export function pointsTo({ targets }: Pick<ValueRules, 'targets'>, reference: RemoteReference): boolean {
  return targets.includes(reference.entityName)
}

function checkText(rules: ValueRules, text: string): string | null {
  const { label, options, restricted, maxLength } = rules
  if (rules.type === 'LOOKUP') return checkLookup(rules, text)
  if (options.length > 0 && restricted && !options.some((option) => option.value === text)) {
    return `${label} must be one of its options, by value: ${listed(options)}.`
  }
  const shape = shapes[rules.type]
  if (shape && !shape.valid(text)) return `${label} must be ${shape.words}.`
  // For numbers too: what counts is what was typed.
  if (maxLength !== null && text.length > maxLength) {
    return `${label} is too long: ${text.length} characters, and it takes ${maxLength}.`
  }
  return isNumber(rules.type) ? checkNumber(rules, text) : null
}

/** So many options at most are named. */
const mostListed = 10

function listed(options: ValueRules['options']): string {
  const named = options
    .slice(0, mostListed)
    .map(({ label, value }) => (label === value ? value : `${value} (${label})`))
    .join(', ')
  return options.length > mostListed ? `${named} and more` : named
}

function checkLookup(rules: ValueRules, text: string): string | null {
  const reference = decodeLookupOption(text)
  if (reference === null) return `${rules.label} must be chosen: give the value of an option that lookupRecords found.`
  return pointsTo(rules, reference) ? null : `${rules.label} cannot point to such a record.`
}

const isNumber = (type: FieldType) => type === 'WHOLE_NUMBER' || type === 'CURRENCY' || type === 'DECIMAL'

function checkNumber({ label, minimum, maximum, precision }: ValueRules, text: string): string | null {
  const number = Number(text)
  if (minimum !== null && number < minimum) return `${label} must be at least ${minimum}.`
  if (maximum !== null && number > maximum) return `${label} must be at most ${maximum}.`
  const decimals = text.split('.')[1]?.length ?? 0
  if (precision !== null && decimals > precision) return `${label} takes ${precision} digits behind the dot.`
  return null
}

function isDay(text: string): boolean {
  const match = /^(\d{4})-(\d{2})-(\d{2})$/.exec(text)
  // A day that does not exist (30 February) comes back as another one.
  return match !== null && !Number.isNaN(Date.parse(text)) && new Date(text).toISOString().startsWith(text)
}

const isMoment = (text: string) =>
  /^\d{4}-\d{2}-\d{2}T\d{2}:\d{2}(:\d{2}(\.\d+)?)?(Z|[+-]\d{2}:\d{2})$/.test(text) &&
  isDay(text.slice(0, 10)) &&
  !Number.isNaN(Date.parse(text))

const shapes: Partial<Record<FieldType, { valid: (text: string) => boolean; words: string }>> = {
  WHOLE_NUMBER: { valid: (text) => /^-?\d{1,15}$/.test(text), words: 'a whole number, such as 42' },
  CURRENCY: { valid: (text) => /^-?\d{1,15}(\.\d+)?$/.test(text), words: 'an amount, such as 1250.50' },
  DECIMAL: { valid: (text) => /^-?\d{1,15}(\.\d+)?$/.test(text), words: 'a number, such as 12.5' },
  DATE: { valid: isDay, words: 'a day, such as 2026-01-31' },
  DATE_TIME: { valid: isMoment, words: 'a moment with its time zone, such as 2026-01-31T14:05:00Z' },
  TWO_OPTIONS: { valid: (text) => text === 'true' || text === 'false', words: '"true" or "false"' },
  EMAIL: { valid: (text) => /^[^\s@]+@[^\s@]+\.[^\s@]+$/.test(text), words: 'an e-mail address' },
}
