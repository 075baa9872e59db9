/** Tags and pushes as the API reads and makes them. */
import { v7 as uuid } from 'uuid'
import type { ConversationScope } from '../conversations/conversation.ts'
import { lockConversation } from '../conversations/lock.ts'
import { isForeignKeyViolation } from '../database/foreign-key-violation.ts'
import { isUniqueViolation } from '../database/unique-violation.ts'
import type { Prisma, PrismaClient, PushStatus } from '../generated/prisma/client.ts'
import { NotFoundError } from '../shared/errors.ts'
import { queueEnded } from './follow-up-store.ts'
import { pushUpdated, tagChanged } from './push-event.ts'
import { type PushFilter, toWhere } from './push-filter.ts'
import { pushRank } from './rank.ts'
import { tagAgain, untag } from './retag-store.ts'
import { within, withinOne } from './scope.ts'

export type PushRow = Prisma.PushGetPayload<object>
export type TagRow = Prisma.TagGetPayload<object>

/** What a GraphQL selection needs of the rows, so that one request stays one query. */
export type PushQuery = Pick<Prisma.PushFindManyArgs, 'include' | 'select'>
export type TagQuery = Pick<Prisma.TagFindManyArgs, 'include' | 'select'>
/** The place of a push in a list. It stays one when the push is gone. */
export type PushPlace = Pick<PushRow, 'createdAt' | 'id'>
/** `take` pushes behind `after`. */
export type PushPage = PushQuery & { after: PushPlace | null; take: number }

export interface NewTag {
  id: string
  integrationId: string
  entityName: string
  remoteId: string
  /** What the record is called, sealed for the tag that keeps it. */
  sealSnapshot(tagId: string): string
  /** Null: nobody, a rule did it. */
  taggedBy: string | null
  activityType: string
  /** What the agent gave for backend fields, sealed for the tag that keeps it; null: nothing. */
  sealGiven(tagId: string): string | null
  /** Where the record is tagged already, its backend fields are written once more. */
  writesAgain: boolean
  /** Where the record was taken off, or its push was discarded, it is taken up again. */
  revives: boolean
}

export interface PushStore {
  find(scope: ConversationScope, id: string, query?: PushQuery): Promise<PushRow | null>
  list(scope: ConversationScope, filter: PushFilter, page: PushPage): Promise<PushRow[]>
  count(scope: ConversationScope, filter: PushFilter): Promise<{ status: PushStatus; count: number }[]>
  findTag(scope: ConversationScope, id: string, query?: TagQuery): Promise<TagRow | null>
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
  /**
   * Makes the tag and its push, or answers the tag that this record has already (ruling 6), as `tagAgain` says.
   *
   * @throws NotFoundError where the conversation or the integration is gone
   */
  tag(workspaceId: string, conversation: { id: string; due: boolean }, tag: NewTag, at: Date): Promise<string>
  /** Takes a record off its conversation, as `retag-store` says. */
  untag(scope: ConversationScope, tagId: string, removed: { by: string; at: Date }): Promise<void>
  /** The hash of the input that came with this key first: this one, where the key is new. */
  rememberRequest(
    workspaceId: string,
    idempotencyKey: string,
    inputHash: string,
  ): Promise<{ inputHash: string; isKnown: boolean }>
}

