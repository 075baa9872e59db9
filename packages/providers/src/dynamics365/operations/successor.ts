/**
 * What became of a record. Merging deactivates the record that loses, sets its `merged` and names the other in `masterid`
 * (Microsoft Learn, "Merge table rows using the Web API", and the column references of account, contact and lead).
 * Qualifying closes a lead with state 1 and names what was made of it in `parentcontactid` and `parentaccountid`; rows that
 * it made name the lead in `originatingleadid`. Whether every older version fills both was not confirmed, so the second is
 * asked where the first says nothing.
 */
import { ProviderError } from '../../errors.ts'
import type { Deadline } from '../../http/index.ts'
import type { RemoteReference, Successor } from '../../model/index.ts'
import { type Row, readObject, readRows } from '../client.ts'
import { standardTables } from '../entities.ts'
import { isGuid, toGuid, toQueryString } from '../odata.ts'
import type { Org } from '../org.ts'

const mergeColumns = 'merged,_masterid_value'
const columns: ReadonlyMap<string, string> = new Map([
  ['account', mergeColumns],
  ['contact', mergeColumns],
  ['lead', `${mergeColumns},statecode,_parentcontactid_value,_parentaccountid_value`],
])
const QUALIFIED = 1

export async function findSuccessor(
  org: Org,
  reference: RemoteReference,
  deadline: Deadline,
): Promise<Successor | null> {
  const row = await readFate('find-successor', org, reference, deadline)
  return row === null || row === 'GONE' ? null : successorOf(org, reference, row, deadline)
}

/**
 * Dataverse files on a merged record as on any other, where nobody would look for it: so it is looked at before the first
 * filing. That is one small request for each new activity; updates of one that is there follow it wherever it was moved.
 *
 * @throws ProviderError `CRM_RECORD_GONE` for a record that is deleted, or that another one stands for now
 */
export async function demandCurrent(org: Org, reference: RemoteReference, deadline: Deadline): Promise<void> {
  const row = await readFate('file-activity', org, reference, deadline)
  if (row === null) return
  if (row !== 'GONE' && (await successorOf(org, reference, row, deadline)) === null) return
  throw new ProviderError('CRM_RECORD_GONE', {
    message:
      row === 'GONE'
        ? 'The record does not exist in Dynamics 365 any more.'
        : 'Another record stands for this one in Dynamics 365 now: it was merged or qualified.',
  })
}

/** What the row says of itself; null where that cannot be asked, which is nobody's reason to refuse anything. */
async function readFate(
  operation: string,
  org: Org,
  { entityName, remoteId }: RemoteReference,
  deadline: Deadline,
): Promise<Row | 'GONE' | null> {
  const $select = columns.get(entityName)
  const table = standardTables.get(entityName)
  if ($select === undefined || table === undefined || !isGuid(remoteId)) return null
  const path = `${table.setName}(${toGuid(remoteId)})${toQueryString({ $select })}`
  try {
    return readObject((await org.client.send({ operation, method: 'GET', path }, deadline)).body)
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (error.code === 'NOT_FOUND' && !error.metadataDoubtful) return 'GONE'
    if (error.metadataDoubtful || error.code === 'CRM_FORBIDDEN') return null
    throw error
  }
}

async function successorOf(
  org: Org,
  { entityName, remoteId }: RemoteReference,
  row: Row,
  deadline: Deadline,
): Promise<Successor | null> {
  const master = row._masterid_value
  if (row.merged === true && typeof master === 'string') {
    return { how: 'MERGED', reference: { entityName, remoteId: master } }
  }
  if (entityName !== 'lead' || row.statecode !== QUALIFIED) return null
  for (const made of ['contact', 'account']) {
    const named = row[`_parent${made}id_value`]
    const id = typeof named === 'string' ? named : await findMadeOf(org, made, remoteId, deadline)
    if (id !== null) return { how: 'CONVERTED', reference: { entityName: made, remoteId: id } }
  }
  return null
}

/** The row of a table that names the lead as its origin; null where there is none, or the org does not tell. */
async function findMadeOf(org: Org, entityName: string, leadId: string, deadline: Deadline): Promise<string | null> {
  const table = standardTables.get(entityName)
  if (table === undefined) return null
  const query = { $select: table.idField, $filter: `_originatingleadid_value eq ${toGuid(leadId)}` }
  const [answer] = await org.client.read('find-successor', [{ path: table.setName + toQueryString(query) }], deadline)
  if (answer?.error?.metadataDoubtful || answer?.error?.code === 'CRM_FORBIDDEN') return null
  if (answer?.error) throw answer.error
  const id = readRows(answer?.body ?? '')[0]?.[table.idField]
  return typeof id === 'string' ? id : null
}
