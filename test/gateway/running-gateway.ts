import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ControlClient, createControl, type Emulator, startEmulator } from '@backchannel/emulator'
import { createHttpClient } from '@backchannel/providers'
import { openDatabase, type PrismaClient } from '../../packages/server/src/database/index.ts'
import { acrossWorkspaces, guardedThrough } from '../../packages/server/src/database/workspace-guard.ts'
import { withGraphiQL } from '../../packages/server/src/demo/graphiql-page.ts'
import { startDemo } from '../../packages/server/src/demo/index.ts'
import { createGateway, type Gateway, type GatewayParts } from '../../packages/server/src/gateway.ts'
import { appPolicy } from '../../packages/server/src/http/security-headers.ts'
import { listen } from '../../packages/server/src/http/server.ts'
import { createLogger } from '../../packages/server/src/shared/logger.ts'
import { workspaceDirectory } from '../../packages/server/src/shared/package-directory.ts'
import { createMetrics, type Metrics } from '../../packages/server/src/telemetry/metrics.ts'
import { requestObserver } from '../../packages/server/src/telemetry/observers.ts'
import { makeTestDatabase } from '../../packages/server/src/testing/make-database.ts'
import { quickPasswords } from '../../packages/server/src/testing/quick-passwords.ts'
import { createUpkeepJobs } from '../../packages/server/src/upkeep/jobs.ts'
import { heldScopes, type Scope, type Viewer } from '../../packages/server/src/viewers/viewer.ts'
import { startWorker } from '../../packages/server/src/worker.ts'
import { FIRST_WORKSPACE } from '../../packages/server/src/workspaces/first-workspace.ts'

/** A gateway on a port and a database of its own, with both emulated CRMs connected. */
export interface RunningGateway {
  readonly url: string
  readonly emulator: Emulator
  /** What the CRMs saw and hold, and how they fail. */
  readonly crm: { readonly dynamics: ControlClient; readonly salesforce: ControlClient }
  readonly gateway: Gateway
  /** What is kept, behind the API's back. */
  readonly database: PrismaClient
  readonly workspaceId: string
  /** The folder that holds all that the gateway keeps, its database too where that is a SQLite file. */
  readonly directory: string
  /** Its `DATABASE_URL`. */
  readonly databaseUrl: string
  /** Its `BACKCHANNEL_KEYS`. */
  readonly keys: string
  /** What it counts. */
  readonly metrics: Metrics
  /** Every line that was logged. */
  readonly lines: string[]
  readonly demo: Awaited<ReturnType<typeof startDemo>>
  /** A caller of the workspace, for what is set up behind the API's back. */
  viewer(scope: Scope): Viewer
  /** A key that opens the workspace with this scope. */
  key(scope: Scope): Promise<string>
  /** An ADMIN key of a further workspace, which has nothing connected. */
  otherWorkspace(name: string): Promise<string>
  /**
   * Runs an operation, as an admin unless another key or token is given; answers its data. An answer with errors is
   * thrown, with what was asked.
   */
  // biome-ignore lint/suspicious/noExplicitAny: the shape follows from the query of each test.
  execute(query: string, variables?: Record<string, unknown>, bearer?: string): Promise<any>
  /** How often the database was asked while `work` ran. */
  countDatabaseCalls(work: () => Promise<unknown>): Promise<number>
  /** What the database was asked while `work` ran: `Integration.findMany`. */
  databaseCalls(work: () => Promise<unknown>): Promise<string[]>
  /** Moves the gateway's clock on. */
  skip(ms: number): void
  /** Runs what is looked after every hour. */
  upkeep(): Promise<void>
  stop(): Promise<void>
}

export interface RunningGatewayOptions {
  /** How many people the CRMs are seeded with. */
  people?: number
  /** Whether pushes are delivered. */
  worker?: boolean
  /** The apps that the server brings for signing in at the vendors' pages. */
  defaultClients?: GatewayParts['defaultClients']
  /** What else it is made with, as one of several instances. */
  instance?: Pick<GatewayParts, 'redisUrl' | 'eventPollMs' | 'limits'>
  /** An empty database for it; one of its own where it is not given. */
  databaseUrl?: string
}

