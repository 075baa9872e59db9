/** The server: reads the configuration, wires everything, listens, and ends in good order. */
import { join } from 'node:path'
import { setTimeout as wait } from 'node:timers/promises'
import { createHttpClient } from '@backchannel/providers'
import { readCrmSettings } from './crm-settings.ts'
import { openDatabase } from './database/index.ts'
import { withGraphiQL } from './demo/graphiql-page.ts'
import { startDemo } from './demo/index.ts'
import { endOnSignals } from './end-on-signals.ts'
import { type Env, readEnv } from './env.ts'
import { failureText } from './failure-text.ts'
import { createGateway } from './gateway.ts'
import { readProxies } from './http/client-address.ts'
import { readKnownOperations } from './http/known-operations.ts'
import { appPolicy } from './http/security-headers.ts'
import { listen } from './http/server.ts'
import { createLogger } from './shared/logger.ts'
import { workspaceDirectory } from './shared/package-directory.ts'
import { createMetrics } from './telemetry/metrics.ts'
import { requestObserver } from './telemetry/observers.ts'
import { startTelemetry } from './telemetry/start.ts'
import { startWorker, workerTimes } from './worker.ts'
import { FIRST_WORKSPACE } from './workspaces/first-workspace.ts'

async function start(env: Env): Promise<() => Promise<void>> {
  const logger = createLogger(env.logLevel)
  const now = Date.now
  const metrics = createMetrics()
  const server = await listen(env.port, env.host, logger, {
    limits: env.limits,
    proxies: readProxies(env.trustedProxies),
    secure: env.publicUrl?.startsWith('https:') ?? false,
    observe: requestObserver(metrics),
  })
  const publicUrl = env.publicUrl ?? `http://${env.host === '127.0.0.1' ? 'localhost' : env.host}:${server.port}`

  const database = await openDatabase(env.databaseUrl)
  const { prisma } = database
  for (const warning of database.warnings) logger.warn(warning)
  const telemetry = await startTelemetry(env.telemetry, { service: 'backchannel', metrics, prisma, logger, now })
  const { emulated, emulatedHosts, allowedHosts, defaultClients } = await readCrmSettings(env, prisma)
  const http = createHttpClient({ allowedHosts, longestCallMs: env.crmTimeoutSeconds * 1_000 })
  const gateway = await createGateway({
    database,
    keys: env.keys,
    http,
    logger,
    metrics,
    now,
    publicUrl,
    otherOrigins: [`http://127.0.0.1:${server.port}`, `http://localhost:${server.port}`],
    emulatedHosts,
    defaultClients,
    company: env.company,
    limits: env.limits,
    redisUrl: env.redisUrl,
    knownOperations: readKnownOperations(knownFiles(env), env.onlyKnownOperations),
  })
  const { services, entrance, secrets, shared } = gateway
  const workspace = await services.workspaces.ensureFirst(FIRST_WORKSPACE)
  if (env.firstOwner) await entrance.ensureFirstOwner(env.firstOwner)
  if (env.adminApiKey) {
    const as = { name: 'ADMIN_API_KEY', scope: 'ADMIN' } as const
    await services.viewers.registerApiKey(workspace.id, env.adminApiKey, as)
  }
  const demo = emulated
    ? await startDemo({ services, secrets, http, logger, orgs: env.emulator, workspaceId: workspace.id })
    : null
  const { events } = services
  const worker = startWorker({ prisma, secrets, events, shared, services, logger, metrics, now, ...workerTimes(env) })

  server.serve({
    graphql: withGraphiQL(gateway.graphql, demo, env.production ? gateway.isAdmin : async () => true),
    upgrade: gateway.upgrade,
    auth: gateway.auth,
    rates: gateway.rates,
    checkReady: telemetry.checkDatabase,
    admin: { directory: join(workspaceDirectory, 'packages/admin/dist'), mount: '/admin', policy: appPolicy },
    corsOrigins: new Set(env.corsOrigins),
  })
  telemetry.ready()
  const email = env.firstOwner?.email.toLowerCase()
  const firstOwnerExists = email !== undefined && (await prisma.user.count({ where: { email } })) > 0
  const firstRun = await entrance.firstRunUrl()
  // Said at every LOG_LEVEL: whoever started us waits for this line, and nobody else can tell the link.
  const always = logger.child({}, { level: 'info' })
  if (firstRun) always.info(`Open ${firstRun} to make the first owner`)
  always.info({ url: publicUrl, port: server.port, emulated, firstOwnerExists, firstRun }, 'Ready')

  return async () => {
    logger.info('Closing')
    demo?.close()
    // Whoever sends requests here is given the time to see that we leave.
    server.leave()
    telemetry.leave()
    const stopped = worker.stop()
    await wait(env.telemetry.drainMs)
    gateway.endStreams()
    // What is being answered needs all that the gateway holds open.
    await Promise.all([server.close(), stopped])
    await gateway.close()
    await http.close()
    await telemetry.close()
    await database.close()
  }
}

/** A server that runs known operations only runs those of its own app, too. */
function knownFiles({ knownOperations, onlyKnownOperations }: Env): readonly string[] {
  if (!onlyKnownOperations) return knownOperations
  return [...knownOperations, join(workspaceDirectory, 'packages/admin/src/graphql/generated/operations.json')]
}

try {
  endOnSignals(await start(readEnv()))
} catch (error) {
  process.stderr.write(`${failureText(error)}\n`)
  process.exit(1)
}
