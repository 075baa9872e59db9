/** Changes to rows that exist. */
import { ProviderError } from '../../errors.ts'
import type { Deadline } from '../../http/index.ts'
import type { RecordChange, RemoteReference } from '../../model/index.ts'
import { isGuid } from '../odata.ts'
import { getSetNames, getTableMetadata, type Org } from '../org.ts'
import { toRow } from '../values.ts'

export async function updateRecord(
  org: Org,
  { entityName, remoteId }: RemoteReference,
  { values, expectedVersion }: RecordChange,
  deadline: Deadline,
): Promise<void> {
  if (!isGuid(remoteId)) throw new ProviderError('NOT_FOUND', { message: 'Dynamics 365 has no such record.' })
  const metadata = await getTableMetadata(org, entityName, deadline)
  const body = toRow(values, metadata, await getSetNames(org, values, deadline), 'UPDATE')
  const path = `${metadata.setName}(${remoteId})`
  // Without the header a PATCH to a row that is gone would create one (crm-apis.md 1.9).
  const headers = { 'if-match': expectedVersion ?? '*' }
  try {
    await org.client.send({ operation: 'update', method: 'PATCH', path, headers, body }, deadline)
  } catch (error) {
    if (error instanceof ProviderError && error.metadataDoubtful) org.metadata.forget(entityName)
    throw error
  }
}
