/** Starts what runs in the background, the push worker and the upkeep, in the server's process or in one of its own. It loads no GraphQL. */
import type { CoreServices } from './core-services.ts'
import type { Env } from './env.ts'
import type { EventBus } from './events/bus.ts'
import type { PrismaClient } from './generated/prisma/client.ts'
import { createAttempt } from './pushes/attempt.ts'
import { createPushQueue } from './pushes/queue-store.ts'
import { type PushWorker, type PushWorkerOptions, startPushWorker } from './pushes/worker.ts'
import type { SecretBox } from './secrets/secret-box.ts'
import type { Logger } from './shared/logger.ts'
import { createUpkeepJobs } from './upkeep/jobs.ts'
import { startUpkeep } from './upkeep/worker.ts'

export type { PushWorker } from './pushes/worker.ts'

export interface WorkerParts extends Pick<PushWorkerOptions, 'pollMs' | 'perIntegration' | 'overall'> {
  prisma: PrismaClient
  secrets: SecretBox
  events: EventBus
  services: {
    integrations: Pick<CoreServices['integrations'], 'find' | 'provider' | 'describe' | 'noteFault'>
    conversations: Pick<CoreServices['conversations'], 'readTranscript'>
  }
  logger: Logger
  /** Milliseconds since 1970. */
  now: () => number
  /** How long a create of unknown outcome may still land where the CRM holds no key of ours (ruling 14). */
  keylessSettleSeconds: number
  /** How long a worker that fell silent keeps what it had taken. Keys make one effect of two deliveries, so it may be short. */
  leaseMs?: number
}

/** The worker's times, as they are configured. */
export function workerTimes(env: Env): Pick<WorkerParts, 'keylessSettleSeconds' | 'leaseMs'> {
  return { keylessSettleSeconds: env.keylessSettleSeconds, leaseMs: env.pushLeaseSeconds * 1_000 }
}

export function startWorker(parts: WorkerParts): PushWorker {
  const { prisma, secrets, events, services, logger, now, keylessSettleSeconds, leaseMs = 30_000, ...pace } = parts
  const queue = createPushQueue(prisma, { secrets, leaseMs, now })
  const attempt = createAttempt({
    queue,
    conversations: services.conversations,
    integrations: services.integrations,
    secrets,
    logger,
    now,
    random: Math.random,
    settleMs: keylessSettleSeconds * 1_000,
  })
  const pushes = startPushWorker({ queue, attempt, events, logger, leaseMs, ...pace })
  const upkeep = startUpkeep({ jobs: createUpkeepJobs({ prisma, now }), logger })
  return {
    async stop(graceMs) {
      await Promise.all([pushes.stop(graceMs), upkeep.stop()])
    },
  }
}
