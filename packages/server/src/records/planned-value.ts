/** Values that nobody gives by hand: constants of the admin's, and chat variables. Pure. */
import type { FieldDescriptor, FieldType, FieldValue } from '@backchannel/providers'
import type { BackendField, ExportField } from '../integrations/settings.ts'
import type { PlanNote, PlannedValue, ValueOrigin } from '../plans/plan.ts'
import { cutText } from '../shared/cut-text.ts'
import { checkValue, pointsTo } from './field-value.ts'
import { rulesOf } from './form-field.ts'

type Planned = { value: PlannedValue; notes: readonly PlanNote[] } | { value: null; notes: readonly PlanNote[] }

/** What the admin fixed; nothing and a note, where the org does not take it any more. */
export function planConstant(
  found: FieldDescriptor,
  setting: ExportField | BackendField,
  origin: ValueOrigin,
  keepExisting: boolean,
): Planned {
  const rules = rulesOf(found, found.label)
  const settingId = origin.settingId
  const refuse = (fault: string): Planned => ({
    value: null,
    notes: [{ code: 'VALUE_UNFIT', text: `${found.label} is left out. ${fault}`, settingId }],
  })
  const plan = (write: FieldValue): Planned => ({ value: toPlanned(found, write, origin, keepExisting), notes: [] })
  if (found.type === 'LOOKUP') {
    const { lookupValue } = setting
    if (lookupValue === null) return refuse('Its setting names no record.')
    if (!pointsTo(rules, lookupValue)) return refuse(`${found.label} cannot point to such a record.`)
    const { entityName, remoteId } = lookupValue
    const reference = { entityName, remoteId }
    return plan({ name: found.name, type: found.type, value: null, values: null, reference })
  }
  const value = setting.value === null ? null : ofDateType(setting.value, found.type)
  const { value: write, fault } = checkValue(rules, { value, values: rules.multiple ? setting.values : null })
  if (fault !== null) return refuse(fault)
  return write === null ? { value: null, notes: [] } : plan(write)
}

/** What the chat product knows, made into the type of the CRM's field; nothing and a note, where that cannot be. */
export function planVariable(
  found: FieldDescriptor,
  variable: { name: string; value: string },
  origin: ValueOrigin,
): Planned {
  const rules = rulesOf(found, found.label)
  const settingId = origin.settingId
  const trimmed = variable.value.trim()
  const isText = textTypes.has(found.type)
  const { maxLength } = found
  const cut = isText && maxLength !== null && trimmed.length > maxLength
  const text = cut ? cutText(trimmed, maxLength) : coerce(found, trimmed)
  const { value: write, fault } = checkValue(rules, rules.multiple ? { values: text.split(';') } : { value: text })
  if (fault !== null) {
    const reason = `The chat variable ${variable.name} does not fit it: ${fault}`
    return {
      value: null,
      notes: [{ code: 'VARIABLE_UNFIT', text: `${found.label} is left out. ${reason}`, settingId }],
    }
  }
  if (write === null) return { value: null, notes: [] }
  const notes = cut
    ? [
        {
          code: 'VALUE_CUT',
          text: `${found.label} was cut to the ${found.maxLength} characters that it takes.`,
          settingId,
        },
      ]
    : []
  return { value: toPlanned(found, write, origin, false), notes }
}

export function toPlanned(
  { name, label, type }: Pick<FieldDescriptor, 'name' | 'label' | 'type'>,
  write: FieldValue,
  origin: ValueOrigin,
  keepExisting: boolean,
): PlannedValue {
  return { name, label, type, write, origin, keepExisting }
}

const textTypes: ReadonlySet<FieldType> = new Set(['TEXT', 'MULTILINE_TEXT', 'PHONE', 'URL'])

/** A day for a field of moments and the other way round: metadata decides. */
function ofDateType(text: string, type: FieldType): string {
  if (type === 'DATE_TIME' && /^\d{4}-\d{2}-\d{2}$/.test(text)) return `${text}T00:00:00Z`
  if (type === 'DATE' && /^\d{4}-\d{2}-\d{2}T/.test(text)) return text.slice(0, 10)
  return text
}

const yes = ['true', 'yes', 'y', '1', 'on']
const no = ['false', 'no', 'n', '0', 'off']

/** Text of the chat product, as ruling 21 writes it; what cannot be understood stays as it is, to be refused. */
function coerce({ type, options }: FieldDescriptor, text: string): string {
  const lower = text.toLowerCase()
  switch (type) {
    case 'TWO_OPTIONS':
      return yes.includes(lower) ? 'true' : no.includes(lower) ? 'false' : text
    case 'WHOLE_NUMBER':
    case 'CURRENCY':
    case 'DECIMAL':
      // Grouping as in 1,250.50: a comma before three digits.
      return text.replaceAll(/,(?=\d{3}(\D|$))/g, '')
    case 'DATE':
    case 'DATE_TIME':
      return ofDateType(text, type)
    case 'OPTION_SET':
    case 'STATUS_REASON':
      return optionOf(options, lower) ?? text
    case 'MULTI_OPTION_SET':
      return text
        .split(/[;,]/)
        .map((part) => optionOf(options, part.trim().toLowerCase()) ?? part.trim())
        .join(';')
    default:
      return text
  }
}

/** By value or, as people say it, by label. */
function optionOf(options: FieldDescriptor['options'], lower: string): string | null {
  const named = (key: 'value' | 'label') => options.find((option) => option[key].toLowerCase() === lower)
  return (named('value') ?? named('label'))?.value ?? null
}
