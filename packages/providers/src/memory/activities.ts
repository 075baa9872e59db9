/** Activities of the in-memory org. */
import { ProviderError } from '../errors.ts'
import type { ActivityChange, ActivityDraft, ActivityKey, ActivityType, CrmActivity } from '../model/index.ts'
import { bodyMaxLength } from './entities.ts'

interface StoredActivity extends CrmActivity {
  type: string
  key: ActivityKey
  regarding: ActivityDraft['regarding']
}

export interface MemoryActivities {
  file(draft: ActivityDraft): { activity: CrmActivity; created: boolean }
  find(type: ActivityType, remoteId: string): CrmActivity | null
  findByKey(type: ActivityType, key: ActivityKey): CrmActivity | null
  update(type: ActivityType, remoteId: string, change: ActivityChange): CrmActivity
  remove(remoteId: string): void
  /** All of them, for tests to look at. */
  all(): readonly (CrmActivity & { regarding: ActivityDraft['regarding'] })[]
}

export function createMemoryActivities(parts: {
  newId: () => string
  url: (remoteId: string) => string
}): MemoryActivities {
  const stored = new Map<string, StoredActivity>()

  function findByKey(type: ActivityType, key: ActivityKey): StoredActivity | null {
    return [...stored.values()].find((activity) => activity.key === key && activity.type === nameOf(type)) ?? null
  }

  return {
    file(draft) {
      const known = findByKey(draft.activityType, draft.key)
      if (known !== null) return { activity: toCrmActivity(known), created: false }
      refuseTooLong(draft.body)
      const remoteId = parts.newId()
      const activity: StoredActivity = {
        type: nameOf(draft.activityType),
        key: draft.key,
        regarding: draft.regarding,
        remoteId,
        url: parts.url(remoteId),
        subject: draft.subject,
        body: draft.body,
        closed: false,
        version: '1',
      }
      stored.set(remoteId, activity)
      return { activity: toCrmActivity(activity), created: true }
    },
    find(type, remoteId) {
      const activity = stored.get(remoteId)
      return activity?.type === nameOf(type) ? toCrmActivity(activity) : null
    },
    findByKey(type, key) {
      const activity = findByKey(type, key)
      return activity && toCrmActivity(activity)
    },
    update(type, remoteId, change) {
      if (change.close && type.type === 'NOTE') {
        throw new ProviderError('CRM_NOT_CLOSABLE', { message: 'A note has no state that could be closed.' })
      }
      const activity = stored.get(remoteId)
      if (activity?.type !== nameOf(type)) {
        throw new ProviderError('NOT_FOUND', { message: 'The activity is gone.' })
      }
      if (change.expectedVersion != null && change.expectedVersion !== activity.version) {
        throw new ProviderError('CONFLICT', { message: 'The activity was changed meanwhile.' })
      }
      if (change.body !== undefined) refuseTooLong(change.body)
      activity.body = change.body ?? activity.body
      activity.closed ||= change.close ?? false
      activity.version = String(Number(activity.version) + 1)
      return toCrmActivity(activity)
    },
    remove: (remoteId) => void stored.delete(remoteId),
    all: () => [...stored.values()].map((activity) => ({ ...toCrmActivity(activity), regarding: activity.regarding })),
  }
}

function nameOf(type: ActivityType): string {
  return type.type === 'CUSTOM' ? type.entityName : type.type
}

function refuseTooLong(body: string): void {
  if (body.length <= bodyMaxLength) return
  const message = `The text holds at most ${bodyMaxLength} characters.`
  throw new ProviderError('CRM_REJECTED', { message, fields: [{ name: 'body', message }] })
}

function toCrmActivity({ remoteId, url, subject, body, closed, version }: StoredActivity): CrmActivity {
  return { remoteId, url, subject, body, closed, version }
}
