/** The tables that transcripts are filed in, and how they point to a record (crm-apis.md 1.9, 1.10). */
import { ProviderError } from '../errors.ts'
import type { Deadline } from '../http/index.ts'
import type { ActivityType, RemoteReference } from '../model/index.ts'
import { standardTables } from './entities.ts'
import { isGuid } from './odata.ts'
import { findSetName, type Org } from './org.ts'

export interface ActivityTable {
  logicalName: string
  setName: string
  idField: string
  bodyField: string
  /** The lookup to the record that the activity is about. */
  regardingField: 'objectid' | 'regardingobjectid'
  /** Notes are rich text. */
  isNote: boolean
  /** Open or closed; notes are neither. */
  hasState: boolean
  /** Lengths that the product comes with; the org's own come from metadata. */
  defaults: { subject: number; body: number }
  /** How much of the body's length plain text may use, so that it fits however much its encoding adds. */
  bodyShare: number
}

const note: ActivityTable = {
  logicalName: 'annotation',
  setName: 'annotations',
  idField: 'annotationid',
  bodyField: 'notetext',
  regardingField: 'objectid',
  isNote: true,
  hasState: false,
  defaults: { subject: 500, body: 100_000 },
  // An ampersand becomes five characters (`note-text.ts`).
  bodyShare: 1 / 5,
}

const task: ActivityTable = {
  logicalName: 'task',
  setName: 'tasks',
  idField: 'activityid',
  bodyField: 'description',
  regardingField: 'regardingobjectid',
  isNote: false,
  hasState: true,
  defaults: { subject: 200, body: 2_000 },
  bodyShare: 1,
}

/** Null where the org has no activity of this name. Custom activities inherit everything that a task has here. */
export async function findActivityTable(
  org: Org,
  type: ActivityType,
  deadline: Deadline,
): Promise<ActivityTable | null> {
  if (type.type === 'NOTE') return note
  if (type.type === 'TASK') return task
  const metadata = await org.metadata.find(type.entityName, deadline)
  if (metadata === null || !metadata.isActivity) return null
  const { name, setName, idField, fields } = metadata
  return { ...task, logicalName: name, setName, idField, hasState: fields.has('statecode') }
}

/** @throws ProviderError `NOT_FOUND` where the org has no activity of this name */
export async function getActivityTable(org: Org, type: ActivityType, deadline: Deadline): Promise<ActivityTable> {
  const table = await findActivityTable(org, type, deadline)
  if (table === null) {
    const name = type.type === 'CUSTOM' ? type.entityName : type.type
    throw new ProviderError('NOT_FOUND', { message: `The environment has no activity type ${name}.` })
  }
  return table
}

/**
 * The property that ties an activity to its record, and what it holds.
 *
 * @throws ProviderError `NOT_FOUND` for a table that the org lacks, `CRM_RECORD_GONE` for an id that no row can have
 */
export async function bindRegarding(
  org: Org,
  activity: ActivityTable,
  { entityName, remoteId }: RemoteReference,
  deadline: Deadline,
): Promise<Record<string, string>> {
  if (!isGuid(remoteId)) {
    throw new ProviderError('CRM_RECORD_GONE', { message: 'Dynamics 365 has no such record.' })
  }
  const setName = await findSetName(org, entityName, deadline)
  if (setName === null) {
    throw new ProviderError('NOT_FOUND', { message: `The environment has no entity type ${entityName}.` })
  }
  const property = await findNavigation(org, activity, entityName, deadline)
  return { [`${property}@odata.bind`]: `/${setName}(${remoteId})` }
}

/** By pattern where it is known to hold, by metadata otherwise: exceptions exist among custom tables (crm-apis.md 1.9). */
async function findNavigation(
  org: Org,
  { logicalName, regardingField, isNote }: ActivityTable,
  target: string,
  deadline: Deadline,
): Promise<string> {
  const pattern = isNote ? `${regardingField}_${target}` : `${regardingField}_${target}_${logicalName}`
  const isStandard = standardTables.has(target) && (logicalName === 'annotation' || logicalName === 'task')
  if (isStandard) return pattern
  const metadata = await org.metadata.find(logicalName, deadline)
  return metadata?.navigation.get(`${regardingField} ${target}`) ?? pattern
}
