/**
 * What a run works on: two pairs of emulated orgs (the second Salesforce has no field for our keys), one database, and
 * workspaces that are connected to them. This process accepts what is to be delivered; workers deliver.
 */
import { randomBytes, randomUUID } from 'node:crypto'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type ControlClient, createControl, dynamicsDemo, salesforceDemo, startEmulator } from '@backchannel/emulator'
import { createHttpClient } from '@backchannel/providers'
import { type Database, openDatabase, type PrismaClient } from '../../packages/server/src/database/index.ts'
import { acrossWorkspaces } from '../../packages/server/src/database/workspace-guard.ts'
import { createGateway, type Gateway } from '../../packages/server/src/gateway.ts'
import { type DynamicsInput, updateDynamicsSettings } from '../../packages/server/src/settings/edit/general.ts'
import { createLogger } from '../../packages/server/src/shared/logger.ts'
import { heldScopes, type Viewer } from '../../packages/server/src/viewers/viewer.ts'
import { startWorker } from '../../packages/server/src/worker.ts'
import { type Ground, type GroundKind, openGround } from './ground.ts'
import { untilTrue } from './waiting.ts'

/** Where transcripts go. */
export type Org = 'DYNAMICS' | 'SALESFORCE' | 'KEYLESS'

export interface ConnectedWorkspace {
  readonly viewer: Viewer
  readonly dynamics: string
  readonly salesforce: string
  /** Which of both Salesforce orgs it is. */
  readonly salesforceOrg: Exclude<Org, 'DYNAMICS'>
}

export interface Installation {
  readonly prisma: PrismaClient
  readonly services: Gateway['services']
  /** Gateways that share nothing but the database and, where there is one, Redis. The first is that of `services`. */
  readonly gateways: readonly Pick<Gateway, 'services'>[]
  readonly ground: Ground
  readonly secrets: Gateway['secrets']
  readonly orgs: Readonly<Record<Org, ControlClient>>
  /** The configuration of a worker of this installation. */
  readonly workerEnv: Readonly<Record<string, string>>
  connect(salesforceOrg: Exclude<Org, 'DYNAMICS'>, settings?: DynamicsInput): Promise<ConnectedWorkspace>
  /** Connects a workspace's Salesforce once more, as a person does who was told that it is lost. */
  reconnect(workspace: ConnectedWorkspace): Promise<void>
  /**
   * Delivers what is left, in this process, by a clock on which every lease and lock of a killed process has run out.
   * Ends when `isDone` says so. @throws where that takes longer than 4 minutes
   */
  finish(isDone: () => Promise<boolean>): Promise<void>
  /** Copies the database as it is. The copy can be worked on in its place, as after a restore. */
  backUp(): Promise<{ finish(isDone: (prisma: PrismaClient) => Promise<boolean>): Promise<void> }>
  close(): Promise<void>
}

export interface InstallationOptions {
  people?: number
  /** How long a create of unknown outcome is left alone in the Salesforce without a field for our keys. */
  settleSeconds?: number
  /** Default SQLite. */
  on?: GroundKind
  /** How many accept what is to be delivered. */
  gateways?: number
}

/** Longer than any lease of a worker, and than any pause. */
const laterMs = 2 * 3_600_000

