/** Transcripts as tasks (crm-apis.md 2.10, 2.14; reliability.md 3.3). */
import { afterWrite, ProviderError } from '../../errors.ts'
import type { Deadline } from '../../http/index.ts'
import type {
  ActivityChange,
  ActivityDraft,
  ActivityKey,
  ActivityType,
  ActivityTypeDescriptor,
  CrmActivity,
} from '../../model/index.ts'
import { apiRoot, createdId, type Row, type SalesforceClient } from '../client.ts'
import { ifUnmodifiedSince } from '../conditional.ts'
import { recordPage, toTimestamp } from '../mapper.ts'
import type { ObjectMetadata } from '../metadata.ts'
import { containsInOrder, isRecordId, literal, select } from '../soql.ts'
import type { Metadata } from './describe.ts'

export interface Activities {
  describe(type: ActivityType, deadline: Deadline): Promise<ActivityTypeDescriptor | null>
  file(draft: ActivityDraft, deadline: Deadline): Promise<{ activity: CrmActivity; created: boolean }>
  find(type: ActivityType, remoteId: string, deadline: Deadline): Promise<CrmActivity | null>
  findByKey(type: ActivityType, key: ActivityKey, deadline: Deadline): Promise<CrmActivity | null>
  update(type: ActivityType, remoteId: string, change: ActivityChange, deadline: Deadline): Promise<CrmActivity>
}

/**
 * Where a task holds our key: in the org's unique field, which makes filing twice one; else in a call-centre field that
 * can be searched; else at the end of the subject. The text itself cannot be searched.
 */
type KeyPlace = { kind: 'UNIQUE'; field: string } | { kind: 'CALL_OBJECT' } | { kind: 'SUBJECT' }

const columns = ['Id', 'Subject', 'Description', 'IsClosed', 'LastModifiedDate']
const stockClosedStatus = 'Completed'
const keyMark = /(?<!\s)\s*\[key:[0-9a-f-]{36}\]$/i
const markOf = (key: ActivityKey) => `[key:${key}]`

function keyPlaceOf(task: ObjectMetadata): KeyPlace {
  if (task.keyField !== null) return { kind: 'UNIQUE', field: task.keyField }
  const callObject = task.fields.get('CallObject')
  return callObject?.writable && callObject.filterable ? { kind: 'CALL_OBJECT' } : { kind: 'SUBJECT' }
}

function conditionOf(place: KeyPlace, key: ActivityKey): string {
  if (place.kind === 'UNIQUE') return `${place.field} = ${literal(key)}`
  if (place.kind === 'CALL_OBJECT') return `CallObject = ${literal(key)}`
  return `Subject LIKE ${containsInOrder([markOf(key)])}`
}

function toBody(draft: ActivityDraft, place: KeyPlace): Record<string, string> {
  const { entityName, remoteId } = draft.regarding
  const isPerson = entityName === 'Contact' || entityName === 'Lead'
  return {
    Subject: place.kind === 'SUBJECT' ? `${draft.subject} ${markOf(draft.key)}` : draft.subject,
    Description: draft.body,
    // A lead's task has no second target, and one target is all that a transcript needs.
    [isPerson ? 'WhoId' : 'WhatId']: remoteId,
    ...(place.kind === 'UNIQUE' ? { [place.field]: draft.key } : {}),
    ...(place.kind === 'CALL_OBJECT' ? { CallObject: draft.key } : {}),
  }
}

function noSuchActivity(): ProviderError {
  return new ProviderError('NOT_FOUND', {
    message: 'There is no such activity in Salesforce. It may have been deleted.',
  })
}

function demandTask(type: ActivityType): void {
  if (type.type === 'TASK') return
  throw new ProviderError('NOT_FOUND', {
    message: 'Salesforce files conversations as tasks; it has no other activity type.',
  })
}

/** Codes that say of a create that what it points at is not there. */
const goneCodes = new Set(['ENTITY_IS_DELETED', 'INVALID_CROSS_REFERENCE_KEY', 'MALFORMED_ID', 'NOT_FOUND'])

function toFilingError(error: ProviderError, place: KeyPlace): ProviderError {
  if (error.providerCode !== undefined && goneCodes.has(error.providerCode)) {
    return new ProviderError('CRM_RECORD_GONE', {
      message: 'The record that this conversation belongs to is not in Salesforce any more.',
      providerCode: error.providerCode,
      cause: error,
    })
  }
  if (error.outcome === 'UNKNOWN' && place.kind !== 'UNIQUE') {
    return new ProviderError('CRM_OUTCOME_UNKNOWN', {
      message: 'Salesforce may have filed this conversation, but its answer was lost, and this org has no key field.',
      outcome: 'UNKNOWN',
      cause: error,
    })
  }
  return error
}

