/** A record that was just made, as far as what was written tells: for when the CRM cannot be asked for it. Pure. */
import type { CrmRecord, DefaultFieldDescriptor, EntityKind, FieldValue } from '@backchannel/providers'

export interface WrittenRecord {
  entityName: string
  kind: EntityKind
  remoteId: string
  /** Opens it in the CRM. */
  url: string
  values: readonly FieldValue[]
  defaultFields: readonly DefaultFieldDescriptor[]
}

export function writtenRecord({ entityName, kind, remoteId, url, values, defaultFields }: WrittenRecord): CrmRecord {
  const written = (prefill: DefaultFieldDescriptor['prefill']) => {
    const field = defaultFields.find((it) => it.kind === kind && it.prefill === prefill)
    return values.find((value) => value.name === field?.name)?.value ?? null
  }
  const firstName = written('FIRST_NAME')
  const lastName = written('LAST_NAME')
  const fullName = [firstName, lastName].filter((part) => part !== null).join(' ')
  return {
    entityName,
    kind,
    remoteId,
    url,
    name: written('FULL_NAME') ?? fullName,
    phone: written('PHONE'),
    email: written('EMAIL'),
    firstName,
    lastName,
    createdAt: null,
    version: null,
    modifiedAt: null,
    company: null,
    status: null,
    accountNumber: null,
    description: null,
    isPersonAccount: false,
    account: null,
    fields: {},
  }
}
