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
    const found = await everywhere.push.findMany({
      where,
      select: { id: true },
      // As the index has them: what is read is what is taken.
      orderBy: [{ rank: 'asc' }, { nextAttemptAt: 'asc' }],
      take: PORTION,
    })
    if (found.length === 0) return 0
    await everywhere.$transaction(async (transaction) => {
      const released = await transaction.push.updateManyAndReturn({
        where: { AND: [where, { id: { in: found.map(({ id }) => id) } }] },
        data: { status: 'QUEUED', rank: pushRank.itself, nextAttemptAt: new Date(now()) },
        select: { id: true, workspaceId: true, conversationId: true, integrationId: true },
      })
      await transaction.event.createMany({ data: released.map(pushUpdated) })
    })
    return found.length
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
      const ids = await everywhere.integration.findMany({
        where: { ...(integrationId !== null && { id: integrationId }), status: { not: 'DISCONNECTED' } },
        select: { id: true },
      })
      for (const { id } of ids) {
        for (const where of held(id)) while ((await releasePortion(where)) === PORTION);
      }
    },
  }

  /** What waits for this integration, named as the index has it: of a long table only these rows are read. */
  function held(integrationId: string): Prisma.PushWhereInput[] {
    return [
      { integrationId, status: 'WAITING_FOR_INTEGRATION', integration: { status: { not: 'DISCONNECTED' } } },
      {
        integrationId,
        status: 'RETRYING',
        rank: { in: Object.values(pushRank) },
        nextAttemptAt: { gt: new Date(now()) },
        errorCode: { in: [...integrationFaults] },
        integration: { status: 'CONNECTED' },
      },
    ]
  }
}
