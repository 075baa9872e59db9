/** What a change of a conversation means for its pushes, written in the same transaction. */

import { v7 as uuid } from 'uuid'
import { lockConversation } from '../conversations/lock.ts'
import type { ConversationFollowUps } from '../conversations/store.ts'
import { alsoIn } from '../database/names-workspace.ts'
import type { Prisma, PushStatus } from '../generated/prisma/client.ts'
import { pushUpdated } from './push-event.ts'
import { endStatuses, undoneStatuses } from './push-states.ts'
import { pushRank } from './rank.ts'

/** Pushes by what they are like, of one workspace. */
type PushesOfWorkspace = Prisma.PushWhereInput & { workspaceId: string }

/**
 * @param now milliseconds since 1970
 *
 * A tag whose newest push was discarded gets no more: later messages neither extend it nor, with Allow New Creation, make
 * further activities, until that push is retried or the record is tagged anew.
 */
export function createPushFollowUps(now: () => number): ConversationFollowUps {
  return {
    async messagesAppended(transaction, { workspaceId, id, channel }, messages) {
      const newest = { workspaceId, conversationId: id, continued: false, tag: { removedAt: null } }
      // Most messages belong to no record yet: they cost one look.
      if ((await transaction.push.findFirst({ where: newest, select: { id: true } })) === null) return
      await beginWaiting(transaction, newest, { now: now(), wantedMessages: 1 })
      if (channel === 'SMS') await makeNewActivities(transaction, newest, messages, now())
      // Other messages extend the newest activity of each tag (ruling 7).
      await transaction.push.updateMany({
        where: { ...newest, status: { not: 'DISCARDED' } },
        data: { wantedMessages: messages },
      })
      await queue(
        transaction,
        { ...newest, status: { in: ['DELIVERED', 'PARTIAL'] } },
        { now: now(), rank: pushRank.itself },
      )
    },
    async ended(transaction, { workspaceId, id }) {
      await queueEnded(transaction, workspaceId, id, now())
      await beginWaiting(transaction, { workspaceId, conversationId: id }, { now: now(), wantedMessages: 0 })
    },
  }
}

/**
 * A text message thread that a rule tagged before its first message has no activity until that comes, or it ends, and so
 * has a chat that ended without one: the push is due at no time. Where every message makes an activity, the first one has
 * the first.
 */
async function beginWaiting(
  transaction: Prisma.TransactionClient,
  where: PushesOfWorkspace,
  { now, wantedMessages }: { now: number; wantedMessages: number },
): Promise<void> {
  const waiting = { ...where, generation: 1, status: 'QUEUED', nextAttemptAt: null, wantedMessages: 0 } as const
  const pushes = await transaction.push.findMany({ where: waiting, select: { id: true } })
  if (pushes.length === 0) return
  const these = { ...alsoIn(where.workspaceId), id: { in: pushes.map(({ id }) => id) }, status: 'QUEUED' } as const
  await transaction.push.updateMany({ where: these, data: { wantedMessages } })
  await queue(transaction, these, { now, rank: pushRank.itself })
}

/**
 * With Allow New Creation each text message makes an activity of its own, which holds all messages so far (D-NEW). They
 * are made one behind the other: one whose turn has not come is due at no time.
 */
async function makeNewActivities(
  transaction: Prisma.TransactionClient,
  newest: PushesOfWorkspace,
  messages: number,
  now: number,
): Promise<void> {
  const pushes = await transaction.push.findMany({
    where: { ...newest, wantedMessages: { lt: messages }, status: { not: 'DISCARDED' }, ...withNewCreation },
    select: { id: true },
  })
  for (const { id } of pushes) {
    // Locked, then read: a worker that ends it at this moment has done so, or will see those behind it.
    const where = { id, workspaceId: newest.workspaceId }
    const { count } = await transaction.push.updateMany({
      where: { ...where, status: { not: 'DISCARDED' } },
      data: { continued: true },
    })
    if (count === 0) continue
    const push = await transaction.push.findUniqueOrThrow({ where })
    const { workspaceId, conversationId, integrationId, tagId, activityType, generation, wantedMessages } = push
    const isDone = endStatuses.some((status) => status === push.status)
    const next = Array.from({ length: messages - wantedMessages }, (_, index) => ({
      ...{ id: uuid(), workspaceId, conversationId, integrationId, tagId, activityType },
      generation: generation + index + 1,
      wantedMessages: wantedMessages + index + 1,
      continued: wantedMessages + index + 1 < messages,
      status: 'QUEUED' as const,
      rank: pushRank.itself,
      nextAttemptAt: isDone && index === 0 ? new Date(now) : null,
    }))
    await transaction.push.createMany({ data: next })
    await transaction.event.createMany({ data: next.map(pushUpdated) })
  }
}

const withNewCreation = { integration: { settings: { dynamics: { allowNewCreation: true } } } }

/**
 * The newest push of a tag that nothing was wanted of for a while, because its record was taken off the conversation or
 * it was discarded: the messages that came meanwhile are wanted now. They go on in its activity; where every message makes
 * an activity and this one is filed, they are in one more together, as those before a tagging are.
 */
