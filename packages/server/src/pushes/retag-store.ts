/** A record that a conversation is tagged with once more, and one that is taken off it. */
import type { ConversationScope } from '../conversations/conversation.ts'
import { lockConversation } from '../conversations/lock.ts'
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import { catchUp, discardUndone } from './follow-up-store.ts'
import { pushUpdated, tagChanged } from './push-event.ts'
import { pushRank } from './rank.ts'
import { type RequeuedPush, requeue, requeuedColumns } from './requeue-store.ts'
import { within } from './scope.ts'

export interface Retagging {
  workspaceId: string
  tagId: string
  taggedBy: string | null
  snapshotSealed: string
  givenSealed: string | null
  /** Its backend fields are written once more. */
  writesAgain: boolean
  /** Whether what was taken off or discarded is taken up again. */
  revives: boolean
}

/**
 * The same record again is the same tag, without a second activity for what has one. A record that was taken off is put
 * back, and what was discarded is taken up: the messages that came meanwhile go on in its newest activity, under the same
 * key, so that nothing is there twice. With Allow New Creation those behind a filed activity are in one more.
 *
 * Where nothing was taken off, its backend fields are written again: what was given last counts; where nothing was, and
 * nothing was planned yet, what was given before does.
 */
export function tagAgain(prisma: PrismaClient, again: Retagging, at: Date): Promise<void> {
  const { workspaceId, tagId, revives, writesAgain } = again
  return prisma.$transaction(async (transaction) => {
    await lockConversation(transaction, { workspaceId, tags: { some: { id: tagId } } })
    const isBack = revives && (await putBack(transaction, again, at))
    const push = await transaction.push.findFirst({
      where: { workspaceId, tagId, continued: false, tag: { removedAt: null } },
      orderBy: { generation: 'desc' },
      select: { ...requeuedColumns, planSealed: true },
    })
    if (push === null) return
    const isTakenUp = isBack || (revives && push.status === 'DISCARDED')
    if (writesAgain && (isTakenUp || push.status !== 'DISCARDED')) await writeAgain(transaction, push, again, at)
    if (isTakenUp) await takeUp(transaction, push, at)
  })
}

/** False where it was not taken off. */
async function putBack(
  transaction: Prisma.TransactionClient,
  { workspaceId, tagId, taggedBy, snapshotSealed }: Retagging,
  at: Date,
): Promise<boolean> {
  const { count } = await transaction.tag.updateMany({
    where: { id: tagId, workspaceId, removedAt: { not: null } },
    data: { removedAt: null, removedBy: null, taggedAt: at, taggedBy, automatic: false, snapshotSealed },
  })
  if (count === 0) return false
  const tag = await transaction.tag.findUniqueOrThrow({ where: { id: tagId, workspaceId } })
  await transaction.event.create({ data: tagChanged('RECORD_TAGGED', tag) })
  return true
}

async function writeAgain(
  transaction: Prisma.TransactionClient,
  push: RequeuedPush & { planSealed: string | null },
  { workspaceId, tagId, givenSealed }: Retagging,
  at: Date,
): Promise<void> {
  // What is filed was planned, also where the plan is not kept any more.
  const isPlanned = push.planSealed !== null || isFiled(push)
  if (!isPlanned && givenSealed === null) return
  await transaction.tag.update({ where: { id: tagId, workspaceId }, data: { backendValuesSealed: givenSealed } })
  await transaction.push.update({ where: { id: push.id, workspaceId }, data: { backendWanted: { increment: 1 } } })
  const { count } = await transaction.push.updateMany({
    where: { id: push.id, workspaceId, status: { in: ['DELIVERED', 'PARTIAL'] } },
    data: { status: 'QUEUED', nextAttemptAt: at, attempts: 0, rank: pushRank.person },
  })
  if (count === 1) await transaction.event.create({ data: pushUpdated(push) })
}

const isFiled = ({ status }: Pick<RequeuedPush, 'status'>) => status === 'DELIVERED' || status === 'PARTIAL'

/** The newest push of its tag goes on, where anything is left to do. */
async function takeUp(
  transaction: Prisma.TransactionClient,
  { workspaceId, id }: Pick<RequeuedPush, 'workspaceId' | 'id'>,
  at: Date,
): Promise<void> {
  await catchUp(transaction, workspaceId, id, at.getTime())
  const select = { ...requeuedColumns, wantedMessages: true, deliveredMessages: true }
  const push = await transaction.push.findUniqueOrThrow({ where: { id, workspaceId }, select })
  const isOver = push.status === 'DISCARDED' || push.status === 'FAILED'
  if (isOver || (isFiled(push) && push.wantedMessages > push.deliveredMessages)) {
    await requeue(transaction, workspaceId, [push], { at, rank: pushRank.person, forced: false })
  }
}

/**
 * Takes a record off: nothing further is written for it, and what is not begun is given up. An attempt that is under way
 * ends with the messages that there are, and is not repeated where it fails. Doing it again changes nothing.
 */
export function untag(
  prisma: PrismaClient,
  scope: ConversationScope,
  tagId: string,
  { by, at }: { by: string; at: Date },
): Promise<void> {
  return prisma.$transaction(async (transaction) => {
    await lockConversation(transaction, { workspaceId: scope.workspaceId, tags: { some: { id: tagId } } })
    const { count } = await transaction.tag.updateMany({
      where: { AND: [within(scope), { id: tagId, removedAt: null }] },
      data: { removedAt: at, removedBy: by },
    })
    if (count === 0) return
    const { workspaceId } = scope
    const tag = await transaction.tag.findUniqueOrThrow({ where: { id: tagId, workspaceId } })
    await transaction.event.create({ data: tagChanged('RECORD_UNTAGGED', tag) })
    await discardUndone(transaction, { workspaceId, tagId })
  })
}