export async function startGateway({
  people = 60,
  worker: delivers = false,
  defaultClients = {},
  instance = {},
  databaseUrl,
}: RunningGatewayOptions = {}): Promise<RunningGateway> {
  const directory = await mkdtemp(join(tmpdir(), 'backchannel-gateway-'))
  const emulator = await startEmulator({ people })
  const orgs = { dynamicsUrl: emulator.dynamics.url, salesforceUrl: emulator.salesforce.url }
  const emulatedHosts = Object.values(orgs).map((url) => new URL(url).host)
  const lines: string[] = []
  const logger = createLogger('debug', { write: (line) => lines.push(line) })
  const metrics = createMetrics()
  const server = await listen(0, '127.0.0.1', logger, { observe: requestObserver(metrics) })
  const url = `http://127.0.0.1:${server.port}`
  const kept = databaseUrl
    ? { url: databaseUrl, remove: async () => {} }
    : await makeTestDatabase(join(directory, 'gateway.db'))
  const database = await openDatabase(kept.url)
  const recording = new Set<string[]>()
  const behind = acrossWorkspaces(database.prisma)
  const record = (client: PrismaClient) =>
    client.$extends({
      query: {
        $allOperations({ model = '', operation, args, query }) {
          for (const calls of recording) calls.push(`${model}.${operation}`)
          return query(args)
        },
      },
    }) as unknown as PrismaClient
  const prisma = guardedThrough(database.prisma, record)

  async function databaseCalls(work: () => Promise<unknown>): Promise<string[]> {
    const calls: string[] = []
    recording.add(calls)
    await work().finally(() => recording.delete(calls))
    return calls
  }

  const http = createHttpClient({ allowedHosts: emulatedHosts })
  let ahead = 0
  const now = () => Date.now() + ahead
  const keys = `test:${randomBytes(32).toString('base64')}`
  const gateway = await createGateway({
    database: { ...database, prisma },
    keys,
    http,
    logger,
    metrics,
    now,
    publicUrl: url,
    otherOrigins: [],
    emulatedHosts,
    defaultClients,
    passwords: quickPasswords,
    ...instance,
  })
  const { services, secrets } = gateway
  const { id: workspaceId } = await services.workspaces.ensureFirst(FIRST_WORKSPACE)
  const demo = await startDemo({ services, secrets, http, logger, orgs, workspaceId })
  server.serve({
    graphql: withGraphiQL(gateway.graphql, demo, async () => true),
    upgrade: gateway.upgrade,
    auth: gateway.auth,
    checkReady: async () => void (await behind.$queryRaw`SELECT 1`),
    admin: { directory: join(workspaceDirectory, 'packages/admin/dist'), mount: '/admin', policy: appPolicy },
    corsOrigins: new Set(),
  })

  const viewer = (scope: Scope): Viewer => ({
    kind: 'API_KEY',
    workspaceId,
    scopes: heldScopes(scope),
    actor: 'test',
    userId: null,
    apiKeyId: null,
    agent: null,
    conversationIds: null,
    address: null,
  })

  const { events } = services
  const worker = delivers
    ? startWorker({ prisma, secrets, events, services, logger, metrics, now, keylessSettleSeconds: 630, pollMs: 20 })
    : null

  const newKey = async (scope: Scope, of: Viewer) =>
    (await services.viewers.createApiKey(of, { name: `Test ${scope}`, scope, expiresAt: null })).key
  const admin = await newKey('ADMIN', viewer('ADMIN'))

  return {
    url,
    emulator,
    crm: { dynamics: createControl(orgs.dynamicsUrl), salesforce: createControl(orgs.salesforceUrl) },
    gateway,
    database: behind,
    workspaceId,
    directory,
    databaseUrl: kept.url,
    keys,
    metrics,
    lines,
    demo,
    viewer,
    key: (scope) => newKey(scope, viewer('ADMIN')),
    async otherWorkspace(name) {
      const { id } = await behind.workspace.create({ data: { id: randomUUID(), name } })
      return newKey('ADMIN', { ...viewer('ADMIN'), workspaceId: id })
    },
    async execute(query, variables, bearer = admin) {
      const { data, errors } = await ask(url, bearer, query, variables)
      if (!errors) return data
      throw new Error(`${query}\n${JSON.stringify(variables)}\n${JSON.stringify({ data, errors }, null, 2)}`)
    },
    databaseCalls,
    countDatabaseCalls: async (work) => (await databaseCalls(work)).length,
    skip(ms) {
      ahead += ms
    },
    async upkeep() {
      const { signal } = new AbortController()
      for (const job of createUpkeepJobs({ prisma, secrets, now })) await job.run(signal)
    },
    async stop() {
      demo.close()
      await worker?.stop(100)
      await Promise.all([server.close(0), gateway.close()])
      await http.close()
      await database.close()
      await kept.remove()
      await emulator.stop()
      await rm(directory, { recursive: true, force: true })
    },
  }
}

/** What a GraphQL answer looks like to a test that knows what it asked for. */
export interface Answer {
  status: number
  // biome-ignore lint/suspicious/noExplicitAny: the shape follows from the query of each test.
  data: any
  errors: { message: string; extensions: { code: string } }[] | undefined
}

/** Asks the gateway over HTTP, as any client does. */
export async function ask(
  url: string,
  key: string | null,
  query: string,
  variables: Record<string, unknown> = {},
  operationName?: string,
): Promise<Answer> {
  const response = await fetch(`${url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', ...(key === null ? {} : { authorization: `Bearer ${key}` }) },
    body: JSON.stringify({ query, variables, operationName }),
  })
  const { data, errors } = (await response.json()) as Omit<Answer, 'status'>
  return { status: response.status, data, errors }
}
