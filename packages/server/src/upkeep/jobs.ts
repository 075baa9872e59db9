/** The one visible list of what is looked after. */
import { createAuditIntentsJob } from '../audit/intents.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import { createKeysJob } from '../secrets/keys-job.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { createFarTimesJob } from './far-times.ts'
import type { UpkeepJob } from './job.ts'
import { createPruneJobs } from './prune.ts'
import { createPruneStore } from './prune-store.ts'
import { createRetentionJob } from './retention.ts'
import { createRetentionStore } from './retention-store.ts'
import { createVisitorKeysJob } from './visitor-keys.ts'
import { createVisitorKeysStore } from './visitor-keys-store.ts'

export interface UpkeepParts {
  prisma: PrismaClient
  secrets: SecretBox
  /** Milliseconds since 1970. */
  now: () => number
}

export function createUpkeepJobs({ prisma, secrets, now }: UpkeepParts): UpkeepJob[] {
  return [
    createFarTimesJob(prisma, now),
    createAuditIntentsJob(prisma, now),
    createKeysJob(prisma, secrets),
    createVisitorKeysJob(createVisitorKeysStore(prisma, secrets)),
    createRetentionJob(createRetentionStore(prisma, secrets), now),
    ...createPruneJobs(createPruneStore(prisma), now),
  ]
}
