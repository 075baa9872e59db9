import { randomBytes } from 'node:crypto'
import {
  type CrmProvider,
  type DescribeOptions,
  type ProviderError,
  type ProviderKey,
  providerDefinitions,
} from '@backchannel/providers'
import { createMemoryCrm, type MemoryCrm } from '@backchannel/providers/testing'
import { onTestFinished } from 'vitest'
import { createConversationService } from '../conversations/service.ts'
import type { PrismaClient } from '../database/index.ts'
import { createEventBus } from '../events/bus.ts'
import type { SettingsSnapshot } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { createPushFollowUps } from '../pushes/follow-up-store.ts'
import { createPushService } from '../pushes/service.ts'
import { createSecretBox } from '../secrets/secret-box.ts'
import { NotConnectedError, NotFoundError, type ReferenceSnapshot } from '../shared/errors.ts'
import { createLogger } from '../shared/logger.ts'
import { startWorker, type WorkerParts } from '../worker.ts'
import { openTestDatabase } from './database.ts'
import { testIntegration } from './integration.ts'

export const admin = { workspaceId: 'workspace-1', conversationIds: null, actor: 'Ada' }

/** What stands in the way of a CRM's operation: it may throw, or wait. */
export type Hindrance = (operation: string) => void | Promise<void>

/**
 * Conversations, tags and pushes over a real database and both CRMs in memory, with two contacts in each. Time is the
 * real one and can be moved on.
 */
