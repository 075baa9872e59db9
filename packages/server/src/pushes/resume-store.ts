/** What a change of an integration sets in motion. */
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import { integrationFaults } from '../integrations/health.ts'
import type { PauseStore } from './pause-store.ts'
import { pushUpdated } from './push-event.ts'
import { pushRank } from './rank.ts'

/** Many may wait: they are set due by so many at a time, so that no transaction holds others up for long. */
const PORTION = 500

/** @param now milliseconds since 1970 */
export function createResumeStore(prisma: PrismaClient, pauses: Pick<PauseStore, 'reconsider'>, now: () => number) {
  const everywhere = acrossWorkspaces(prisma)
  async function releasePortion(where: Prisma.PushWhereInput): Promise<number> {
    return everywhere.$transaction(async (transaction) => {
      const pushes = await transaction.push.findMany({
        where,
        select: { id: true, workspaceId: true, conversationId: true, integrationId: true },
        take: PORTION,
      })
      if (pushes.length === 0) return 0
      await transaction.push.updateMany({
        where: { AND: [where, { id: { in: pushes.map(({ id }) => id) } }] },
        data: { status: 'QUEUED', rank: pushRank.itself, nextAttemptAt: new Date(now()) },
      })
      await transaction.event.createMany({ data: pushes.map(pushUpdated) })
      return pushes.length
    })
  }

  return {
    /**
     * Pushes that waited for an integration which is connected again are due, and so are those that failed by a fault of
     * an integration which works again.
     *
     * @param integrationId null: all of them, as a worker that starts asks; a pause stands then
     */
    async integrationsChanged(integrationId: string | null): Promise<void> {
      if (integrationId !== null) await pauses.reconsider(integrationId)
      const where: Prisma.PushWhereInput = {
        ...(integrationId !== null && { integrationId }),
        OR: [
          { status: 'WAITING_FOR_INTEGRATION', integration: { status: { not: 'DISCONNECTED' } } },
          {
            status: 'RETRYING',
            errorCode: { in: [...integrationFaults] },
            nextAttemptAt: { gt: new Date(now()) },
            integration: { status: 'CONNECTED' },
          },
        ],
      }
      while ((await releasePortion(where)) === PORTION);
    },
  }
}
