/** The push worker as a process: what it consists of, from its configuration alone. It answers nobody and loads no GraphQL. */
import { createHttpClient, type HttpClient } from '@backchannel/providers'
import { createCoreServices } from './core-services.ts'
import { readCrmSettings } from './crm-settings.ts'
import { openDatabase, type PrismaClient } from './database/index.ts'
import type { Env } from './env.ts'
import { createEventBus } from './events/bus.ts'
import { openSecrets } from './secrets/lasting-keys.ts'
import { createLogger } from './shared/logger.ts'
import { openSharedState } from './shared-state/open.ts'
import { createMetrics } from './telemetry/metrics.ts'
import { watchRedis } from './telemetry/redis-gauge.ts'
import { startTelemetry } from './telemetry/start.ts'
import { startWorker, workerTimes } from './worker.ts'
import { createWorkspaceService } from './workspaces/service.ts'
import { createWorkspaceStore } from './workspaces/store.ts'

/** What stands between the worker and the world. A test may put something in between. */
export interface WorkerPorts {
  http: HttpClient
  prisma: PrismaClient
}

/** Answers what ends it. */
export async function startWorkerProcess(
  env: Env,
  through: (ports: WorkerPorts) => WorkerPorts = (ports) => ports,
): Promise<() => Promise<void>> {
  const logger = createLogger(env.logLevel)
  const metrics = createMetrics()
  const now = Date.now
  const database = await openDatabase(env.databaseUrl)
  for (const warning of database.warnings) logger.warn(warning)
  const { emulatedHosts, allowedHosts, defaultClients } = await readCrmSettings(env, database.prisma)
  const longestCallMs = env.crmTimeoutSeconds * 1_000
  const client = createHttpClient({ allowedHosts, longestCallMs })
  const { http, prisma } = through({ http: client, prisma: database.prisma })
  const { secrets } = await openSecrets(prisma, env.keys)
  const watching = { ...env.telemetry, port: env.telemetry.workerPort }
  const telemetry = await startTelemetry(watching, { service: 'backchannel-worker', metrics, prisma, logger, now })
  const shared = await openSharedState({ url: env.redisUrl, secrets, logger, now })
  if (env.redisUrl !== null) watchRedis(metrics, shared)
  const events = createEventBus({
    prisma,
    others: shared,
    onError: (error) => logger.warn({ err: error }, 'Looking for events failed; it is tried again'),
  })
  const workspaces = createWorkspaceService({ store: createWorkspaceStore(prisma), events })
  const services = createCoreServices({
    prisma,
    secrets,
    events,
    http,
    shared,
    longestCallMs,
    logger,
    metrics,
    workspaces,
    now,
    publicUrl: env.publicUrl ?? `http://localhost:${env.port}`,
    emulatedHosts,
    defaultClients,
  })
  const worker = startWorker({ prisma, secrets, events, shared, services, logger, metrics, now, ...workerTimes(env) })
  telemetry.ready()
  logger.info('Ready')

  return async () => {
    logger.info('Closing')
    telemetry.leave()
    await worker.stop()
    workspaces.close()
    await events.close()
    await services.integrations.close()
    await shared.close()
    await http.close()
    await telemetry.close()
    await database.close()
  }
}
