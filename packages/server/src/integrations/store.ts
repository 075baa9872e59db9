/** Integrations in the database. */
import type { ProviderKey } from '@backchannel/providers'
import { v7 as uuid } from 'uuid'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { Checked, DynamicsOptions, SalesforceOptions } from './settings.ts'
import { searchOrderIdentifiers } from './settings.ts'
import { settingsInclude, toSettings } from './settings-rows.ts'
import type { DefaultFieldSnapshot, EntityTypeSnapshot, IntegrationProblem, IntegrationSnapshot } from './snapshot.ts'

/** What a look at the CRM found. */
export interface IntegrationHealth {
  status: 'CONNECTED' | 'ATTENTION'
  problems: readonly IntegrationProblem[]
  connectedAs?: string
}

/** What connecting it once more tells of an integration. */
export type Reconnection = Pick<NewIntegration, 'name' | 'url' | 'connectedAs' | 'connectedAt' | 'problems'>

export interface NewIntegration {
  provider: ProviderKey
  name: string
  url: string
  orgId: string
  emulated: boolean
  connectedAs: string
  connectedAt: Date
  problems: readonly IntegrationProblem[]
  entityTypes: readonly Omit<EntityTypeSnapshot, 'id' | 'integrationId' | 'position' | keyof Checked>[]
  defaultFields: readonly Omit<DefaultFieldSnapshot, 'id' | keyof Checked>[]
  /** Of its own vendor. */
  dynamics: DynamicsOptions | null
  salesforce: SalesforceOptions | null
}

export interface IntegrationStore {
  list(workspaceId: string): Promise<IntegrationSnapshot[]>
  /** The sealed configuration; null where there is none of that id. */
  findConfig(workspaceId: string, id: string): Promise<string | null>
  create(workspaceId: string, id: string, integration: NewIntegration, configSealed: string): Promise<void>
  reconnect(workspaceId: string, id: string, found: Reconnection, configSealed: string): Promise<void>
  /** `problems`: why, where nobody asked for it. */
  disconnect(workspaceId: string, id: string, problems: readonly IntegrationProblem[]): Promise<void>
  /** Until when its CRM asked to be left alone, by a push that is throttled; null: it did not. */
  askedToWait(workspaceId: string, id: string): Promise<Date | null>
  /** Keeps nothing where it was disconnected while we looked. */
  noteHealth(workspaceId: string, id: string, health: IntegrationHealth): Promise<void>
}

export function createIntegrationStore(prisma: PrismaClient): IntegrationStore {
  return {
    async list(workspaceId) {
      const rows = await prisma.integration.findMany({
        where: { workspaceId },
        orderBy: { createdAt: 'asc' },
        omit: { configSealed: true },
        include: {
          entityTypes: { orderBy: { position: 'asc' } },
          settings: { include: { ...settingsInclude, defaultFields: true } },
        },
      })
      return rows.map(({ settings, ...row }) => {
        if (settings === null) throw new Error(`Integration ${row.id} has no settings`)
        return {
          ...row,
          problems: row.problems as unknown as IntegrationProblem[],
          defaultFields: settings.defaultFields,
          settings: toSettings(settings),
        }
      })
    },

    async findConfig(workspaceId, id) {
      const row = await prisma.integration.findFirst({ where: { workspaceId, id }, select: { configSealed: true } })
      return row?.configSealed ?? null
    },

    async create(workspaceId, id, newIntegration, configSealed) {
      const { entityTypes, defaultFields, dynamics, salesforce, problems, ...integration } = newIntegration
      await prisma.integration.create({
        data: {
          ...integration,
          id,
          workspaceId,
          status: 'CONNECTED',
          problems: problemsJson(problems),
          configSealed,
          entityTypes: {
            create: entityTypes.map((entityType, position) => ({ ...entityType, id: uuid(), workspaceId, position })),
          },
          settings: {
            create: {
              id: uuid(),
              workspaceId,
              searchOrder: [...searchOrderIdentifiers],
              defaultFields: { create: defaultFields.map((field) => ({ ...field, id: uuid(), workspaceId })) },
              ...(dynamics && { dynamics: { create: { ...dynamics, workspaceId } } }),
              ...(salesforce && { salesforce: { create: { ...salesforce, workspaceId } } }),
            },
          },
          token: { connectOrCreate: { where: { integrationId: id }, create: { workspaceId } } },
        },
      })
    },

    async reconnect(workspaceId, id, { problems, ...found }, configSealed) {
      await prisma.integration.updateMany({
        where: { workspaceId, id },
        data: { ...found, problems: problemsJson(problems), status: 'CONNECTED', configSealed },
      })
    },

    async disconnect(workspaceId, id, problems) {
      await prisma.integration.updateMany({
        where: { workspaceId, id },
        data: { status: 'DISCONNECTED', problems: problemsJson(problems) },
      })
    },

    async askedToWait(workspaceId, id) {
      const row = await prisma.integration.findFirst({
        where: { workspaceId, id, pauseCode: 'CRM_RATE_LIMITED' },
        select: { pausedUntil: true },
      })
      return row?.pausedUntil ?? null
    },

    async noteHealth(workspaceId, id, { problems, ...health }) {
      await prisma.integration.updateMany({
        where: { workspaceId, id, status: { not: 'DISCONNECTED' } },
        data: { ...health, problems: problemsJson(problems) },
      })
    },
  }
}

function problemsJson(problems: readonly IntegrationProblem[]) {
  return problems.map((problem) => ({ ...problem }))
}
