/** Tags and pushes: making them, reading them, and hearing of them. Delivering is the worker's. */
import type { ConversationScope } from '../conversations/conversation.ts'
import type { ConversationService } from '../conversations/service.ts'
import type { EventBus } from '../events/bus.ts'
import type { StoredEvent } from '../events/event.ts'
import type { PrismaClient, PushStatus } from '../generated/prisma/client.ts'
import type { IntegrationService } from '../integrations/service.ts'
import type { FieldValueInput } from '../records/read-form.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { NotFoundError, type ReferenceSnapshot } from '../shared/errors.ts'
import { createPushActions, type PushActions } from './actions.ts'
import type { PushPlan } from './plan.ts'
import type { PushFilter } from './push-filter.ts'
import { createPushSeals } from './seals.ts'
import { createPushStore, type PushPage, type PushQuery, type PushRow, type TagQuery, type TagRow } from './store.ts'
import { createTagging, type RecordLookUp, type Tagger, type Tagging } from './tagging.ts'

export { warningsOf, whyOf } from './plan.ts'
export type { PushFilter } from './push-filter.ts'
export type { PushPlace, PushRow, TagRow } from './store.ts'
export type { RecordLookUp, TagOutcome } from './tagging.ts'

/** A record that the CRM has made for us a moment ago; `recordId` is its global ID. */
export type NewRecord = Omit<ReferenceSnapshot, 'name' | 'url'> & { recordId: string }

/** Every method sees only what belongs to conversations that the caller may reach. */
export interface PushService extends Omit<Tagging, 'tagRecord'>, PushActions {
  /**
   * A record that was just made from a conversation: a running chat is pushed when it has ended. Answers the tag.
   * The look-up gives its name; that it fails keeps no record from its tag.
   *
   * @param backendValues as they were given and checked with the record: what they say of the activity goes into it, and
   *   they are written once more when the transcript is
   */
  tagNewRecord(
    viewer: Tagger,
    conversationId: string,
    record: NewRecord,
    backendValues: readonly FieldValueInput[],
    lookUp: RecordLookUp,
  ): Promise<string>
  find(scope: ConversationScope, id: string, query?: PushQuery): Promise<PushRow | null>
  /** @throws NotFoundError */
  get(scope: ConversationScope, id: string, query?: PushQuery): Promise<PushRow>
  /** Newest first. */
  list(scope: ConversationScope, filter: PushFilter, page: PushPage): Promise<PushRow[]>
  /** How many there are in each state that occurs, whatever state the filter asks for. */
  countByStatus(scope: ConversationScope, filter: PushFilter): Promise<{ status: PushStatus; count: number }[]>
  /** How many wait for an integration to be connected again. */
  countWaiting(workspaceId: string, integrationId: string): Promise<number>
  findTag(scope: ConversationScope, id: string, query?: TagQuery): Promise<TagRow | null>
  /** @throws NotFoundError */
  getTag(scope: ConversationScope, id: string, query?: TagQuery): Promise<TagRow>
  /** The records that a conversation is tagged with. */
  taggedRecords(
    scope: ConversationScope,
    conversationId: string,
  ): Promise<Pick<TagRow, 'integrationId' | 'entityName' | 'remoteId'>[]>
  /** Whether any conversation is tagged with this record. */
  isTagged(
    scope: ConversationScope,
    record: Pick<TagRow, 'integrationId' | 'entityName' | 'remoteId'>,
  ): Promise<boolean>
  /** What was planned; null until the push falls due, or where it is to be planned anew. */
  planOf(row: Pick<PushRow, 'id' | 'planSealed'>): PushPlan | null
  /** What its last attempt failed by, in words. */
  errorOf(row: Pick<PushRow, 'id' | 'errorSealed'>): string | null
  /** Changes of pushes, from now on or behind an event that was seen before. */
  listen(
    scope: ConversationScope,
    options: { integrationId: string | null; after: number | null; signal: AbortSignal },
  ): AsyncIterableIterator<StoredEvent>
}

export interface PushServiceParts {
  prisma: PrismaClient
  secrets: SecretBox
  events: EventBus
  conversations: Pick<ConversationService, 'get'>
  integrations: Pick<IntegrationService, 'find' | 'describe'>
  /** Milliseconds since 1970. */
  now: () => number
}

export function createPushService(parts: PushServiceParts): PushService {
  const { events } = parts
  const store = createPushStore(parts.prisma)
  const seals = createPushSeals(parts.secrets)
  /** Several fields of one push ask for its plan. */
  const plans = new WeakMap<object, PushPlan | null>()
  const tagging = createTagging({ ...parts, store, wake: events.wake })

  return {
    ...tagging,
    ...createPushActions({ prisma: parts.prisma, planOf: seals.openPlan, wake: events.wake, now: parts.now }),
    find: store.find,
    list: store.list,
    findTag: store.findTag,
    taggedRecords: store.taggedRecords,
    isTagged: store.isTagged,

    async tagNewRecord(viewer, conversationId, { recordId, ...record }, backendValues, lookUp) {
      const [found] = await lookUp([recordId])
      const reference = found === undefined || found instanceof Error ? { ...record, name: null, url: null } : found
      return tagging.tagRecord(viewer, conversationId, reference, backendValues)
    },

    async get(scope, id, query) {
      const push = await store.find(scope, id, query)
      if (push === null) throw new NotFoundError('There is no push of this id that you may see.')
      return push
    },

    async getTag(scope, id, query) {
      const tag = await store.findTag(scope, id, query)
      if (tag === null) throw new NotFoundError('There is no tag of this id that you may see.')
      return tag
    },

    countByStatus: (scope, filter) => store.count(scope, { ...filter, status: null }),

    async countWaiting(workspaceId, integrationId) {
      const scope = { workspaceId, conversationIds: null }
      const counts = await store.count(scope, { integrationId, status: ['WAITING_FOR_INTEGRATION'] })
      return counts[0]?.count ?? 0
    },

    errorOf: seals.openError,

    planOf(row) {
      const known = plans.get(row)
      if (known !== undefined) return known
      const plan = seals.openPlan(row)
      plans.set(row, plan)
      return plan
    },

    listen({ workspaceId, conversationIds }, { integrationId, after, signal }) {
      return events.subscribe(workspaceId, {
        kinds: ['PUSH_UPDATED'],
        filter: (event) =>
          (integrationId === null || event.integrationId === integrationId) &&
          (conversationIds === null || conversationIds.includes(event.conversationId ?? '')),
        signal,
        ...(after !== null && { after }),
      })
    },
  }
}
