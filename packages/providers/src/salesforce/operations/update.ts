/** Changing fields of a record that is there. */
import { ProviderError } from '../../errors.ts'
import type { Deadline } from '../../http/index.ts'
import type { RecordChange, RemoteReference } from '../../model/index.ts'
import { apiRoot, type SalesforceClient } from '../client.ts'
import { ifUnmodifiedSince } from '../conditional.ts'
import { isRecordId, name } from '../soql.ts'
import { toRowBody } from '../values.ts'
import type { Metadata } from './describe.ts'

/**
 * Duplicate rules are let pass: the row is there already, and who could choose another one is not asked. Dynamics does not
 * look for duplicates of a changed row either unless it is told to (crm-apis.md 1.3).
 *
 * @throws ProviderError NOT_FOUND where the row is gone: a PATCH by Id never creates one; CONFLICT where it has changed
 * since `expectedVersion`, by whole seconds (crm-apis.md 2.10)
 */
export async function updateRecord(
  reference: RemoteReference,
  { values, expectedVersion }: RecordChange,
  { client, metadata }: { client: SalesforceClient; metadata: Metadata },
  deadline: Deadline,
): Promise<void> {
  if (!isRecordId(reference.remoteId)) {
    throw new ProviderError('NOT_FOUND', { message: 'There is no such record in Salesforce.' })
  }
  const body = toRowBody(values)
  if (values.length === 0) return
  const headers = { 'sforce-duplicate-rule-header': 'allowSave=true', ...ifUnmodifiedSince(expectedVersion) }
  const path = `${apiRoot}/sobjects/${name(reference.entityName)}/${reference.remoteId}`
  try {
    await client.call({ operation: 'update', method: 'PATCH', path, effect: 'WRITE', body, headers }, deadline)
  } catch (error) {
    if (error instanceof ProviderError && error.metadataDoubtful) metadata.forget(reference.entityName)
    throw error
  }
}