export async function openInstallation(options: InstallationOptions = {}): Promise<Installation> {
  const { people = 200, settleSeconds = 12, on = 'sqlite', gateways: gatewayCount = 1 } = options
  const directory = await mkdtemp(join(tmpdir(), 'backchannel-soak-'))
  const keyed = await startEmulator({ people })
  const keyless = await startEmulator({ people })
  const orgs = {
    DYNAMICS: createControl(keyed.dynamics.url),
    SALESFORCE: createControl(keyed.salesforce.url),
    KEYLESS: createControl(keyless.salesforce.url),
  }
  await orgs.KEYLESS.setSwitches({ noKeyFields: true })
  const urls = { DYNAMICS: keyed.dynamics.url, SALESFORCE: keyed.salesforce.url, KEYLESS: keyless.salesforce.url }
  const allowedHosts = Object.values(urls).map((url) => new URL(url).host)
  const keys = `soak:${randomBytes(32).toString('base64')}`
  const ground = await openGround(on, directory)
  const database = await openDatabase(ground.databaseUrl)
  const prisma = acrossWorkspaces(database.prisma)
  const http = createHttpClient({ allowedHosts })
  const logger = createLogger('error')
  const open = (of: Database, now: () => number) =>
    createGateway({
      database: of,
      keys,
      http,
      logger,
      now,
      publicUrl: 'http://127.0.0.1:4000',
      otherOrigins: [],
      emulatedHosts: [],
      defaultClients: {},
      redisUrl: ground.redisUrl,
    })
  const first = await open(database, Date.now)
  const others: { gateway: Gateway; database: Database }[] = []
  for (let number = 2; number <= gatewayCount; number++) {
    const another = await openDatabase(ground.databaseUrl)
    others.push({ gateway: await open(another, Date.now), database: another })
  }
  const { services } = first
  const { integrations, settings } = services

  async function connectSalesforce(viewer: Viewer, url: string): Promise<string> {
    const { clientId, clientSecret } = salesforceDemo
    const input = { provider: 'SALESFORCE', loginUrl: url, clientId, clientSecret } as const
    const { authorizeUrl } = await integrations.beginSignIn(viewer, input)
    const accepted = await integrations.acceptTicket(new URL(authorizeUrl).searchParams.get('ticket') ?? '')
    const page = new URL(accepted.authorizeUrl)
    const form = new URLSearchParams(page.searchParams)
    form.set('decision', 'allow')
    const answer = await fetch(page.origin + page.pathname, { method: 'POST', body: form, redirect: 'manual' })
    const back = new URL(answer.headers.get('location') ?? '')
    await integrations.finishSignIn('SALESFORCE', back.searchParams, { sessionId: null, mark: accepted.mark }, null)
    const connected = await integrations.list(viewer.workspaceId)
    return connected.find((it) => it.provider === 'SALESFORCE')?.id ?? ''
  }

  async function finish(of: Database, isDone: () => Promise<boolean>): Promise<void> {
    // The places of workers that were killed, too.
    await ground.letHoursPass()
    const now = () => Date.now() + laterMs
    const { services: later, secrets, shared, close: end } = await open(of, now)
    const worker = startWorker({
      prisma: of.prisma,
      secrets,
      events: later.events,
      shared,
      services: later,
      logger,
      now,
      keylessSettleSeconds: settleSeconds,
      pollMs: 20,
    })
    try {
      await untilTrue(isDone, { everyMs: 20, limitMs: 240_000 })
    } finally {
      await worker.stop(1_000)
      await end()
    }
  }

  return {
    prisma,
    services,
    gateways: [first, ...others.map(({ gateway }) => gateway)],
    ground,
    secrets: first.secrets,
    orgs,
    workerEnv: {
      PATH: process.env['PATH'] ?? '',
      DATABASE_URL: ground.databaseUrl,
      ...(ground.redisUrl !== null && { REDIS_URL: ground.redisUrl }),
      BACKCHANNEL_KEYS: keys,
      ALLOWED_CRM_HOSTS: allowedHosts.join(','),
      EMULATOR: 'off',
      LOG_LEVEL: 'debug',
      KEYLESS_SETTLE_SECONDS: String(settleSeconds),
      PUSH_LEASE_SECONDS: '2',
      CRM_TIMEOUT_SECONDS: '2',
    },
    async connect(salesforceOrg, dynamicsSettings = {}) {
      const workspaceId = randomUUID()
      await prisma.workspace.create({ data: { id: workspaceId, name: workspaceId } })
      const viewer: Viewer = {
        kind: 'API_KEY',
        workspaceId,
        scopes: heldScopes('ADMIN'),
        actor: 'Soak',
        userId: null,
        apiKeyId: null,
        agent: null,
        conversationIds: null,
        address: null,
      }
      const { tenantId, clientId, clientSecret } = dynamicsDemo
      const applicationUrl = urls.DYNAMICS
      const appRegistration = { tenantId, clientId, clientSecret, applicationUrl, authority: applicationUrl }
      const { id: dynamics } = await integrations.connectDynamics(viewer, { appRegistration })
      const salesforce = await connectSalesforce(viewer, urls[salesforceOrg])
      if (Object.keys(dynamicsSettings).length > 0) {
        const version = (await integrations.find(workspaceId, dynamics))?.settings.version ?? 1
        await settings.change(viewer, dynamics, version, updateDynamicsSettings(dynamicsSettings))
      }
      return { viewer, dynamics, salesforce, salesforceOrg }
    },
    async reconnect({ viewer, salesforceOrg }) {
      await connectSalesforce(viewer, urls[salesforceOrg])
    },
    finish: (isDone) => finish(database, isDone),
    async backUp() {
      const copy = join(directory, 'copy.db')
      await prisma.$executeRawUnsafe(`VACUUM INTO '${copy}'`)
      return {
        async finish(isDone) {
          const restored = await openDatabase(`file:${copy}`)
          try {
            await finish(restored, () => isDone(acrossWorkspaces(restored.prisma)))
          } finally {
            await restored.close()
          }
        },
      }
    },
    async close() {
      for (const { gateway } of others) await gateway.close()
      await first.close()
      await http.close()
      for (const { database: another } of others) await another.close()
      await database.close()
      await Promise.all([keyed.stop(), keyless.stop(), ground.remove()])
      await rm(directory, { recursive: true, force: true })
    },
  }
}
