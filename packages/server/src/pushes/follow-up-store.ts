/** What a change of a conversation means for its pushes, written in the same transaction. */

import { v7 as uuid } from 'uuid'
import type { ConversationFollowUps } from '../conversations/store.ts'
import type { Prisma, PushStatus } from '../generated/prisma/client.ts'
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

/**
 * With Allow New Creation each text message makes an activity of its own, which holds all messages so far (D-NEW). They
 * are made one behind the other: one whose turn has not come is due at no time.
 */
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
    select: { id: true },
  })
  for (const { id } of pushes) {
    // Read as it is locked: a worker that ends it at this moment has done so, or will see those behind it.
    const push = await transaction.push.update({ where: { id }, data: { continued: true } })
    const { workspaceId, conversationId, integrationId, tagId, activityType, generation, wantedMessages } = push
    const isDone = endStatuses.some((status) => status === push.status)
    const next = Array.from({ length: messages - wantedMessages }, (_, index) => ({
      ...{ id: uuid(), workspaceId, conversationId, integrationId, tagId, activityType },
      generation: generation + index + 1,
      wantedMessages: wantedMessages + index + 1,
      continued: wantedMessages + index + 1 < messages,
      status: 'QUEUED' as const,
      nextAttemptAt: isDone && index === 0 ? new Date(now) : null,
    }))
    await transaction.push.createMany({ data: next })
    await transaction.event.createMany({ data: next.map(pushUpdated) })
  }
}

const endStatuses = ['DELIVERED', 'PARTIAL', 'FAILED'] as const

/** Where a push has come to its end, the one that waits behind it is due. */
export async function queueNext(
  transaction: Prisma.TransactionClient,
  pushId: string,
  status: PushStatus,
  now: number,
): Promise<void> {
  if (!endStatuses.some((it) => it === status)) return
  const push = await transaction.push.findUnique({
    where: { id: pushId },
    select: { tagId: true, generation: true, continued: true },
  })
  if (!push?.continued) return
  await transaction.push.updateMany({
    where: { tagId: push.tagId, generation: push.generation + 1, status: 'QUEUED', nextAttemptAt: null },
    data: { nextAttemptAt: new Date(now) },
  })
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
