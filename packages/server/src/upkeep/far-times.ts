/**
 * A clock that was far ahead for a while, as of a machine that started before it was told the time, leaves pushes, leases
 * and pauses that end when it would have been right: in a year, perhaps (reliability.md F30). Nothing waits for so long by
 * our rules, so what does is due now.
 */
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import { pushRank } from '../pushes/rank.ts'
import type { UpkeepJob } from './job.ts'

/**
 * The longest lease that can be configured is shorter, and so is every pause and every wait for another try. (Where more
 * is configured for what may still land in a CRM without keys, a push that is looked at too early goes on waiting.)
 */
const FAR_MS = 4 * 60 * 60 * 1_000

/** @param now milliseconds since 1970 */
export function createFarTimesJob(prisma: PrismaClient, now: () => number): UpkeepJob {
  const everywhere = acrossWorkspaces(prisma)
  return {
    name: 'times of a wrong clock',
    async run(signal) {
      const at = new Date(now())
      const far = { gt: new Date(now() + FAR_MS) }
      await everywhere.integration.updateMany({ where: { pausedUntil: far }, data: { pausedUntil: at } })
      for (const { id: integrationId } of await everywhere.integration.findMany({ select: { id: true } })) {
        if (signal.aborted) return
        // Named as the index has them: of a long table only these rows are read.
        const rank = { in: Object.values(pushRank) }
        await everywhere.push.updateMany({
          where: { integrationId, status: { in: ['QUEUED', 'RETRYING'] }, rank, nextAttemptAt: far },
          data: { nextAttemptAt: at },
        })
        await everywhere.push.updateMany({
          where: { integrationId, status: 'DELIVERING', leaseExpiresAt: far },
          data: { leaseExpiresAt: at },
        })
      }
    },
  }
}
