import { lockingTransaction } from '../database/locking-transaction.ts'
import { alsoIn } from '../database/names-workspace.ts'
import { isUniqueViolation } from '../database/unique-violation.ts'
import type { NewEvent } from '../events/event.ts'
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import type { Channel, ConversationScope, ConversationStatus } from './conversation.ts'
import type { Ordered } from './message-order.ts'

/** A conversation as it is kept, and what of its relations a caller selected. */
export type ConversationRow = Prisma.ConversationGetPayload<object>
export type MessageRow = Prisma.MessageGetPayload<object>

/** What a GraphQL selection needs of the rows, so that one request stays one query. */
export type ConversationQuery = Pick<Prisma.ConversationFindManyArgs, 'include' | 'select'>

/** A page of conversations, as Relay's arguments were translated for Prisma. */
export type ConversationPage = Omit<Prisma.ConversationFindManyArgs, 'where' | 'orderBy'>

export interface ConversationFilter {
  status: ConversationStatus | null
  channel: Channel | null
  tagged: boolean | null
  since: Date | null
}

export type NewMessageRow = Pick<MessageRow, 'id' | 'externalId' | 'author' | 'sentAt' | 'sequence' | 'contentSealed'>

export type NewConversationRow = Omit<Prisma.ConversationUncheckedCreateInput, 'workspaceId' | 'createdAt'> &
  VisitorKeys

/** Hashes that the visitor is found by. */
interface VisitorKeys {
  visitorKeys: readonly string[]
}

/** What other domains write in the transaction that changes a conversation, so that neither happens without the other. */
export interface ConversationFollowUps {
  /**
   * The transaction sees what others have committed before each of its statements (`locking-transaction.ts`).
   *
   * @param messages how many the conversation has now
   */
  messagesAppended(
    transaction: Prisma.TransactionClient,
    conversation: { workspaceId: string; id: string; channel: Channel },
    messages: number,
  ): Promise<void>
  ended(transaction: Prisma.TransactionClient, conversation: { workspaceId: string; id: string }): Promise<void>
}

export interface ConversationStore {
  find(
    scope: ConversationScope,
    by: { id: string } | { externalId: string },
    query?: ConversationQuery,
  ): Promise<ConversationRow | null>
  list(scope: ConversationScope, filter: ConversationFilter, page: ConversationPage): Promise<ConversationRow[]>
  /** False where a conversation with this external id is there already. */
  create(workspaceId: string, conversation: NewConversationRow): Promise<boolean>
  /** Compare and swap: false where somebody else changed them meanwhile. */
  replaceDetails(workspaceId: string, row: ConversationRow, details: SealedDetails): Promise<boolean>
  /** How many messages there are, and which of these external ids are among them. */
  lookAtMessages(
    workspaceId: string,
    conversationId: string,
    externalIds: readonly string[],
  ): Promise<{ count: number; known: ReadonlySet<string> }>
  /** Adds messages behind the `count` that there are. False where others came first, or it is gone: look again. */
  append(
    workspaceId: string,
    conversation: Pick<ConversationRow, 'id' | 'channel'>,
    messages: { count: number; rows: readonly NewMessageRow[]; at: Date },
  ): Promise<boolean>
  end(workspaceId: string, id: string, at: Date): Promise<void>
  /** How many of these conversations the scope reaches. */
  count(scope: ConversationScope, ids: readonly string[]): Promise<number>
  /** What the order of a conversation's messages is decided by, of those that were not removed. */
  listOrder(workspaceId: string, conversationId: string): Promise<(Ordered & { id: string })[]>
  listMessages(workspaceId: string, conversationId: string, ids?: readonly string[]): Promise<MessageRow[]>
  findMessage(scope: ConversationScope, id: string): Promise<MessageRow | null>
}

type SealedDetails = Pick<ConversationRow, 'visitorSealed' | 'variablesSealed' | 'url'> &
  VisitorKeys &
  Partial<Pick<ConversationRow, 'matchDueAt' | 'matchLeaseOwner' | 'matchAttempts'>>

