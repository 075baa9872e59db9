/** Retrying and giving up pushes, as rows. What is done to many is done in batches, so that nobody waits for the writer. */
import type { ConversationScope } from '../conversations/conversation.ts'
import { alsoIn } from '../database/names-workspace.ts'
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import { catchUp, discard, queueFirst } from './follow-up-store.ts'
import { type PushFilter, toWhere } from './push-filter.ts'
import { discardableStatuses, pushStateColumns, refusalToRetry, retryableStatuses } from './push-states.ts'
import { type Requeued, requeue, requeuedColumns } from './requeue-store.ts'
import { within } from './scope.ts'

/** How many one transaction changes. */
const BATCH = 200

export interface PushActionStore {
  /** Has these be due again, those of them that can be; answers how many. */
  retry(workspaceId: string, ids: readonly string[], how: Requeued): Promise<number>
  /** Gives these up, those of them that are not done; answers how many. */
  discard(workspaceId: string, ids: readonly string[], at: Date): Promise<number>
  /** Batches of the ids that a filter finds, each read when the one before it was dealt with. */
  batches(scope: ConversationScope, filter: PushFilter): AsyncIterable<string[]>
}

/** @param owesRecord whether the record's backend fields were refused when this plan was carried out */
export function createPushActionStore(
  prisma: PrismaClient,
  owesRecord: (push: { id: string; planSealed: string | null }) => boolean,
): PushActionStore {
  return {
    retry: (workspaceId, ids, how) =>
      prisma.$transaction(async (transaction) => {
        const found = await transaction.push.findMany({
          where: { ...alsoIn(workspaceId), id: { in: [...ids] }, status: { in: [...retryableStatuses] } },
          select: { ...requeuedColumns, ...pushStateColumns },
        })
        const pushes = found.filter((push) => refusalToRetry(push) === null)
        const owing = (await plansOf(transaction, workspaceId, pushes, 'PARTIAL')).filter(owesRecord)
        // As if the record was tagged once more.
        await transaction.push.updateMany({
          where: { ...alsoIn(workspaceId), id: { in: owing.map(({ id }) => id) } },
          data: { backendWanted: { increment: 1 } },
        })
        for (const { id, status, continued } of pushes) {
          if (status === 'DISCARDED' && !continued) await catchUp(transaction, workspaceId, id, how.at.getTime())
        }
        return requeue(transaction, workspaceId, pushes, how)
      }),

    discard: (workspaceId, ids, at) =>
      prisma.$transaction(async (transaction) => {
        const where = { ...alsoIn(workspaceId), id: { in: [...ids] }, status: { in: [...discardableStatuses] } }
        const pushes = await transaction.push.findMany({
          where: { ...where, continued: true },
          select: { tagId: true },
        })
        const count = await discard(transaction, where)
        for (const tagId of new Set(pushes.map((push) => push.tagId)))
          await queueFirst(transaction, workspaceId, tagId, at.getTime())
        return count
      }),

    async *batches(scope, filter) {
      const wanted = { AND: [within(scope), toWhere(filter)] }
      for (let after = ''; ; ) {
        const rows = await prisma.push.findMany({
          where: { AND: [wanted, { id: { gt: after } }] },
          orderBy: { id: 'asc' },
          select: { id: true },
          take: BATCH,
        })
        const ids = rows.map(({ id }) => id)
        const last = ids.at(-1)
        if (last === undefined) return
        yield ids
        after = last
      }
    },
  }
}

/** A plan holds a whole transcript: it is read only where it decides something. */
function plansOf(
  transaction: Prisma.TransactionClient,
  workspaceId: string,
  pushes: readonly { id: string; status: string }[],
  status: 'PARTIAL',
): Promise<{ id: string; planSealed: string | null }[]> {
  const ids = pushes.filter((push) => push.status === status).map(({ id }) => id)
  return transaction.push.findMany({
    where: { ...alsoIn(workspaceId), id: { in: ids } },
    select: { id: true, planSealed: true },
  })
}
