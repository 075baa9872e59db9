/** Tags and pushes as the API reads and makes them. */
import { v7 as uuid } from 'uuid'
import type { ConversationScope } from '../conversations/conversation.ts'
import { isUniqueViolation } from '../database/unique-violation.ts'
import type { Prisma, PrismaClient, PushStatus } from '../generated/prisma/client.ts'
import { queueEnded } from './follow-up-store.ts'
import { pushUpdated } from './push-event.ts'

export type PushRow = Prisma.PushGetPayload<object>
export type TagRow = Prisma.TagGetPayload<object>

/** What a GraphQL selection needs of the rows, so that one request stays one query. */
export type PushQuery = Pick<Prisma.PushFindManyArgs, 'include' | 'select'>
export type TagQuery = Pick<Prisma.TagFindManyArgs, 'include' | 'select'>
/** `take` pushes behind the one of the id `after`. */
export type PushPage = PushQuery & { after: string | null; take: number }

export interface PushFilter {
  status?: readonly PushStatus[] | null
  integrationId?: string | null
  conversationId?: string | null
  tagId?: string | null
  since?: Date | null
  until?: Date | null
}

export interface NewTag {
  id: string
  integrationId: string
  entityName: string
  remoteId: string
  snapshotSealed: string
  taggedBy: string
  activityType: string
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
  /** Makes the tag and its push, or answers the tag that this record has already (ruling 6). */
  tag(workspaceId: string, conversation: { id: string; due: boolean }, tag: NewTag, at: Date): Promise<string>
  /** The hash of the input that came with this key first: this one, where the key is new. */
  rememberRequest(workspaceId: string, idempotencyKey: string, inputHash: string): Promise<string>
}

export function createPushStore(prisma: PrismaClient): PushStore {
  return {
    find: (scope, id, query = {}) => prisma.push.findFirst({ ...query, where: { AND: [within(scope), { id }] } }),

    list: (scope, filter, { after, ...page }) =>
      prisma.push.findMany({
        ...page,
        ...(after !== null && { cursor: { id: after }, skip: 1 }),
        where: { AND: [within(scope), toWhere(filter)] },
        orderBy: [{ createdAt: 'desc' }, { id: 'desc' }],
      }),

    async count(scope, filter) {
      const groups = await prisma.push.groupBy({
        by: ['status'],
        where: { AND: [within(scope), toWhere(filter)] },
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

    async tag(workspaceId, conversation, { activityType, ...tag }, at) {
      try {
        await prisma.$transaction(async (transaction) => {
          await transaction.tag.create({
            data: { ...tag, workspaceId, conversationId: conversation.id, taggedAt: at },
          })
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
            activityType,
            wantedMessages: newest?.arrival ?? 0,
            nextAttemptAt: conversation.due ? at : null,
          } as const
          await transaction.push.create({ data: push })
          await transaction.event.create({ data: pushUpdated(push) })
          // It may have ended since we looked.
          if (!conversation.due) await queueEnded(transaction, workspaceId, conversation.id, at.getTime())
        })
        return tag.id
      } catch (error) {
        if (!isUniqueViolation(error)) throw error
      }
      const { integrationId, entityName, remoteId } = tag
      const existing = await prisma.tag.findFirstOrThrow({
        where: { workspaceId, conversationId: conversation.id, integrationId, entityName, remoteId },
        select: { id: true },
      })
      return existing.id
    },

    async rememberRequest(workspaceId, idempotencyKey, inputHash) {
      const { inputHash: first } = await prisma.tagRequest.upsert({
        where: { workspaceId_idempotencyKey: { workspaceId, idempotencyKey } },
        create: { workspaceId, idempotencyKey, inputHash },
        update: {},
      })
      return first
    },
  }
}

function within({ workspaceId, conversationIds }: ConversationScope) {
  return conversationIds === null ? { workspaceId } : { workspaceId, conversationId: { in: [...conversationIds] } }
}

function toWhere({ status, integrationId, conversationId, tagId, since, until }: PushFilter): Prisma.PushWhereInput {
  return {
    ...(status && { status: { in: [...status] } }),
    ...(integrationId && { integrationId }),
    ...(conversationId && { conversationId }),
    ...(tagId && { tagId }),
    createdAt: { ...(since && { gte: since }), ...(until && { lt: until }) },
  }
}
