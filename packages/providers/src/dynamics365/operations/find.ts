/** Rows by key: one HTTP request, in the order asked. */
import type { Deadline } from '../../http/index.ts'
import type { CrmRecord, RecordSelection } from '../../model/index.ts'
import { readRows } from '../client.ts'
import { annotationsPrefer, toCrmRecord, toRowShape } from '../mapper.ts'
import { equalsAnyGuid, isGuid, toGuid, toQueryString } from '../odata.ts'
import { findTable, getFields, type Org } from '../org.ts'

/** Ids per query; more of them travel as several queries of one batch. */
const idsPerQuery = 200

export async function findRecords(
  org: Org,
  entityName: string,
  remoteIds: readonly string[],
  selection: RecordSelection,
  deadline: Deadline,
): Promise<(CrmRecord | null)[]> {
  // What is no GUID is no key of a row; it must not reach the CRM (crm-apis.md 1.5).
  const ids = [...new Set(remoteIds.filter(isGuid).map(toGuid))]
  const table = ids.length === 0 ? null : await findTable(org, entityName, deadline)
  if (table === null) return remoteIds.map(() => null)
  const fields = await getFields(org, table, selection.fields, deadline)
  const shape = toRowShape({ table, selection, fields, origin: org.origin })
  const queries = Array.from({ length: Math.ceil(ids.length / idsPerQuery) }, (_, page) => {
    const $filter = equalsAnyGuid(table.idField, ids.slice(page * idsPerQuery, (page + 1) * idsPerQuery))
    const path = table.setName + toQueryString({ $select: shape.select, $filter })
    return shape.annotated ? { path, prefer: annotationsPrefer } : { path }
  })
  const records = new Map<string, CrmRecord>()
  for (const { body, error } of await org.client.read('find', queries, deadline)) {
    if (error !== null) {
      if (error.metadataDoubtful) org.metadata.forget(entityName)
      if (error.code === 'NOT_FOUND') continue
      throw error
    }
    for (const row of readRows(body)) {
      const record = toCrmRecord(row, shape)
      records.set(record.remoteId.toLowerCase(), record)
    }
  }
  return remoteIds.map((id) => records.get(id.toLowerCase()) ?? null)
}
