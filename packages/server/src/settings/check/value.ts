/** Whether the constant or the filter value of a setting is one of its type (ruling 21). */
import type { FieldDescriptor } from '@backchannel/providers'
import type { SettingFieldType } from '../../integrations/settings.ts'
import { checkValue, type GivenValue, type ValueRules } from '../../records/field-value.ts'

const unbounded: Omit<ValueRules, 'type' | 'multiple'> = {
  name: '',
  label: 'The value',
  maxLength: null,
  minimum: null,
  maximum: null,
  precision: null,
  options: [],
  restricted: false,
  targets: [],
}

/** By its type alone. Whether a date has a time is the CRM's to say. */
export function checkValueShape(type: SettingFieldType, given: GivenValue): string | null {
  if (type === 'LOOKUP') return null
  const faultOf = (asked: SettingFieldType) =>
    checkValue({ ...unbounded, type: asked, multiple: asked === 'MULTI_OPTION_SET' }, given).fault
  const fault = faultOf(type)
  if (type === 'DATE' && fault !== null) return faultOf('DATE_TIME') && fault
  if (type === 'DATE_TIME' && fault !== null) return faultOf('DATE') && fault
  return fault
}

/** By what the CRM says of the field. */
export function checkValueOf(field: FieldDescriptor, given: GivenValue): string | null {
  if (field.type === 'LOOKUP') return null
  if (field.type === 'DATE' || field.type === 'DATE_TIME') return checkValueShape(field.type, given)
  return checkValue({ ...field, label: 'The value', multiple: field.type === 'MULTI_OPTION_SET' }, given).fault
}
