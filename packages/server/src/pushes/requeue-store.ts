/** Pushes that a person asks for again are due, written in the transaction of whoever asks. */
import { alsoIn } from '../database/names-workspace.ts'
import type { Prisma, PushStatus } from '../generated/prisma/client.ts'
import { queueEnded } from './follow-up-store.ts'
import { pushUpdated } from './push-event.ts'
import { endStatuses } from './push-states.ts'
import type { pushRank } from './rank.ts'

export interface Requeued {
  at: Date
  rank: (typeof pushRank)[keyof typeof pushRank]
  /** No pause of ours holds it (ruling 15). */
  forced: boolean
}

/** What is read of a push that is to be due again. */
export const requeuedColumns = {
  ...{ id: true, workspaceId: true, integrationId: true, conversationId: true },
  ...{ tagId: true, generation: true, continued: true, status: true },
  conversation: { select: { channel: true, status: true } },
} as const satisfies Prisma.PushSelect

export type RequeuedPush = Prisma.PushGetPayload<{ select: typeof requeuedColumns }>

/**
 * Has these pushes be due: at once, or, where an earlier activity of the same tag is not done, behind it, or at the end of
 * a chat that still runs. One whose state changed since it was read is left as it is. Answers how many there are.
 */
export async function requeue(
  transaction: Prisma.TransactionClient,
  workspaceId: string,
  pushes: readonly RequeuedPush[],
  { at, rank, forced }: Requeued,
): Promise<number> {
  const behind = await behindOthers(transaction, workspaceId, pushes)
  const running = pushes.filter(
    ({ conversation }) => conversation.channel === 'CHAT' && conversation.status === 'ACTIVE',
  )
  const waitsForEnd = (push: RequeuedPush) => running.includes(push)
  const groups = [
    { of: pushes.filter(waitsForEnd), status: 'WAITING_FOR_END', nextAttemptAt: null },
    { of: pushes.filter((it) => !waitsForEnd(it) && behind.has(it.id)), status: 'QUEUED', nextAttemptAt: null },
    { of: pushes.filter((it) => !waitsForEnd(it) && !behind.has(it.id)), status: 'QUEUED', nextAttemptAt: at },
  ] as const
  let count = 0
  for (const { of, status, nextAttemptAt } of groups) {
    for (const [before, ids] of byStatus(of)) {
      const changed = await transaction.push.updateMany({
        where: { ...alsoIn(workspaceId), id: { in: ids }, status: before },
        data: { status, nextAttemptAt, rank, forced, attempts: 0, failingSince: null },
      })
      count += changed.count
    }
  }
  if (forced) await vouch(transaction, workspaceId, pushes)
  await planAnew(transaction, workspaceId, pushes)
  // It may have ended since we looked.
  for (const { conversationId } of running) {
    await queueEnded(transaction, workspaceId, conversationId, at.getTime())
  }
  await transaction.event.createMany({ data: pushes.map(pushUpdated) })
  return count
}

/** The ids of those that have one before them, of the same tag, whose attempts have not come to an end. */
async function behindOthers(
  transaction: Prisma.TransactionClient,
  workspaceId: string,
  pushes: readonly RequeuedPush[],
): Promise<ReadonlySet<string>> {
  const later = pushes.filter(({ generation }) => generation > 1)
  if (later.length === 0) return new Set()
  const unfinished = await transaction.push.findMany({
    where: {
      ...alsoIn(workspaceId),
      tagId: { in: [...new Set(later.map(({ tagId }) => tagId))] },
      status: { notIn: [...endStatuses] },
    },
    select: { tagId: true, generation: true },
  })
  const before = [...unfinished, ...pushes]
  const isBehind = ({ tagId, generation }: RequeuedPush) =>
    before.some((it) => it.tagId === tagId && it.generation < generation)
  return new Set(later.filter(isBehind).map(({ id }) => id))
}

function byStatus(pushes: readonly RequeuedPush[]): Map<PushStatus, string[]> {
  const groups = new Map<PushStatus, string[]>()
  for (const { id, status } of pushes) groups.set(status, [...(groups.get(status) ?? []), id])
  return groups
}

/**
 * A person who asks has looked into the CRM: what was sent before is there, or comes no more (ruling 14). That says nothing
 * of an attempt that begins later.
 */
async function vouch(
  transaction: Prisma.TransactionClient,
  workspaceId: string,
  pushes: readonly RequeuedPush[],
): Promise<void> {
  await transaction.pushActivity.updateMany({
    where: { workspaceId, pushId: { in: pushes.map(({ id }) => id) }, attemptedAt: { not: null } },
    data: { attemptedAt: new Date(0) },
  })
}

/**
 * Where nothing of a push can be in the CRM, its plan is dropped: what an admin has put right since in the settings counts
 * when it is planned anew.
 */
async function planAnew(
  transaction: Prisma.TransactionClient,
  workspaceId: string,
  pushes: readonly RequeuedPush[],
): Promise<void> {
  const mayBeThere = { OR: [{ remoteId: { not: null } }, { attemptedAt: { not: null } }] }
  await transaction.push.updateMany({
    where: {
      ...alsoIn(workspaceId),
      id: { in: pushes.map(({ id }) => id) },
      status: { in: ['QUEUED', 'WAITING_FOR_END'] },
      activities: { none: mayBeThere },
    },
    data: { planSealed: null, plannedMessages: 0 },
  })
}
