/** Transcripts as activities: created once under our key, brought up to date, closed (product.md decision 2). */
import { afterWrite, ProviderError } from '../../errors.ts'
import type { Deadline, HttpResponse } from '../../http/index.ts'
import type { ActivityChange, ActivityDraft, ActivityType, CrmActivity } from '../../model/index.ts'
import { type ActivityTable, bindRegarding, getActivityTable } from '../activities.ts'
import { type Row, readObject } from '../client.ts'
import { toRecordUrl } from '../entities.ts'
import { fromNoteText, toNoteText } from '../note-text.ts'
import { isGuid, toGuid, toQueryString } from '../odata.ts'
import { getTableMetadata, type Org } from '../org.ts'
import { demandCurrent } from './successor.ts'

/** The sentence that D-CLO-07 fixes. */
const notClosable = "the 'setstatedynamicentity' method does not support entities of type 'annotation'."

export async function fileActivity(
  org: Org,
  draft: ActivityDraft,
  deadline: Deadline,
): Promise<{ activity: CrmActivity; created: boolean }> {
  const table = await getActivityTable(org, draft.activityType, deadline)
  const key = toGuid(draft.key)
  const body: Row = {
    subject: draft.subject,
    [table.bodyField]: toStored(table, draft.body),
    ...(await bindRegarding(org, table, draft.regarding, deadline)),
  }
  await demandCurrent(org, draft.regarding, deadline)
  try {
    const activity = await patch('file-activity', org, table, key, { 'if-none-match': '*' }, body, deadline)
    return { activity, created: true }
  } catch (error) {
    if (!(error instanceof ProviderError)) throw error
    if (error.metadataDoubtful) {
      org.metadata.forget(table.logicalName)
      throw error
    }
    if (error.code === 'NOT_FOUND') throw recordGone(error)
    if (error.code !== 'CONFLICT') throw error
    // The key is derived from what is filed: who holds it is an earlier try of ours.
    const activity = await readActivity(org, table, key, deadline)
    if (activity === null) throw error
    return { activity, created: false }
  }
}

export async function findActivity(
  org: Org,
  type: ActivityType,
  remoteId: string,
  deadline: Deadline,
): Promise<CrmActivity | null> {
  if (!isGuid(remoteId)) return null
  return readActivity(org, await getActivityTable(org, type, deadline), remoteId, deadline)
}

export async function updateActivity(
  org: Org,
  type: ActivityType,
  remoteId: string,
  change: ActivityChange,
  deadline: Deadline,
): Promise<CrmActivity> {
  const table = await getActivityTable(org, type, deadline)
  if (!isGuid(remoteId)) throw activityGone()
  const closing = change.close === true ? await closedStateOf(org, table, deadline) : null
  const write = (body: Row, version: string) =>
    patch('update-activity', org, table, remoteId, { 'if-match': version }, body, deadline)
  const version = change.expectedVersion ?? '*'
  let activity: CrmActivity | null = null
  if (change.body !== undefined) {
    activity = await write({ [table.bodyField]: toStored(table, change.body) }, version)
    // Who read the text has had it replaced; closing adds nothing that could be lost.
    if (closing !== null) activity = await afterWrite(() => write(closing, '*'))
  } else if (closing !== null) {
    activity = await write(closing, version)
  }
  activity ??= await readActivity(org, table, remoteId, deadline)
  if (activity === null) throw activityGone()
  return activity
}

/** @throws ProviderError `CRM_NOT_CLOSABLE` for what has no completed state */
async function closedStateOf(org: Org, table: ActivityTable, deadline: Deadline): Promise<Row> {
  if (table.isNote) throw new ProviderError('CRM_NOT_CLOSABLE', { message: notClosable })
  const { completed } = await getTableMetadata(org, table.logicalName, deadline)
  if (completed !== null) return completed
  throw new ProviderError('CRM_NOT_CLOSABLE', { message: 'This kind of activity has no completed state.' })
}

/** Writes, and answers the activity as it is then: with the write where the CRM does that, by a second call otherwise. */
async function patch(
  operation: 'file-activity' | 'update-activity',
  org: Org,
  table: ActivityTable,
  id: string,
  condition: Record<string, string>,
  body: Row,
  deadline: Deadline,
): Promise<CrmActivity> {
  const path = `${table.setName}(${id})${toQueryString({ $select: toSelect(table) })}`
  const headers = { ...condition, prefer: 'return=representation' }
  const answer = await org.client.send({ operation, method: 'PATCH', path, headers, body }, deadline)
  const activity = await afterWrite(() =>
    answer.body === '' ? readActivity(org, table, id, deadline) : toActivity(org, table, answer),
  )
  if (activity === null) throw activityGone()
  return activity
}

async function readActivity(
  org: Org,
  table: ActivityTable,
  id: string,
  deadline: Deadline,
): Promise<CrmActivity | null> {
  const path = `${table.setName}(${id})${toQueryString({ $select: toSelect(table) })}`
  try {
    const answer = await org.client.send({ operation: 'find-activity', method: 'GET', path }, deadline)
    return toActivity(org, table, answer)
  } catch (error) {
    if (error instanceof ProviderError && error.code === 'NOT_FOUND') return null
    throw error
  }
}

function toSelect({ bodyField, hasState }: ActivityTable): string {
  return hasState ? `subject,${bodyField},statecode` : `subject,${bodyField}`
}

function toStored(table: ActivityTable, text: string): string {
  return table.isNote ? toNoteText(text) : text
}

function toActivity(org: Org, table: ActivityTable, answer: HttpResponse): CrmActivity {
  const row = readObject(answer.body)
  const text = (field: string) => (typeof row[field] === 'string' ? row[field] : null)
  const remoteId = text(table.idField) ?? ''
  const stored = text(table.bodyField) ?? ''
  return {
    remoteId,
    url: toRecordUrl(org.origin, table.logicalName, remoteId),
    subject: text('subject'),
    body: table.isNote ? fromNoteText(stored) : stored,
    // Completed or canceled; a scheduled one (3) is still open (crm-apis.md 1.7).
    closed: row.statecode === 1 || row.statecode === 2,
    version: text('@odata.etag'),
  }
}

function activityGone(): ProviderError {
  return new ProviderError('NOT_FOUND', { message: 'Dynamics 365 has no such activity any more.' })
}

/** The activity is new, so what is missing is the record that it is about. */
function recordGone(cause: ProviderError): ProviderError {
  return new ProviderError('CRM_RECORD_GONE', {
    message: 'The record does not exist in Dynamics 365 any more.',
    ...(cause.providerCode === undefined ? {} : { providerCode: cause.providerCode }),
    ...(cause.status === undefined ? {} : { status: cause.status }),
    cause,
  })
}
