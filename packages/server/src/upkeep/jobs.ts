/** The one visible list of what is looked after. */
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { UpkeepJob } from './job.ts'
import { createPruneJobs } from './prune.ts'
import { createPruneStore } from './prune-store.ts'

export interface UpkeepParts {
  prisma: PrismaClient
  /** Milliseconds since 1970. */
  now: () => number
}

export function createUpkeepJobs({ prisma, now }: UpkeepParts): UpkeepJob[] {
  return createPruneJobs(createPruneStore(prisma), now)
}
