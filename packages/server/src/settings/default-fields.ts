/** The built-in fields that can be switched, as their vendor describes them. */
import { type DefaultFieldDescriptor, type ProviderKey, providerDefinitions } from '@backchannel/providers'
import type { DefaultFieldSnapshot } from '../integrations/settings.ts'

type Named = Pick<DefaultFieldSnapshot, 'kind' | 'name'>

/** Null where the vendor does not have it any more. */
export function describeDefaultField(provider: ProviderKey, field: Named): DefaultFieldDescriptor | null {
  const { defaultFields } = providerDefinitions[provider].descriptor
  return defaultFields.find(({ kind, name }) => kind === field.kind && name === field.name) ?? null
}

/** In the order of the form; what the vendor does not have any more is left out. */
export function inFormOrder<Field extends Named>(provider: ProviderKey, fields: readonly Field[]): Field[] {
  return providerDefinitions[provider].descriptor.defaultFields.flatMap(
    ({ kind, name }) => fields.find((field) => field.kind === kind && field.name === name) ?? [],
  )
}