export function createActivities(parts: {
  client: SalesforceClient
  metadata: Metadata
  instanceUrl: () => string
}): Activities {
  const { client, metadata } = parts

  async function taskObject(deadline: Deadline): Promise<ObjectMetadata> {
    const task = await metadata.object('Task', deadline)
    if (task !== null) return task
    throw new ProviderError('CRM_FORBIDDEN', { message: 'The Salesforce user that we act as cannot see tasks.' })
  }

  /** The field that holds our key may have gone since we looked: nothing was done then, and tasks are read anew. */
  async function withFreshTask<T>(work: () => Promise<T>): Promise<T> {
    try {
      return await work()
    } catch (error) {
      if (!(error instanceof ProviderError) || !error.metadataDoubtful || error.outcome === 'UNKNOWN') throw error
      metadata.forget('Task')
      return work()
    }
  }

  function toActivity(row: Row): CrmActivity {
    const remoteId = String(row['Id'])
    return {
      remoteId,
      url: recordPage(parts.instanceUrl(), 'Task', remoteId),
      subject: typeof row['Subject'] === 'string' ? row['Subject'].replace(keyMark, '') : null,
      body: typeof row['Description'] === 'string' ? row['Description'] : '',
      closed: row['IsClosed'] === true,
      version: toTimestamp(row['LastModifiedDate']),
    }
  }

  async function findWhere(where: string, deadline: Deadline): Promise<CrmActivity | null> {
    // The oldest, should a second one ever have come to be.
    const soql = select({ columns, from: 'Task', where, orderBy: 'CreatedDate, Id', limit: 1 })
    const [row] = await client.query('find-activity', soql, deadline)
    return row === undefined ? null : toActivity(row)
  }

  async function post(draft: ActivityDraft, place: KeyPlace, deadline: Deadline): Promise<string> {
    const answer = await client.call(
      {
        operation: 'file-activity',
        method: 'POST',
        path: `${apiRoot}/sobjects/Task`,
        effect: 'WRITE',
        body: toBody(draft, place),
      },
      deadline,
    )
    return createdId(answer)
  }

  /** The task as Salesforce keeps it. It is filed, whatever becomes of reading it. */
  async function readFiled(remoteId: string, draft: ActivityDraft, deadline: Deadline): Promise<CrmActivity> {
    const found = await findWhere(`Id = ${literal(remoteId)}`, deadline).catch(() => null)
    return found ?? { ...toActivity({ Id: remoteId, Subject: draft.subject, Description: draft.body }), version: null }
  }

  /** The value of Status that closes a task; orgs name theirs themselves. */
  async function statusThatCloses(deadline: Deadline): Promise<string> {
    const soql = select({ columns: ['ApiName'], from: 'TaskStatus', where: 'IsClosed = TRUE', orderBy: 'SortOrder' })
    const names = (await client.query('update-activity', soql, deadline)).map((row) => String(row['ApiName']))
    return names.includes(stockClosedStatus) ? stockClosedStatus : (names[0] ?? stockClosedStatus)
  }

  async function fileOnce(
    draft: ActivityDraft,
    deadline: Deadline,
  ): Promise<{ activity: CrmActivity; created: boolean }> {
    demandTask(draft.activityType)
    const place = keyPlaceOf(await taskObject(deadline))
    if (place.kind !== 'UNIQUE') {
      const there = await findWhere(conditionOf(place, draft.key), deadline)
      if (there !== null) return { activity: there, created: false }
    }
    try {
      const remoteId = await post(draft, place, deadline)
      return { activity: await readFiled(remoteId, draft, deadline), created: true }
    } catch (error) {
      if (!(error instanceof ProviderError)) throw error
      // The org has refused a second one of this key.
      if (place.kind === 'UNIQUE' && error.providerCode === 'DUPLICATE_VALUE') {
        const there = await findWhere(conditionOf(place, draft.key), deadline)
        if (there !== null) return { activity: there, created: false }
      }
      throw toFilingError(error, place)
    }
  }

  const activities: Activities = {
    async describe(type, deadline) {
      if (type.type !== 'TASK') return null
      const task = await taskObject(deadline)
      const subject = task.fields.get('Subject')?.maxLength ?? 255
      const room = keyPlaceOf(task).kind === 'SUBJECT' ? ` ${markOf('0'.repeat(36))}`.length : 0
      return {
        subjectMaxLength: subject - room,
        bodyMaxLength: task.fields.get('Description')?.maxLength ?? 32_000,
        closable: true,
      }
    },

    file: (draft, deadline) => withFreshTask(() => fileOnce(draft, deadline)),

    async find(type, remoteId, deadline) {
      demandTask(type)
      return isRecordId(remoteId) ? findWhere(`Id = ${literal(remoteId)}`, deadline) : null
    },

    async findByKey(type, key, deadline) {
      demandTask(type)
      return withFreshTask(async () => findWhere(conditionOf(keyPlaceOf(await taskObject(deadline)), key), deadline))
    },

    async update(type, remoteId, change, deadline) {
      if (type.type === 'NOTE' && change.close) {
        throw new ProviderError('CRM_NOT_CLOSABLE', { message: 'A note has no state that could be closed.' })
      }
      demandTask(type)
      if (!isRecordId(remoteId)) throw noSuchActivity()
      // Text and state in one write: a task is never closed without its text.
      const body = {
        ...(change.body === undefined ? {} : { Description: change.body }),
        ...(change.close ? { Status: await statusThatCloses(deadline) } : {}),
      }
      const writes = Object.keys(body).length > 0
      if (writes) {
        await client.call(
          {
            operation: 'update-activity',
            method: 'PATCH',
            path: `${apiRoot}/sobjects/Task/${remoteId}`,
            effect: 'WRITE',
            body,
            headers: ifUnmodifiedSince(change.expectedVersion),
          },
          deadline,
        )
      }
      const read = () => activities.find(type, remoteId, deadline)
      const activity = await (writes ? afterWrite(read) : read())
      if (activity === null) throw noSuchActivity()
      return activity
    },
  }
  return activities
}
