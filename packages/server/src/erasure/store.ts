/** Finds and removes all that is kept of a visitor's conversations. */
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'

/** How many ids one statement names, and over how many events one looks. */
const IDS_AT_ONCE = 500
const EVENTS_AT_ONCE = 20_000

export type ErasedActivity = Prisma.PushActivityGetPayload<object>

/** A create that was begun and whose outcome nobody noted: with what its activity would be found in the CRM. */
export interface UnknownActivity {
  readonly id: string
  readonly part: number
  readonly attemptedAt: Date
  readonly integrationId: string
  /** NOTE, TASK, or the name of a custom activity. */
  readonly activityType: string
  readonly generation: number
  readonly remoteId: string
  readonly conversationExternalId: string
  readonly orgId: string | null
  readonly orgUrl: string
}

export interface ErasureStore {
  /** Conversations of whom these hashes are kept. */
  findByKeys(workspaceId: string, hashes: readonly string[]): Promise<string[]>
  /** Those of these that the workspace has. */
  findByIds(workspaceId: string, ids: readonly string[]): Promise<string[]>
  /**
   * Nothing of the conversation is delivered or looked up by itself any more. False while a worker is at it.
   *
   * @param force takes what is under way from its worker, whose later writes are refused (fencing)
   */
  stop(workspaceId: string, id: string, options: { now: Date; force: boolean }): Promise<boolean>
  listUnknown(workspaceId: string, id: string): Promise<UnknownActivity[]>
  /**
   * Removes the conversation with all that hangs on it. Answers the activities that its pushes knew of. GONE: it was
   * removed before; RESUMED: something of it is to be delivered, so that it must be stopped once more.
   */
  remove(workspaceId: string, id: string): Promise<ErasedActivity[] | 'GONE' | 'RESUMED'>
  /** Removes the events that name these conversations. */
  removeEvents(workspaceId: string, ids: readonly string[]): Promise<void>
}

export function createErasureStore(prisma: PrismaClient): ErasureStore {
  const everywhere = acrossWorkspaces(prisma)
  return {
    async findByKeys(workspaceId, hashes) {
      const rows = await prisma.visitorKey.findMany({
        where: { workspaceId, hash: { in: [...hashes] } },
        select: { conversationId: true },
        distinct: ['conversationId'],
      })
      return rows.map((row) => row.conversationId)
    },

    async findByIds(workspaceId, ids) {
      const rows = await prisma.conversation.findMany({
        where: { workspaceId, id: { in: [...ids] } },
        select: { id: true },
      })
      return rows.map((row) => row.id)
    },

    stop(workspaceId, id, { now, force }) {
      return prisma.$transaction(async (transaction) => {
        const ofIt = { workspaceId, conversationId: id }
        await transaction.conversation.updateMany({
          where: { workspaceId, id },
          data: { matchDueAt: null, matchLeaseOwner: null },
        })
        // One that is delivered too: a message that comes at this moment has it brought up to date no more.
        await transaction.push.updateMany({
          where: { ...ofIt, status: { notIn: ['DISCARDED', ...(force ? [] : (['DELIVERING'] as const))] } },
          data: stopped,
        })
        await transaction.push.updateMany({
          where: { ...ofIt, status: 'DELIVERING', leaseExpiresAt: { lte: now } },
          data: stopped,
        })
        return (await transaction.push.count({ where: { ...ofIt, status: 'DELIVERING' } })) === 0
      })
    },

    async listUnknown(workspaceId, id) {
      const rows = await prisma.pushActivity.findMany({
        where: { workspaceId, push: { conversationId: id }, remoteId: null, attemptedAt: { not: null } },
        include: {
          push: {
            select: {
              integrationId: true,
              activityType: true,
              generation: true,
              tag: { select: { remoteId: true } },
              conversation: { select: { externalId: true } },
              integration: { select: { orgId: true, url: true } },
            },
          },
        },
      })
      return rows.flatMap(({ id: activityId, part, attemptedAt, push }) =>
        attemptedAt === null
          ? []
          : [
              {
                ...{ id: activityId, part, attemptedAt },
                ...{ integrationId: push.integrationId, activityType: push.activityType, generation: push.generation },
                remoteId: push.tag.remoteId,
                conversationExternalId: push.conversation.externalId,
                ...{ orgId: push.integration.orgId, orgUrl: push.integration.url },
              },
            ],
      )
    },

    remove(workspaceId, id) {
      return prisma.$transaction(async (transaction) => {
        const isLive = { workspaceId, conversationId: id, status: { not: 'DISCARDED' } } as const
        if ((await transaction.push.count({ where: isLive })) > 0) return 'RESUMED'
        const activities = await transaction.pushActivity.findMany({
          where: { workspaceId, push: { conversationId: id } },
          // Those of one tagging are of about one moment, in no order of theirs.
          orderBy: [{ push: { createdAt: 'asc' } }, { pushId: 'asc' }, { part: 'asc' }],
        })
        const { count } = await transaction.conversation.deleteMany({ where: { workspaceId, id } })
        return count === 0 ? 'GONE' : activities
      })
    },

    async removeEvents(workspaceId, ids) {
      const newest = await everywhere.event.findFirst({ select: { id: true }, orderBy: { id: 'desc' } })
      const oldest = await everywhere.event.findFirst({ select: { id: true }, orderBy: { id: 'asc' } })
      if (newest === null || oldest === null) return
      for (let from = oldest.id; from <= newest.id; from += EVENTS_AT_ONCE) {
        // The newest of all stays, as a cursor that is too old is known by those that are left.
        const id = { gte: from, lt: Math.min(from + EVENTS_AT_ONCE, newest.id) }
        for (let start = 0; start < ids.length; start += IDS_AT_ONCE) {
          const conversationId = { in: ids.slice(start, start + IDS_AT_ONCE) }
          await prisma.event.deleteMany({ where: { workspaceId, id, conversationId } })
        }
      }
    },
  }
}

const stopped = {
  status: 'DISCARDED',
  nextAttemptAt: null,
  leaseOwner: null,
  leaseExpiresAt: null,
  forced: false,
} as const
