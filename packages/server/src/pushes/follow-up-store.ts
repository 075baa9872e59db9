/** What a change of a conversation means for its pushes, written in the same transaction. */
import type { ConversationFollowUps } from '../conversations/store.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { pushUpdated } from './push-event.ts'

/** @param now milliseconds since 1970 */
export function createPushFollowUps(now: () => number): ConversationFollowUps {
  return {
    async messagesAppended(transaction, { workspaceId, id }, messages) {
      // Later messages extend the newest activity of each tag (ruling 7). What was discarded stays so.
      const growing = { workspaceId, conversationId: id, continued: false, tag: { removedAt: null } }
      await transaction.push.updateMany({
        where: { ...growing, status: { not: 'DISCARDED' } },
        data: { wantedMessages: messages },
      })
      await queue(transaction, { ...growing, status: { in: ['DELIVERED', 'PARTIAL'] } }, now())
    },
    ended(transaction, { workspaceId, id }) {
      return queueEnded(transaction, workspaceId, id, now())
    },
  }
}

/** Pushes that waited for the end of a conversation which has ended are due. */
export function queueEnded(
  transaction: Prisma.TransactionClient,
  workspaceId: string,
  conversationId: string,
  now: number,
): Promise<void> {
  const where = { workspaceId, conversationId, status: 'WAITING_FOR_END', conversation: { status: 'ENDED' } } as const
  return queue(transaction, where, now)
}

async function queue(transaction: Prisma.TransactionClient, where: Prisma.PushWhereInput, now: number): Promise<void> {
  const pushes = await transaction.push.findMany({
    where,
    select: { id: true, workspaceId: true, integrationId: true, conversationId: true },
  })
  if (pushes.length === 0) return
  await transaction.push.updateMany({
    where: { AND: [where, { id: { in: pushes.map((push) => push.id) } }] },
    data: { status: 'QUEUED', nextAttemptAt: new Date(now), attempts: 0 },
  })
  await transaction.event.createMany({ data: pushes.map(pushUpdated) })
}
