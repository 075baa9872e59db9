/** What a change of a conversation means for its pushes, written in the same transaction. */

import { v7 as uuid } from 'uuid'
import type { ConversationFollowUps } from '../conversations/store.ts'
import type { Prisma } from '../generated/prisma/client.ts'
import { pushUpdated } from './push-event.ts'

/** @param now milliseconds since 1970 */
export function createPushFollowUps(now: () => number): ConversationFollowUps {
  return {
    async messagesAppended(transaction, { workspaceId, id, channel }, messages) {
      // What was discarded stays so.
      const newest = { workspaceId, conversationId: id, continued: false, tag: { removedAt: null } }
      if (channel === 'SMS') await makeNewActivities(transaction, newest, messages, now())
      // Other messages extend the newest activity of each tag (ruling 7).
      await transaction.push.updateMany({
        where: { ...newest, status: { not: 'DISCARDED' } },
        data: { wantedMessages: messages },
      })
      await queue(transaction, { ...newest, status: { in: ['DELIVERED', 'PARTIAL'] } }, now())
    },
    ended(transaction, { workspaceId, id }) {
      return queueEnded(transaction, workspaceId, id, now())
    },
  }
}

/** With Allow New Creation each text message makes an activity of its own, which holds all messages so far (D-NEW). */
async function makeNewActivities(
  transaction: Prisma.TransactionClient,
  newest: Prisma.PushWhereInput,
  messages: number,
  now: number,
): Promise<void> {
  const pushes = await transaction.push.findMany({
    where: {
      ...newest,
      status: { not: 'DISCARDED' },
      integration: { settings: { dynamics: { allowNewCreation: true } } },
    },
  })
  for (const push of pushes) {
    const { workspaceId, conversationId, integrationId, tagId, activityType, generation, wantedMessages } = push
    const next = Array.from({ length: messages - wantedMessages }, (_, index) => ({
      ...{ id: uuid(), workspaceId, conversationId, integrationId, tagId, activityType },
      generation: generation + index + 1,
      wantedMessages: wantedMessages + index + 1,
      continued: wantedMessages + index + 1 < messages,
      status: 'QUEUED' as const,
      nextAttemptAt: new Date(now),
    }))
    await transaction.push.update({ where: { id: push.id }, data: { continued: true } })
    await transaction.push.createMany({ data: next })
    await transaction.event.createMany({ data: next.map(pushUpdated) })
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