export async function catchUp(
  transaction: Prisma.TransactionClient,
  ofWorkspace: string,
  pushId: string,
  now: number,
): Promise<void> {
  const where = { id: pushId, workspaceId: ofWorkspace }
  await lockConversation(transaction, { workspaceId: ofWorkspace, pushes: { some: { id: pushId } } })
  const push = await transaction.push.findUniqueOrThrow({
    where,
    include: {
      conversation: {
        select: { channel: true, messages: { select: { arrival: true }, orderBy: { arrival: 'desc' }, take: 1 } },
      },
    },
  })
  const messages = push.conversation.messages[0]?.arrival ?? 0
  if (messages <= push.wantedMessages) return
  const makesAnother =
    push.conversation.channel === 'SMS' &&
    push.deliveredMessages > 0 &&
    (await transaction.push.count({ where: { ...where, ...withNewCreation } })) === 1
  if (!makesAnother) {
    await transaction.push.update({ where, data: { wantedMessages: messages } })
    return
  }
  await transaction.push.update({ where, data: { continued: true } })
  const { workspaceId, conversationId, integrationId, tagId, activityType, generation } = push
  const next = {
    ...{ id: uuid(), workspaceId, conversationId, integrationId, tagId, activityType },
    generation: generation + 1,
    wantedMessages: messages,
    status: 'QUEUED' as const,
    nextAttemptAt: endStatuses.some((status) => status === push.status) ? new Date(now) : null,
  }
  await transaction.push.create({ data: next })
  await transaction.event.create({ data: pushUpdated(next) })
}

/**
 * What follows from the state that an attempt has left a push in: at its end the one that waits behind it is due. Where
 * its record was taken off the conversation meanwhile, what the attempt has begun stands, and nothing is begun again.
 */
export async function attemptEnded(
  transaction: Prisma.TransactionClient,
  { id, workspaceId }: { id: string; workspaceId: string },
  status: PushStatus,
  now: number,
): Promise<void> {
  if (undoneStatuses.some((it) => it === status)) {
    await discardUndone(transaction, { id, workspaceId, tag: { removedAt: { not: null } } })
  }
  if (!endStatuses.some((it) => it === status)) return
  const push = await transaction.push.findUnique({
    where: { id, workspaceId },
    select: { tagId: true, continued: true },
  })
  if (push?.continued) await queueFirst(transaction, workspaceId, push.tagId, now)
}

/** Of the activities of one tag that are not done yet, the first is due, where it was due at no time. */
export async function queueFirst(
  transaction: Prisma.TransactionClient,
  workspaceId: string,
  tagId: string,
  now: number,
): Promise<void> {
  const first = await transaction.push.findFirst({
    where: { workspaceId, tagId, status: { notIn: [...endStatuses] } },
    orderBy: { generation: 'asc' },
    select: { id: true },
  })
  if (first === null) return
  await transaction.push.updateMany({
    where: { id: first.id, workspaceId, status: 'QUEUED', nextAttemptAt: null },
    data: { nextAttemptAt: new Date(now) },
  })
}

/** Gives up what is not done and not under way. What stands in the CRM stays there. */
export async function discardUndone(transaction: Prisma.TransactionClient, where: PushesOfWorkspace): Promise<void> {
  const { workspaceId } = where
  await discard(transaction, { workspaceId, AND: [where, { status: { in: [...undoneStatuses] } }] })
}

/**
 * Gives up every push that this finds, and answers how many. One that is under way is taken from its worker, whose later
 * writes are refused: what it has sent to the CRM may stand there.
 */
export async function discard(transaction: Prisma.TransactionClient, where: Prisma.PushWhereInput): Promise<number> {
  const pushes = await transaction.push.findMany({
    where,
    select: { id: true, workspaceId: true, integrationId: true, conversationId: true },
  })
  if (pushes.length === 0) return 0
  const { count } = await transaction.push.updateMany({
    where: { AND: [where, { id: { in: pushes.map(({ id }) => id) } }] },
    data: {
      status: 'DISCARDED',
      nextAttemptAt: null,
      leaseOwner: null,
      leaseExpiresAt: null,
      forced: false,
      failingSince: null,
    },
  })
  await transaction.event.createMany({ data: pushes.map(pushUpdated) })
  return count
}

/** Pushes that waited for the end of a conversation which has ended are due. */
export function queueEnded(
  transaction: Prisma.TransactionClient,
  workspaceId: string,
  conversationId: string,
  now: number,
): Promise<void> {
  const where = { workspaceId, conversationId, status: 'WAITING_FOR_END', conversation: { status: 'ENDED' } } as const
  return queue(transaction, where, { now })
}

/** @param rank as it was, where it is left out */
async function queue(
  transaction: Prisma.TransactionClient,
  where: Prisma.PushWhereInput,
  { now, rank }: { now: number; rank?: number },
): Promise<void> {
  const pushes = await transaction.push.findMany({
    where,
    select: { id: true, workspaceId: true, integrationId: true, conversationId: true, status: true },
  })
  const [first] = pushes
  if (first === undefined) return
  await transaction.push.updateMany({
    // By its own columns alone: PostgreSQL looks at them once more where somebody changes one at this moment.
    where: {
      ...alsoIn(first.workspaceId),
      id: { in: pushes.map(({ id }) => id) },
      status: { in: pushes.map(({ status }) => status) },
    },
    data: { status: 'QUEUED', nextAttemptAt: new Date(now), attempts: 0, ...(rank !== undefined && { rank }) },
  })
  await transaction.event.createMany({ data: pushes.map(pushUpdated) })
}