export function createConversationStore(prisma: PrismaClient, followUps: ConversationFollowUps): ConversationStore {
  return {
    find(scope, by, query = {}) {
      return prisma.conversation.findFirst({ ...query, where: { AND: [within(scope), by] } })
    },

    list(scope, filter, page) {
      return prisma.conversation.findMany({
        ...page,
        where: {
          ...within(scope),
          ...(filter.status && { status: filter.status }),
          ...(filter.channel && { channel: filter.channel }),
          ...(filter.since && { startedAt: { gte: filter.since } }),
          ...(filter.tagged !== null && { tags: filter.tagged ? { some: attached } : { none: attached } }),
        },
        orderBy: [{ startedAt: 'desc' }, { id: 'desc' }],
      })
    },

    create(workspaceId, { visitorKeys, ...conversation }) {
      const keys = { createMany: { data: visitorKeys.map((hash) => ({ workspaceId, hash })) } }
      return unlessTaken(() =>
        prisma.conversation.create({ data: { ...conversation, workspaceId, visitorKeys: keys } }),
      )
    },

    replaceDetails(workspaceId, { id, visitorSealed, variablesSealed, url }, { visitorKeys, ...details }) {
      return prisma.$transaction(async (transaction) => {
        const { count } = await transaction.conversation.updateMany({
          where: { workspaceId, id, visitorSealed, variablesSealed, url },
          // There is something again that the retention must remove.
          data: { ...details, purgedAt: null },
        })
        if (count === 0) return false
        await addVisitorKeys(transaction, { workspaceId, id }, visitorKeys)
        await transaction.event.create({ data: { workspaceId, kind: 'VISITOR_UPDATED', conversationId: id } })
        return true
      })
    },

    async lookAtMessages(workspaceId, conversationId, externalIds) {
      const [newest, known] = await Promise.all([
        prisma.message.findFirst({
          where: { workspaceId, conversationId },
          orderBy: { arrival: 'desc' },
          select: { arrival: true },
        }),
        prisma.message.findMany({
          where: { workspaceId, conversationId, externalId: { in: [...externalIds] } },
          select: { externalId: true },
        }),
      ])
      return { count: newest?.arrival ?? 0, known: new Set(known.map((row) => row.externalId)) }
    },

    append(workspaceId, { id, channel }, { count, rows: messages, at }) {
      const rows = messages.map((message, index) => ({
        ...message,
        workspaceId,
        conversationId: id,
        arrival: count + index + 1,
      }))
      // A clock that is ahead would keep the conversation for good.
      const lastMessageAt = new Date(Math.min(at.getTime(), Math.max(...rows.map((row) => row.sentAt.getTime()))))
      const write = async (transaction: Prisma.TransactionClient): Promise<boolean> => {
        const later = { OR: [{ lastMessageAt: null }, { lastMessageAt: { lt: lastMessageAt } }] }
        const isThere =
          (await changeOne(transaction, { workspaceId, id, ...later }, { lastMessageAt, purgedAt: null })) ||
          (await changeOne(transaction, { workspaceId, id }, { purgedAt: null }))
        if (!isThere) return false
        // Two callers who counted the same messages number theirs alike: the second is refused here.
        await transaction.message.createMany({ data: rows })
        await transaction.event.createMany({ data: rows.map(messageAppended) })
        await followUps.messagesAppended(transaction, { workspaceId, id, channel }, count + rows.length)
        return true
      }
      return unlessTaken(() => lockingTransaction(prisma, write))
    },

    async end(workspaceId, id, at) {
      await prisma.$transaction(async (transaction) => {
        const { count } = await transaction.conversation.updateMany({
          where: { workspaceId, id, status: 'ACTIVE' },
          data: { status: 'ENDED', endedAt: at },
        })
        if (count > 0) {
          await transaction.event.create({ data: { workspaceId, kind: 'CONVERSATION_ENDED', conversationId: id } })
        }
        await followUps.ended(transaction, { workspaceId, id })
      })
    },

    count: (scope, ids) => prisma.conversation.count({ where: { AND: [within(scope), { id: { in: [...ids] } }] } }),

    listOrder: (workspaceId, conversationId) =>
      prisma.message.findMany({
        where: { workspaceId, conversationId, contentSealed: { not: null } },
        select: { id: true, sequence: true, sentAt: true, arrival: true },
      }),

    listMessages: (workspaceId, conversationId, ids) =>
      prisma.message.findMany({ where: { workspaceId, conversationId, ...(ids && { id: { in: [...ids] } }) } }),

    findMessage: (scope, id) =>
      prisma.message.findFirst({ where: { workspaceId: scope.workspaceId, id, conversation: within(scope) } }),
  }
}

function messageAppended(row: Pick<MessageRow, 'id' | 'workspaceId' | 'conversationId'>): NewEvent {
  const { id, workspaceId, conversationId } = row
  return { workspaceId, kind: 'MESSAGE_APPENDED', conversationId, messageId: id }
}

const attached = { removedAt: null }

function within({ workspaceId, conversationIds }: ConversationScope): Prisma.ConversationWhereInput {
  return conversationIds === null ? { workspaceId } : { ...alsoIn(workspaceId), id: { in: [...conversationIds] } }
}

/** Those that it has stay, so that a visitor is found by what they were known by before. */
export async function addVisitorKeys(
  transaction: Prisma.TransactionClient,
  { workspaceId, id }: Pick<ConversationRow, 'workspaceId' | 'id'>,
  hashes: readonly string[],
): Promise<void> {
  const known = await transaction.visitorKey.findMany({
    where: { ...alsoIn(workspaceId), conversationId: id, hash: { in: [...hashes] } },
    select: { hash: true },
  })
  const fresh = hashes.filter((hash) => !known.some((key) => key.hash === hash))
  if (fresh.length === 0) return
  await transaction.visitorKey.createMany({ data: fresh.map((hash) => ({ workspaceId, conversationId: id, hash })) })
}

async function changeOne(
  transaction: Prisma.TransactionClient,
  where: Prisma.ConversationWhereInput,
  data: Prisma.ConversationUpdateManyMutationInput,
): Promise<boolean> {
  return (await transaction.conversation.updateMany({ where, data })).count === 1
}

/** False too where `write` says so. */
async function unlessTaken(write: () => Promise<unknown>): Promise<boolean> {
  try {
    return (await write()) !== false
  } catch (error) {
    if (isUniqueViolation(error)) return false
    throw error
  }
}