export function createPushStore(prisma: PrismaClient): PushStore {
  return {
    find: (scope, id, query = {}) => prisma.push.findFirst({ ...query, where: { AND: [within(scope), { id }] } }),

    list: (scope, filter, { after, ...page }) =>
      prisma.push.findMany({
        ...page,
        where: {
          AND: [withinOne(scope, filter.conversationId), toWhere(filter), ...(after === null ? [] : [isBehind(after)])],
        },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      }),

    async count(scope, filter) {
      const groups = await prisma.push.groupBy({
        by: ['status'],
        where: { AND: [withinOne(scope, filter.conversationId), toWhere(filter)] },
        _count: { _all: true },
        orderBy: { status: 'asc' },
      })
      return groups.map((group) => ({ status: group.status, count: group._count._all }))
    },

    findTag: (scope, id, query = {}) => prisma.tag.findFirst({ ...query, where: { AND: [within(scope), { id }] } }),

    taggedRecords: (scope, conversationId) =>
      prisma.tag.findMany({
        where: { AND: [within(scope), { conversationId, removedAt: null }] },
        select: { integrationId: true, entityName: true, remoteId: true },
      }),

    async isTagged(scope, { integrationId, entityName, remoteId }) {
      const where = { AND: [within(scope), { integrationId, entityName, remoteId, removedAt: null }] }
      return (await prisma.tag.findFirst({ where, select: { id: true } })) !== null
    },

    async tag(workspaceId, conversation, { activityType, sealSnapshot, sealGiven, writesAgain, revives, ...tag }, at) {
      const automatic = tag.taggedBy === null
      try {
        await prisma.$transaction(async (transaction) => {
          await lockConversation(transaction, { workspaceId, id: conversation.id })
          const made = await transaction.tag.create({
            data: {
              ...tag,
              workspaceId,
              conversationId: conversation.id,
              taggedAt: at,
              automatic,
              snapshotSealed: sealSnapshot(tag.id),
              backendValuesSealed: sealGiven(tag.id),
            },
          })
          await transaction.event.create({ data: tagChanged('RECORD_TAGGED', made) })
          const newest = await transaction.message.findFirst({
            where: { workspaceId, conversationId: conversation.id },
            orderBy: { arrival: 'desc' },
            select: { arrival: true },
          })
          const push = {
            id: uuid(),
            workspaceId,
            conversationId: conversation.id,
            integrationId: tag.integrationId,
            tagId: tag.id,
            status: conversation.due ? 'QUEUED' : 'WAITING_FOR_END',
            rank: automatic ? pushRank.itself : pushRank.person,
            activityType,
            wantedMessages: newest?.arrival ?? 0,
            // Nobody has asked for an activity without messages: the first one has it made.
            nextAttemptAt: conversation.due && !(automatic && newest === null) ? at : null,
          } as const
          await transaction.push.create({ data: push })
          await transaction.event.create({ data: pushUpdated(push) })
          // It may have ended since we looked.
          if (!conversation.due) await queueEnded(transaction, workspaceId, conversation.id, at.getTime())
        })
        return tag.id
      } catch (error) {
        if (isForeignKeyViolation(error)) {
          throw new NotFoundError('The conversation, or the integration of this record, was removed at this moment.')
        }
        if (!isUniqueViolation(error)) throw error
      }
      const { integrationId, entityName, remoteId, taggedBy } = tag
      const { id: tagId } = await prisma.tag.findFirstOrThrow({
        where: { workspaceId, conversationId: conversation.id, integrationId, entityName, remoteId },
        select: { id: true },
      })
      if (writesAgain || revives) {
        const sealed = { snapshotSealed: sealSnapshot(tagId), givenSealed: sealGiven(tagId) }
        await tagAgain(prisma, { workspaceId, tagId, taggedBy, ...sealed, writesAgain, revives }, at)
      }
      return tagId
    },

    untag: (scope, tagId, removed) => untag(prisma, scope, tagId, removed),

    async rememberRequest(workspaceId, idempotencyKey, inputHash) {
      const key = { workspaceId, idempotencyKey }
      const find = () => prisma.tagRequest.findUnique({ where: { workspaceId_idempotencyKey: key } })
      const known = await find()
      if (known !== null) return { inputHash: known.inputHash, isKnown: true }
      try {
        await prisma.tagRequest.create({ data: { ...key, inputHash } })
        return { inputHash, isKnown: false }
      } catch (error) {
        if (!isUniqueViolation(error)) throw error
        return { inputHash: (await find())?.inputHash ?? inputHash, isKnown: true }
      }
    },
  }
}

/** Said so that the database reads on from there: the first condition alone narrows the index. */
const isBehind = ({ createdAt, id }: PushPlace): Prisma.PushWhereInput => ({
  createdAt: { lte: createdAt },
  OR: [{ createdAt: { lt: createdAt } }, { id: { lt: id } }],
})
