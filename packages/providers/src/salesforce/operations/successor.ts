/**
 * What became of a record. Merging puts the record that loses into the recycle bin with `MasterRecordId` set, which only
 * `queryAll` shows and only until the bin is emptied, 15 days by default (SOAP API, `merge()`). A converted lead stays as
 * it is, refuses every change and every task, and names what it became in `ConvertedContactId` and `ConvertedAccountId`
 * (object reference, Lead).
 */
import type { Deadline } from '../../http/index.ts'
import type { RemoteReference, Successor } from '../../model/index.ts'
import type { SalesforceClient } from '../client.ts'
import { isRecordId, literal, select } from '../soql.ts'
import type { Metadata } from './describe.ts'

const telling = ['MasterRecordId', 'IsConverted', 'ConvertedContactId', 'ConvertedAccountId']

export async function findSuccessor(
  { entityName, remoteId }: RemoteReference,
  { client, metadata }: { client: SalesforceClient; metadata: Metadata },
  deadline: Deadline,
): Promise<Successor | null> {
  if (!isRecordId(remoteId)) return null
  const object = await metadata.object(entityName, deadline)
  const columns = telling.filter((name) => object?.fields.has(name))
  if (object === null || columns.length === 0) return null
  const soql = select({ columns: ['Id', ...columns], from: object.name, where: `Id = ${literal(remoteId)}` })
  const [row] = await client.queryAll('find-successor', soql, deadline)
  if (row === undefined) return null
  const { MasterRecordId: master, ConvertedContactId: contact, ConvertedAccountId: account } = row
  if (typeof master === 'string') return { how: 'MERGED', reference: { entityName, remoteId: master } }
  if (row['IsConverted'] !== true) return null
  if (typeof contact === 'string') return { how: 'CONVERTED', reference: { entityName: 'Contact', remoteId: contact } }
  if (typeof account === 'string') return { how: 'CONVERTED', reference: { entityName: 'Account', remoteId: account } }
  return null
}
