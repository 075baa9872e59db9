/** What is asked for most often, with the indexes that are to find it: the same for both databases. `hot-rows.ts` has the rows. */
import { randomBytes } from 'node:crypto'
import { createAuditStore } from '../audit/store.ts'
import { createConversationStore } from '../conversations/store.ts'
import { createErasureStore } from '../erasure/store.ts'
import { eventKinds } from '../events/event.ts'
import { createEventStore } from '../events/store.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import { createLookUpQueue } from '../matching/look-up-store.ts'
import { createPushFollowUps } from '../pushes/follow-up-store.ts'
import { createPauseStore } from '../pushes/pause-store.ts'
import { createPushQueue } from '../pushes/queue-store.ts'
import { createPushStore } from '../pushes/store.ts'
import { createRecordIntentStore } from '../records/intent-store.ts'
import { createSecretBox } from '../secrets/secret-box.ts'
import { createBacklogStore } from '../telemetry/backlog-store.ts'
import { createFarTimesJob } from '../upkeep/far-times.ts'
import { createPruneStore } from '../upkeep/prune-store.ts'
import { createRetentionStore } from '../upkeep/retention-store.ts'
import { createViewerStore } from '../viewers/store.ts'
import { MINUTE, ROWS } from './hot-rows.ts'

export interface HotQuery {
  readonly what: string
  readonly ask: (prisma: PrismaClient) => Promise<unknown>
  /** Names, or what is common to those among which a database has the choice. A primary key is called `<table>_pkey`. */
  readonly indexes: readonly (string | RegExp)[]
}

/** A row or a few for each workspace: they are read whole where that is quicker. */
export const shortTables: readonly string[] = ['Integration', 'Settings', 'DynamicsSettings', 'Workspace']

const secrets = createSecretBox(`k1:${randomBytes(32).toString('base64')}`)
const scope = { workspaceId: 'w7', conversationIds: null }
const ofAgent = { ...scope, conversationIds: Array.from({ length: 10 }, (_, nth) => `00c${127 + 20 * nth}`) }
const conversations = (prisma: PrismaClient) => createConversationStore(prisma, createPushFollowUps(Date.now))
const lookUps = (prisma: PrismaClient) => createLookUpQueue(prisma, { secrets, leaseMs: MINUTE, now: Date.now })
const queue = (prisma: PrismaClient) =>
  createPushQueue(prisma, { secrets, pauses: createPauseStore(prisma, Date.now), leaseMs: MINUTE, now: Date.now })
/** Before then are a hundred of what lies a minute apart. */
const longAgo = () => new Date(Date.now() - (ROWS - 100) * MINUTE)
/** They belong together: a push of the scope and what it is of. */
const claim = {
  ...{ id: 'p127', workspaceId: 'w7', conversationId: '00c127', integrationId: 'i7', pausedUntil: null },
  ...{ leaseOwner: 'me', forced: false, attempts: 1 },
}

