/** Rows by key: one query for up to 200 ids, answered in the order asked. */
import { ProviderError } from '../../errors.ts'
import type { Deadline } from '../../http/index.ts'
import type { CrmRecord, RecordSelection } from '../../model/index.ts'
import type { SalesforceClient } from '../client.ts'
import { planRead } from '../mapper.ts'
import type { ObjectMetadata } from '../metadata.ts'
import { isRecordId, literals, select } from '../soql.ts'
import type { Metadata } from './describe.ts'

const idsPerQuery = 200
/** A field that we do not know may be new; it is looked for again when what we know is older than this. */
const newFieldAfterMs = 10_000

export interface FindParts {
  client: SalesforceClient
  metadata: Metadata
  instanceUrl: () => string
}

/** Ids have 15 characters that tell case, or 18 of which the last three are a checksum (crm-apis.md 2.4). */
const keyOf = (remoteId: string) => remoteId.slice(0, 15)

async function objectFor(
  entityName: string,
  selection: RecordSelection,
  { metadata }: FindParts,
  deadline: Deadline,
): Promise<ObjectMetadata | null> {
  const object = await metadata.object(entityName, deadline)
  if (object !== null && selection.fields.every((field) => object.fields.has(field))) return object
  return metadata.newerThan(newFieldAfterMs, entityName, deadline)
}

async function readPages(
  object: ObjectMetadata,
  ids: readonly string[],
  selection: RecordSelection,
  { client, instanceUrl }: FindParts,
  deadline: Deadline,
): Promise<CrmRecord[]> {
  const plan = planRead(object, selection, { instanceUrl: instanceUrl() })
  const pages: string[][] = []
  for (let at = 0; at < ids.length; at += idsPerQuery) pages.push(ids.slice(at, at + idsPerQuery))
  const rows = await Promise.all(
    pages.map((page) => {
      const soql = select({ columns: plan.columns, from: object.name, where: `Id IN ${literals(page)}` })
      return client.query('find', soql, deadline)
    }),
  )
  return rows.flat().map((row) => plan.toRecord(row))
}

/**
 * Asks once more where the org has lost a field that we thought it has.
 * @throws ProviderError CRM_REJECTED which names the asked fields that the org does not have
 */
export async function findRecords(
  entityName: string,
  remoteIds: readonly string[],
  selection: RecordSelection,
  parts: FindParts,
  deadline: Deadline,
): Promise<(CrmRecord | null)[]> {
  const object = await objectFor(entityName, selection, parts, deadline)
  if (object === null) return remoteIds.map(() => null)
  const ids = [...new Set(remoteIds.filter(isRecordId))]
  const records = await readPages(object, ids, selection, parts, deadline).catch(async (error: unknown) => {
    if (!(error instanceof ProviderError) || !error.metadataDoubtful) throw error
    const reread = await parts.metadata.newerThan(0, entityName, deadline)
    return reread === null ? [] : readPages(reread, ids, selection, parts, deadline)
  })
  const found = new Map(records.map((record) => [keyOf(record.remoteId), record]))
  return remoteIds.map((remoteId) => (isRecordId(remoteId) ? (found.get(keyOf(remoteId)) ?? null) : null))
}
