/** Starts what runs in the background, the push worker, the look-up worker and the upkeep, in the server's process or in one of its own. It loads no GraphQL. */
import type { CoreServices } from './core-services.ts'
import type { Env } from './env.ts'
import type { EventBus } from './events/bus.ts'
import type { PrismaClient } from './generated/prisma/client.ts'
import { startLookUps } from './matching/start.ts'
import { createAttempt } from './pushes/attempt.ts'
import { createPauseStore } from './pushes/pause-store.ts'
import { createPushQueue } from './pushes/queue-store.ts'
import { createTraffic } from './pushes/traffic.ts'
import { type PushWorker, type PushWorkerOptions, startPushWorker } from './pushes/worker.ts'
import type { SecretBox } from './secrets/secret-box.ts'
import type { Logger } from './shared/logger.ts'
import { createInProcessState } from './shared-state/in-process.ts'
import type { SharedState } from './shared-state/shared-state.ts'
import { countedQueue } from './telemetry/counted-queue.ts'
import type { Metrics } from './telemetry/metrics.ts'
import { traced } from './telemetry/tracing.ts'
import { createUpkeepJobs } from './upkeep/jobs.ts'
import { startUpkeep } from './upkeep/worker.ts'

export type { PushWorker } from './pushes/worker.ts'

export interface WorkerParts extends Pick<PushWorkerOptions, 'pollMs' | 'overall'> {
  prisma: PrismaClient
  secrets: SecretBox
  events: EventBus
  /** What other workers have a part in; without it, there are none. */
  shared?: Pick<SharedState, 'gate'>
  services: {
    integrations: Pick<
      CoreServices['integrations'],
      'list' | 'find' | 'call' | 'provider' | 'describe' | 'noteFault' | 'noteSuccess'
    >
    conversations: Pick<CoreServices['conversations'], 'get' | 'readTranscript'>
  }
  logger: Logger
  /** Counts what becomes of pushes. */
  metrics?: Pick<Metrics, 'pushAttempted'>
  /** Milliseconds since 1970. */
  now: () => number
  /** How long a create of unknown outcome may still land where the CRM holds no key of ours (ruling 14). */
  keylessSettleSeconds: number
  /** How long a worker that fell silent keeps what it had taken. Keys make one effect of two deliveries, so it may be short. */
  leaseMs?: number
  /** How many pushes of one integration are delivered at once, by all workers together; fewer at first, and after it asked for a pause. */
  perIntegration?: number
  /** How long a push may go on failing before it is left to a person. Default 5 days (reliability.md 3.1). */
  parkAfterMs?: number
}

const DAY_MS = 24 * 60 * 60 * 1_000

/** The worker's times, as they are configured. */
export function workerTimes(env: Env): Pick<WorkerParts, 'keylessSettleSeconds' | 'leaseMs'> {
  return { keylessSettleSeconds: env.keylessSettleSeconds, leaseMs: env.pushLeaseSeconds * 1_000 }
}

export function startWorker(parts: WorkerParts): PushWorker {
  const { prisma, secrets, events, services, logger, now, keylessSettleSeconds, leaseMs = 30_000 } = parts
  const { perIntegration = 5, parkAfterMs = 5 * DAY_MS, pollMs, overall, metrics } = parts
  const { shared = createInProcessState() } = parts
  const pauses = createPauseStore(prisma, now)
  const traffic = createTraffic({ pauses, shared, leaseMs, perIntegration })
  const uncounted = createPushQueue(prisma, { secrets, pauses, leaseMs, now })
  const queue = metrics ? countedQueue(uncounted, metrics) : uncounted
  const attempt = createAttempt({
    queue,
    traffic,
    conversations: services.conversations,
    integrations: services.integrations,
    secrets,
    logger,
    now,
    random: Math.random,
    settleMs: keylessSettleSeconds * 1_000,
    parkAfterMs,
  })
  const pushes = startPushWorker({
    ...{ queue, traffic, events, logger, leaseMs },
    attempt: (claim, signal) => {
      const attributes = { 'backchannel.push_id': claim.id, 'backchannel.integration_id': claim.integrationId }
      return traced('push', attributes, () => attempt(claim, signal))
    },
    ...(pollMs !== undefined && { pollMs }),
    ...(overall !== undefined && { overall }),
  })
  const lookUps = startLookUps({ prisma, secrets, events, ...services, logger, now, ...(pollMs && { pollMs }) })
  const upkeep = startUpkeep({ jobs: createUpkeepJobs({ prisma, secrets, now }), logger })
  return {
    async stop(graceMs) {
      await Promise.all([pushes.stop(graceMs), lookUps.stop(), upkeep.stop()])
    },
  }
}
