import { useQuery } from 'urql'
import type { FieldType, FieldTypes_TypeFragment } from '../../graphql/generated/graphql.ts'
import { graphql, readFragment } from '../../graphql/generated/index.ts'
import { useSettings } from './settings-context.ts'

const FieldTypes_Type = graphql(`
  fragment FieldTypes_Type on FieldTypeDescriptor { type label inExport maxLength }
`)

const FieldTypes_Query = graphql(`
  query FieldTypes_Query { providers { provider fieldTypes { ...FieldTypes_Type } } }
`)

const none: readonly FieldTypes_TypeFragment[] = []

/** The types that a field of the settings may have, as this CRM calls them. */
export function useFieldTypes(): readonly FieldTypes_TypeFragment[] {
  const { integration } = useSettings()
  const [{ data }] = useQuery({ query: FieldTypes_Query })
  const provider = data?.providers.find((it) => it.provider === integration.provider)
  return readFragment(FieldTypes_Type, provider?.fieldTypes) ?? none
}

/** Types that fields of an org have and none of the settings. */
const otherTypes: Partial<Record<FieldType, string>> = {
  DECIMAL: 'Decimal number',
  DATE_TIME: 'Date and time',
  WHOLE_NUMBER: 'Whole number',
  STATUS_REASON: 'Status reason',
  OTHER: 'Other',
}

/** What people call a type, in the words of this CRM. */
export function useTypeName(): (type: FieldType) => string {
  const types = useFieldTypes()
  return (type) => types.find((it) => it.type === type)?.label ?? otherTypes[type] ?? type.toLowerCase()
}

/** The type of a setting for a field that the org has; null: a setting cannot have such a field. */
export function settingTypeFor(type: FieldType, types: readonly { type: FieldType }[]): FieldType | null {
  const fitting = [type, ...(standIns[type] ?? [])]
  return fitting.find((it) => types.some((setting) => setting.type === it)) ?? null
}

const standIns: Partial<Record<FieldType, readonly FieldType[]>> = {
  DATE_TIME: ['DATE'],
  DECIMAL: ['CURRENCY', 'WHOLE_NUMBER'],
  EMAIL: ['TEXT'],
  MULTILINE_TEXT: ['TEXT'],
  PHONE: ['TEXT'],
  STATUS_REASON: ['OPTION_SET'],
  URL: ['TEXT'],
  WHOLE_NUMBER: ['CURRENCY'],
}
