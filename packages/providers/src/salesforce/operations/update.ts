/** Changing fields of a record that is there. */
import { ProviderError } from '../../errors.ts'
import type { Deadline } from '../../http/index.ts'
import type { RecordChange, RemoteReference } from '../../model/index.ts'
import { apiRoot, type SalesforceClient } from '../client.ts'
import { isRecordId, name } from '../soql.ts'
import { toRowBody } from '../values.ts'

/** @throws ProviderError NOT_FOUND where the row is gone: a PATCH by Id never creates one */
export async function updateRecord(
  reference: RemoteReference,
  { values }: RecordChange,
  client: SalesforceClient,
  deadline: Deadline,
): Promise<void> {
  if (!isRecordId(reference.remoteId)) {
    throw new ProviderError('NOT_FOUND', { message: 'There is no such record in Salesforce.' })
  }
  const body = toRowBody(values)
  if (values.length === 0) return
  const path = `${apiRoot}/sobjects/${name(reference.entityName)}/${reference.remoteId}`
  await client.call({ operation: 'update', method: 'PATCH', path, effect: 'WRITE', body }, deadline)
}
