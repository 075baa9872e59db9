/** Composes the look-up worker. It loads no GraphQL. */
import type { ConversationService } from '../conversations/service.ts'
import type { EventBus } from '../events/bus.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { IntegrationService } from '../integrations/service.ts'
import { createPushStore } from '../pushes/store.ts'
import { createTagging } from '../pushes/tagging.ts'
import type { SecretBox } from '../secrets/secret-box.ts'
import { createLookUpJob } from './job.ts'
import { createLookUp } from './look-up.ts'
import { createLookUpQueue } from './look-up-store.ts'
import { type LookUpWorker, type LookUpWorkerOptions, startLookUpWorker } from './worker.ts'

export interface LookUpsParts extends Pick<LookUpWorkerOptions, 'logger' | 'now' | 'pollMs'> {
  prisma: PrismaClient
  secrets: SecretBox
  events: EventBus
  integrations: Pick<IntegrationService, 'list' | 'find' | 'call' | 'describe'>
  conversations: Pick<ConversationService, 'get'>
}

/** Longer than a CRM is waited for: a worker that fell silent keeps what it had taken for so long. */
const LEASE_MS = 60_000

export function startLookUps(parts: LookUpsParts): LookUpWorker {
  const { prisma, secrets, events, integrations, conversations, logger, now, ...pace } = parts
  const queue = createLookUpQueue(prisma, { secrets, leaseMs: LEASE_MS, now })
  const store = createPushStore(prisma)
  const tagging = createTagging({ store, conversations, integrations, secrets, wake: events.wake, now })
  const lookUp = createLookUp({ integrations, logger, now })
  const job = createLookUpJob({ queue, integrations, lookUp, tagging, now })
  return startLookUpWorker({ queue, job, events, logger, now, ...pace })
}
