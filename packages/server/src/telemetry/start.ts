/** What a process is watched by: the port for operators, and the way of its spans; both only where the environment asks for them. */
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { Logger } from '../shared/logger.ts'
import { addBacklog } from './backlog.ts'
import { createBacklogStore } from './backlog-store.ts'
import type { Metrics } from './metrics.ts'
import { openOperatorPort } from './operator-port.ts'
import { addProcess } from './process-metrics.ts'
import type { TelemetrySettings } from './settings.ts'

export interface TelemetryParts {
  /** The name of the process, for whoever looks at its spans. */
  service: string
  metrics: Metrics
  prisma: PrismaClient
  logger: Logger
  /** Milliseconds since 1970. */
  now: () => number
}

export interface Telemetry {
  /** The port for operators; null: none. */
  readonly port: number | null
  /** Rejects where the database does not answer within 3 s: what `/ready` asks, here and on the server's own port. */
  checkDatabase(): Promise<void>
  /** The process does its work from now on. */
  ready(): void
  /** It is about to end. */
  leave(): void
  /** Sends the last spans, and closes the port. */
  close(): Promise<void>
}

export async function startTelemetry(settings: TelemetrySettings, parts: TelemetryParts): Promise<Telemetry> {
  const { service, metrics, prisma, logger, now } = parts
  const store = createBacklogStore(prisma, now)
  let state: 'starting' | 'ready' | 'closing' = 'starting'

  async function obstacle(): Promise<string | null> {
    if (state !== 'ready') return state
    return store.ping().then(
      () => null,
      () => 'waiting for the database',
    )
  }

  async function openPort(port: number) {
    addBacklog(metrics, store)
    addProcess(metrics)
    const { host, token } = settings
    const opened = await openOperatorPort({ port, host, token, metrics, obstacle, logger })
    logger.info({ port: opened.port }, 'Metrics are served')
    return opened
  }

  const port = settings.port === null ? null : await openPort(settings.port)
  const tracing = settings.traces ? await import('./tracing-export.ts') : null
  const endTracing = tracing?.startTracing(settings.serviceName ?? service)
  return {
    port: port?.port ?? null,
    checkDatabase: store.ping,
    ready() {
      state = 'ready'
    },
    leave() {
      state = 'closing'
    },
    async close() {
      await endTracing?.().catch((error: unknown) => logger.warn({ err: error }, 'The last spans were not sent'))
      await port?.close()
    },
  }
}
