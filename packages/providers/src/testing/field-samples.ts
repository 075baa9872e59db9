/** Values for fields of every type, to be written, read back and looked for. */
import type { FieldDescriptor, FieldValue, RemoteReference } from '../model/index.ts'
import { freshWord } from './session.ts'

/** Fields that a test may write anything into. */
export function isFree(field: FieldDescriptor, contactEntity: string): boolean {
  if (!field.writable) return false
  if (field.type === 'LOOKUP') return field.targets.includes(contactEntity)
  if (field.type === 'TEXT') return field.maxLength !== null && field.maxLength >= 20
  if (field.type === 'OPTION_SET' || field.type === 'MULTI_OPTION_SET') return field.options.length > 0
  return field.type !== 'STATUS_REASON'
}

export function sample(field: FieldDescriptor, target: RemoteReference): FieldValue {
  const base = { name: field.name, type: field.type, value: null, values: null, reference: null }
  switch (field.type) {
    case 'WHOLE_NUMBER':
      return { ...base, value: String(Math.max(field.minimum ?? 0, 7)) }
    case 'CURRENCY':
    case 'DECIMAL':
      return { ...base, value: field.precision === 0 ? '12' : '12.5' }
    case 'DATE':
      return { ...base, value: '2024-01-31' }
    case 'DATE_TIME':
      return { ...base, value: '2024-01-31T10:00:00Z' }
    case 'TWO_OPTIONS':
      return { ...base, value: 'true' }
    case 'OPTION_SET':
      return { ...base, value: field.options[0]?.value ?? '' }
    case 'MULTI_OPTION_SET':
      return { ...base, values: field.options.slice(0, 2).map(({ value }) => value) }
    case 'LOOKUP':
      return { ...base, reference: target }
    default:
      return { ...base, value: freshWord().slice(0, 20) }
  }
}

/** A value that no search for the sample may find. */
export function otherSample(field: FieldDescriptor, target: RemoteReference): FieldValue {
  const base = sample(field, target)
  switch (field.type) {
    case 'WHOLE_NUMBER':
    case 'CURRENCY':
    case 'DECIMAL':
      return { ...base, value: '9' }
    case 'DATE':
      return { ...base, value: '2024-02-01' }
    case 'DATE_TIME':
      return { ...base, value: '2024-02-01T00:00:00Z' }
    case 'TWO_OPTIONS':
      return { ...base, value: 'false' }
    case 'OPTION_SET':
      return { ...base, value: field.options[1]?.value ?? '' }
    case 'MULTI_OPTION_SET':
      return { ...base, values: field.options.slice(1, 3).map(({ value }) => value) }
    default:
      return base
  }
}

/** What an agent types to find the sample; `targetName` is the name of the row that a lookup points to. */
export function termOf(field: FieldDescriptor, { value, values }: FieldValue, targetName: string): string {
  const labelOf = (option: string | null | undefined) => field.options.find((one) => one.value === option)?.label ?? ''
  switch (field.type) {
    case 'OPTION_SET':
      return labelOf(value).toUpperCase()
    case 'MULTI_OPTION_SET':
      return labelOf(values?.[0])
    case 'DATE_TIME':
      return value?.slice(0, 10) ?? ''
    case 'TWO_OPTIONS':
      return 'yes'
    case 'LOOKUP':
      return targetName
    default:
      return value ?? ''
  }
}
