/** The value of a look-up (ruling 21): opaque to callers, the entity type and key of the record that is pointed to. Pure. */
import type { RemoteReference } from '@backchannel/providers'
import { decodeId, encodeId } from '../shared/global-id.ts'

const typename = 'LookupOption'

export const encodeLookupOption = ({ entityName, remoteId }: RemoteReference) =>
  encodeId(typename, `${entityName}:${remoteId}`)

/** Null for text that is none. */
export function decodeLookupOption(value: string): RemoteReference | null {
  const [entityName, remoteId, ...rest] = decodeId(typename, value)?.split(':') ?? []
  return entityName && remoteId && rest.length === 0 ? { entityName, remoteId } : null
}
