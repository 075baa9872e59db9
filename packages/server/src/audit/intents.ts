/** Tells of what a process had begun when it ended: that it may have been done, since nobody knows. */
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { UpkeepJob } from '../upkeep/job.ts'

/** Nothing that is told of takes so long: its process is gone. */
const LONGEST_MS = 15 * 60 * 1_000

const OUTCOME_UNKNOWN = 'it was begun; whether it was done is not known'

/** @param now milliseconds since 1970 */
export function createAuditIntentsJob(prisma: PrismaClient, now: () => number): UpkeepJob {
  const everywhere = acrossWorkspaces(prisma)
  const { auditEntry, auditIntent } = everywhere
  return {
    name: 'audit log of processes that ended',
    async run(signal) {
      const left = await auditIntent.findMany({ where: { at: { lt: new Date(now() - LONGEST_MS) } } })
      for (const intent of left) {
        if (signal.aborted) return
        const { id } = intent
        try {
          await everywhere.$transaction([
            auditEntry.create({ data: { ...intent, subject: OUTCOME_UNKNOWN } }),
            auditIntent.deleteMany({ where: { id } }),
          ])
        } catch (error) {
          // Another process was faster: the entry is there under the same id, and is never replaced.
          if ((await auditIntent.findUnique({ where: { id } })) !== null) throw error
        }
      }
    },
  }
}