export const hotQueries: readonly HotQuery[] = [
  {
    what: 'a key by its hash',
    ask: (prisma) => createViewerStore(prisma).findApiKeyByHash('h7'),
    indexes: ['ApiKey_hash_key'],
  },
  {
    what: 'a session by its token',
    ask: (prisma) => prisma.session.findFirst({ where: { token: 't7' } }),
    indexes: ['Session_token_key'],
  },
  {
    what: 'a member by their account',
    ask: (prisma) => createViewerStore(prisma).findMember('u7'),
    indexes: ['Member_userId_key', 'User_pkey'],
  },
  {
    what: 'a conversation by its external id',
    ask: (prisma) => conversations(prisma).find(scope, { externalId: 'e7' }),
    indexes: ['Conversation_workspaceId_externalId_key'],
  },
  {
    what: 'the newest conversations of a workspace',
    ask: (prisma) =>
      conversations(prisma).list(scope, { status: null, channel: null, since: null, tagged: null }, { take: 21 }),
    indexes: ['Conversation_workspaceId_startedAt_idx'],
  },
  {
    what: 'the conversations that an agent may see',
    ask: (prisma) =>
      conversations(prisma).list(ofAgent, { status: null, channel: null, since: null, tagged: null }, { take: 21 }),
    indexes: ['Conversation_pkey'],
  },
  {
    what: 'a conversation with its tags',
    ask: (prisma) => conversations(prisma).find(scope, { id: '00c127' }, { include: { tags: true } }),
    indexes: ['Conversation_pkey', 'Tag_conversationId_integrationId_entityName_remoteId_key'],
  },
  {
    what: 'where the next messages of a conversation go, and which are there',
    ask: (prisma) => conversations(prisma).lookAtMessages('w7', '00c7', ['e307', 'new']),
    indexes: ['Message_conversationId_arrival_key', 'Message_conversationId_externalId_key'],
  },
  {
    what: 'the messages of a conversation',
    ask: async (prisma) => {
      const ids = (await conversations(prisma).listOrder('w7', '00c7')).map(({ id }) => id)
      return conversations(prisma).listMessages('w7', '00c7', ids.slice(0, 5))
    },
    indexes: ['Message_conversationId_'],
  },
  {
    what: 'what a further message changes',
    ask: (prisma) =>
      conversations(prisma).append(
        'w7',
        { id: '00c127', channel: 'SMS' },
        {
          count: 10_000,
          rows: [
            { id: 'new', externalId: 'new', author: 'VISITOR', sentAt: new Date(), sequence: null, contentSealed: '' },
          ],
          at: new Date(),
        },
      ),
    indexes: ['Conversation_pkey', 'Push_conversationId_idx'],
  },
  {
    what: 'what the end of a conversation changes',
    ask: (prisma) => conversations(prisma).end('w7', '00c147', new Date()),
    indexes: ['Conversation_pkey', 'Push_conversationId_idx'],
  },
  {
    what: 'the conversations of a visitor',
    ask: (prisma) => createErasureStore(prisma).findByKeys('w7', ['v7', 'v8']),
    indexes: ['VisitorKey_workspaceId_hash_idx'],
  },
  {
    what: 'the events of a workspace after a cursor',
    ask: (prisma) => createEventStore(prisma).list('w7', 5_000, { kinds: eventKinds, limit: 100 }),
    indexes: ['Event_workspaceId_id_idx'],
  },
  {
    what: 'the events of all after a cursor',
    ask: (prisma) => createEventStore(prisma).listAll(5_900, 100),
    indexes: ['Event_pkey'],
  },
  {
    what: 'the first and the last event',
    ask: (prisma) => createEventStore(prisma).bounds(),
    indexes: ['Event_pkey'],
  },
  {
    what: 'the newest failed pushes of a workspace',
    ask: (prisma) => createPushStore(prisma).list(scope, { status: ['FAILED'] }, { after: null, take: 21 }),
    indexes: ['Push_workspaceId_status_createdAt_idx'],
  },
  {
    what: 'how many pushes are in which state',
    ask: (prisma) => createPushStore(prisma).count(scope, {}),
    indexes: ['Push_workspaceId_'],
  },
  {
    what: 'the pushes of a conversation',
    ask: (prisma) => createPushStore(prisma).list(scope, { conversationId: '00c127' }, { after: null, take: 26 }),
    indexes: ['Push_conversationId_idx'],
  },
  {
    what: 'how many pushes of a conversation are in which state',
    ask: (prisma) => createPushStore(prisma).count(scope, { conversationId: '00c127' }),
    indexes: ['Push_conversationId_idx'],
  },
  {
    what: 'the pushes that an agent may see',
    ask: (prisma) => createPushStore(prisma).list(ofAgent, {}, { after: null, take: 26 }),
    indexes: ['Push_conversationId_idx'],
  },
  {
    what: 'the further pushes of a workspace',
    ask: (prisma) => createPushStore(prisma).list(scope, {}, { after: { createdAt: longAgo(), id: 'p' }, take: 26 }),
    indexes: ['Push_workspaceId_createdAt_idx'],
  },
  {
    what: 'the pushes of a tag, with what they wrote',
    ask: (prisma) =>
      createPushStore(prisma).list(
        scope,
        { conversationId: '00c127', tagId: 't127' },
        { after: null, take: 26, include: { activities: true } },
      ),
    indexes: [/Push_(conversationId_idx|tagId_generation_key)/, 'PushActivity_pushId_part_key'],
  },
  {
    what: 'whether a record is tagged already',
    ask: (prisma) =>
      createPushStore(prisma).isTagged(scope, { integrationId: 'i7', entityName: 'contact', remoteId: 'r127' }),
    indexes: ['Tag_integrationId_remoteId_idx'],
  },
  {
    what: 'the records of a conversation',
    ask: (prisma) => createPushStore(prisma).taggedRecords(scope, '00c127'),
    indexes: ['Tag_conversationId_integrationId_entityName_remoteId_key'],
  },
  {
    what: 'a tagging by its idempotency key',
    ask: (prisma) => createPushStore(prisma).rememberRequest('w7', 'q7', ''),
    indexes: ['TagRequest_pkey'],
  },
  {
    what: 'a creation by its idempotency key',
    ask: (prisma) => createRecordIntentStore(prisma).find('w7', 'q7'),
    indexes: ['RecordIntent_workspaceId_idempotencyKey_key'],
  },
  {
    what: 'the integrations that have something to push',
    ask: (prisma) => queue(prisma).dueIntegrations(),
    indexes: ['Push_integrationId_status_rank_nextAttemptAt_idx'],
  },
  {
    what: 'the push that is next, for whoever takes it',
    ask: (prisma) => queue(prisma).claim('i7', { longestDue: false }),
    indexes: ['Push_integrationId_status_rank_nextAttemptAt_idx', 'Push_pkey'],
  },
  {
    what: 'the push that is due for longest',
    ask: (prisma) => queue(prisma).claim('i7', { longestDue: true }),
    indexes: ['Push_integrationId_status_rank_nextAttemptAt_idx', 'Push_pkey'],
  },
  {
    what: 'what an attempt needs to know',
    ask: async (prisma) => {
      const taken = await queue(prisma).claim('i7', { longestDue: true })
      if (taken === null) throw new Error('Something is due')
      return queue(prisma).load(taken)
    },
    indexes: ['Push_pkey', 'Tag_pkey', 'Conversation_pkey', 'PushActivity_pushId_part_key'],
  },
  { what: 'a lease to be prolonged', ask: (prisma) => queue(prisma).renew(claim), indexes: ['Push_pkey'] },
  {
    what: 'what waited for a CRM that is connected again',
    ask: (prisma) => queue(prisma).integrationsChanged('i7'),
    indexes: ['Push_integrationId_status_rank_nextAttemptAt_idx'],
  },
  {
    what: 'what waited for any CRM, as a worker that starts asks',
    ask: (prisma) => queue(prisma).integrationsChanged(null),
    indexes: ['Push_integrationId_status_rank_nextAttemptAt_idx'],
  },
  {
    what: 'the look-ups that are due',
    ask: (prisma) => lookUps(prisma).claim(4),
    indexes: ['Conversation_matchDueAt_idx'],
  },
  {
    what: 'the look-ups that are due, of those who do not have enough already',
    ask: (prisma) => lookUps(prisma).claim(4, new Map([['w7', 8]])),
    indexes: ['Conversation_matchDueAt_idx'],
  },
  {
    what: 'how many pushes wait',
    ask: (prisma) => createBacklogStore(prisma, Date.now).pushes(),
    indexes: ['Push_integrationId_status_rank_nextAttemptAt_idx'],
  },
  {
    what: 'how many look-ups wait',
    ask: (prisma) => createBacklogStore(prisma, Date.now).lookUps(),
    indexes: ['Conversation_matchDueAt_idx'],
  },
  {
    what: 'the audit log of a workspace',
    ask: (prisma) =>
      createAuditStore(prisma).list(
        'w7',
        { action: null, actor: null, from: null, until: null },
        { limit: 50, inverted: false },
      ),
    indexes: ['AuditEntry_workspaceId_id_idx'],
  },
  {
    what: 'times of a wrong clock',
    ask: (prisma) => createFarTimesJob(prisma, Date.now).run(new AbortController().signal),
    indexes: ['Push_integrationId_status_rank_nextAttemptAt_idx'],
  },
  {
    what: 'the conversations whose time to be kept is over',
    ask: (prisma) => createRetentionStore(prisma, secrets).findOld('w7', longAgo()),
    indexes: ['Conversation_workspaceId_purgedAt_lastMessageAt_idx'],
  },
  {
    what: 'the events that are too old',
    ask: (prisma) => createPruneStore(prisma).removeEvents(longAgo()),
    indexes: ['Event_at_idx'],
  },
  {
    what: 'the taggings whose keys are too old',
    ask: (prisma) => createPruneStore(prisma).removeTagRequests(longAgo()),
    indexes: ['TagRequest_createdAt_idx'],
  },
  {
    what: 'the creations whose keys are too old',
    ask: (prisma) => createPruneStore(prisma).removeRecordIntents(longAgo()),
    indexes: ['RecordIntent_updatedAt_idx', 'RecordIntent_pkey'],
  },
  {
    what: 'a conversation that is erased, with all that hangs on it',
    ask: async (prisma) => {
      await createErasureStore(prisma).stop('w7', '00c187', { now: new Date(), force: true })
      await createErasureStore(prisma).listUnknown('w7', '00c187')
      return createErasureStore(prisma).remove('w7', '00c187')
    },
    indexes: ['Conversation_pkey', 'Push_conversationId_idx'],
  },
]
