/** The push worker in a process of its own, beside servers on the same database. It answers nobody and loads no GraphQL. */
import { createHttpClient } from '@backchannel/providers'
import { createCoreServices } from './core-services.ts'
import { readCrmSettings } from './crm-settings.ts'
import { openDatabase } from './database/index.ts'
import { endOnSignals } from './end-on-signals.ts'
import { ConfigurationError, type Env, readEnv } from './env.ts'
import { createEventBus } from './events/bus.ts'
import { createSecretBox } from './secrets/secret-box.ts'
import { createLogger } from './shared/logger.ts'
import { startWorker, workerTimes } from './worker.ts'
import { createWorkspaceService } from './workspaces/service.ts'
import { createWorkspaceStore } from './workspaces/store.ts'

async function start(env: Env): Promise<() => Promise<void>> {
  const logger = createLogger(env.logLevel)
  const now = Date.now
  const database = await openDatabase(env.databaseUrl)
  const { prisma } = database
  const { allowedHosts, emulatedHosts, defaultClients } = await readCrmSettings(env, prisma)
  const http = createHttpClient({ allowedHosts })
  const secrets = createSecretBox(env.keys)
  const events = createEventBus({
    prisma,
    onError: (error) => logger.warn({ err: error }, 'Looking for events failed; it is tried again'),
  })
  const workspaces = createWorkspaceService({ store: createWorkspaceStore(prisma), events })
  const services = createCoreServices({
    prisma,
    secrets,
    events,
    http,
    logger,
    workspaces,
    now,
    publicUrl: env.publicUrl ?? `http://localhost:${env.port}`,
    emulatedHosts,
    defaultClients,
  })
  const worker = startWorker({ prisma, secrets, events, services, logger, now, ...workerTimes(env) })
  logger.info('Ready')

  return async () => {
    logger.info('Closing')
    await worker.stop()
    workspaces.close()
    await events.close()
    await services.integrations.close()
    await http.close()
    await database.close()
  }
}

try {
  endOnSignals(await start(readEnv()))
} catch (error) {
  process.stderr.write(`${error instanceof ConfigurationError ? error.message : String(error)}\n`)
  process.exit(1)
}
