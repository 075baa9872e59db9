/** Inputs of values, filters and look-ups, as they are kept. */
import type { FieldFilter, LookupSpec, LookupValue } from '../../integrations/settings.ts'
import { text } from './edit.ts'

type Given<T> = T | null | undefined

export interface FieldFilterInput {
  field: string
  value: string
  relatedEntity?: Given<string>
}

export interface LookupSpecInput {
  relatedEntity: string
  searchFields?: Given<readonly string[]>
  displayField?: Given<string>
  filter?: Given<FieldFilterInput>
}

export interface LookupValueInput {
  entityName: string
  remoteId: string
  /** As it was called, where that is known. */
  name?: Given<string>
}

export interface ValueInput {
  value?: Given<string>
  values?: Given<readonly string[]>
  lookupValue?: Given<LookupValueInput>
  label?: Given<string>
  lookup?: Given<LookupSpecInput>
}

export function valueSetting(input: ValueInput, before: { lookupValue: LookupValue | null } | null) {
  return {
    value: text(input.value),
    values: input.values && input.values.length > 0 ? input.values.map((it) => it.trim()) : null,
    lookupValue: input.lookupValue ? lookupValue(input.lookupValue, before?.lookupValue ?? null) : null,
    label: text(input.label),
    lookup: input.lookup ? lookupSpec(input.lookup) : null,
  }
}

/** Until the CRM was asked, a record goes by the name that it is given, or by its key. */
function lookupValue(input: LookupValueInput, before: LookupValue | null): LookupValue {
  const [entityName, remoteId] = [input.entityName.trim(), input.remoteId.trim()]
  if (before?.entityName === entityName && before.remoteId === remoteId) return before
  return { entityName, remoteId, name: text(input.name) ?? remoteId }
}

function lookupSpec(input: LookupSpecInput): LookupSpec {
  return {
    relatedEntity: input.relatedEntity.trim(),
    searchFields: (input.searchFields ?? []).map((name) => name.trim()).filter((name) => name !== ''),
    displayField: text(input.displayField),
    filter: input.filter ? fieldFilter(input.filter) : null,
  }
}

export function fieldFilter(input: FieldFilterInput): FieldFilter {
  return { field: input.field.trim(), value: input.value.trim(), relatedEntity: text(input.relatedEntity) }
}