export async function openPushWorld() {
  const { prisma, workspaceId, url } = await openTestDatabase()
  const secrets = createSecretBox(`k1:${randomBytes(32).toString('base64')}`)
  let ahead = 0
  const now = () => Date.now() + ahead
  const events = createEventBus({ prisma, pollMs: 20 })

  const hindrances: Partial<Record<ProviderKey, Hindrance>> = {}
  const openCrm = (key: ProviderKey): MemoryCrm =>
    createMemoryCrm(providerDefinitions[key].descriptor, {
      rows: ['1', '2'].map((number) => ({
        entityName: providerDefinitions[key].descriptor.entityTypes.find((it) => it.kind === 'CONTACT')?.name ?? '',
        remoteId: `${key.toLowerCase()}-contact-${number}`,
        values: {},
      })),
      before: (operation) => hindrances[key]?.(operation),
    })
  const crms = { DYNAMICS: openCrm('DYNAMICS'), SALESFORCE: openCrm('SALESFORCE') }
  for (const provider of ['DYNAMICS', 'SALESFORCE'] as const) {
    await prisma.integration.create({
      data: {
        id: provider,
        workspaceId,
        provider,
        name: provider,
        url: `https://${provider}.example`,
        orgId: `org-${provider}`,
        status: 'CONNECTED',
        problems: [],
        configSealed: '',
      },
    })
  }

  const faults: string[] = []
  const settings: Partial<Record<ProviderKey, Partial<SettingsSnapshot>>> = {}
  const integrations = {
    find: async (_workspaceId: string, id: string): Promise<IntegrationSnapshot | null> => {
      const row = await prisma.integration.findUnique({ where: { id }, omit: { configSealed: true } })
      if (row === null) return null
      return { ...testIntegration(row.provider, {}, settings[row.provider]), ...row, problems: [] }
    },
    list: async (): Promise<IntegrationSnapshot[]> => {
      const found = await Promise.all(Object.keys(crms).map((id) => integrations.find(workspaceId, id)))
      return found.filter((it) => it !== null)
    },
    call: async <T>(_workspaceId: string, id: string, work: (provider: CrmProvider) => Promise<T>): Promise<T> => {
      const provider = await integrations.provider(workspaceId, id)
      if (provider === null) throw new NotConnectedError([id as ProviderKey], `${id} is not connected.`)
      return work(provider)
    },
    provider: async (_workspaceId: string, id: string): Promise<CrmProvider | null> => {
      const row = await prisma.integration.findUnique({ where: { id } })
      return row && row.status !== 'DISCONNECTED' ? crms[row.provider].provider : null
    },
    describe: async (_workspaceId: string, id: string, entityName: string, options?: DescribeOptions) => {
      const provider = await integrations.provider(workspaceId, id)
      return provider === null ? null : provider.describeEntityType(entityName, options)
    },
    noteFault: async (_workspaceId: string, id: string, { code }: ProviderError) => void faults.push(`${id} ${code}`),
    noteSuccess: async () => {},
  }
  const followUps = createPushFollowUps(now)
  const conversations = createConversationService({
    prisma,
    secrets,
    followUps,
    declaredVariables: async () => [],
    regionOf: async () => 'DE',
    events,
    now,
  })
  const pushes = createPushService({ prisma, secrets, events, conversations, integrations, now })

  /** Records by a plain name: `DYNAMICS 1`. */
  async function lookUp(names: readonly string[]): Promise<(ReferenceSnapshot | Error)[]> {
    return Promise.all(
      names.map(async (name) => {
        const [key, number] = name.split(' ') as [ProviderKey, string]
        const row = crms[key].rows.get(`${key.toLowerCase()}-contact-${number}`)
        if (!row) return new NotFoundError('There is no such record.')
        if ((await integrations.provider(workspaceId, key)) === null) {
          return new NotConnectedError([key], `${key} is not connected.`)
        }
        const { entityName, remoteId } = row
        return { integrationId: key, entityName, remoteId, name, url: `https://${key}.example/${remoteId}` }
      }),
    )
  }

  const asked = { references: lookUp, checkLookups: async () => [] }

  const running: { stop(graceMs?: number): Promise<void> }[] = []
  onTestFinished(async () => {
    await Promise.all(running.map((worker) => worker.stop(100)))
    await events.close()
  })
  let spoken = 0

  return {
    prisma: prisma as PrismaClient,
    url,
    secrets,
    workspaceId,
    events,
    conversations,
    integrations,
    pushes,
    crms,
    hindrances,
    /** Those of a new integration, save what a test puts here. */
    settings,
    /** What the integrations were told of by the worker. */
    faults,
    now,
    lookUp,
    asked,
    skip(ms: number) {
      ahead += ms
    },
    startWorker(parts: Partial<WorkerParts> = {}) {
      const worker = startWorker({
        prisma,
        secrets,
        events,
        services: { integrations, conversations },
        logger: createLogger('silent'),
        now,
        keylessSettleSeconds: 630,
        pollMs: 20,
        ...parts,
      })
      running.push(worker)
      return worker
    },
    start: (channel: 'CHAT' | 'SMS', externalId = 'conversation-1') =>
      conversations.start(admin, {
        externalId,
        channel,
        visitor: { fullName: 'Dana Fox', phone: '+4915112345678' },
        startedAt: new Date('2026-01-31T13:00:00Z'),
      }),
    say: (id: string, ...texts: string[]) =>
      conversations.append(
        admin,
        id,
        texts.map((text) => {
          spoken++
          const sentAt = new Date(Date.parse('2026-01-31T13:00:00Z') + spoken * 1_000)
          return { externalId: `message-${spoken}`, author: 'VISITOR' as const, authorName: 'Dana', text, sentAt }
        }),
      ),
    tag: (conversationId: string, recordIds: readonly string[], input: { afterEnd?: boolean; key?: string } = {}) =>
      pushes.tag(
        admin,
        {
          conversationId,
          recordIds,
          backendValues: [],
          afterEnd: input.afterEnd ?? false,
          idempotencyKey: input.key ?? null,
        },
        asked,
      ),
    /** The states of all pushes, oldest first, with what they failed by. */
    states: async () =>
      (await prisma.push.findMany({ orderBy: { createdAt: 'asc' } })).map(({ status, errorCode }) =>
        errorCode ? `${status} ${errorCode}` : status,
      ),
    /** What was said, as one CRM holds it: each activity's lines without time and name. */
    held: (key: ProviderKey) =>
      crms[key].activities.all().map((activity) =>
        activity.body
          .split('\n')
          .filter((line) => line.startsWith('['))
          .map((line) => line.replace(/^\[.*?\] Dana: /, '')),
      ),
  }
}
