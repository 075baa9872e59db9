/** Integrations in the database. */
import type { ProviderKey } from '@backchannel/providers'
import { v7 as uuid } from 'uuid'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type {
  DefaultFieldSnapshot,
  EntityTypeSnapshot,
  IntegrationProblem,
  IntegrationSnapshot,
  IntegrationStatus,
} from './snapshot.ts'

export interface IntegrationState {
  status: IntegrationStatus
  problems: readonly IntegrationProblem[]
  connectedAs?: string
  connectedAt?: Date
  name?: string
  url?: string
}

export interface NewIntegration {
  provider: ProviderKey
  name: string
  url: string
  orgId: string
  emulated: boolean
  connectedAs: string
  connectedAt: Date
  problems: readonly IntegrationProblem[]
  entityTypes: readonly Omit<EntityTypeSnapshot, 'id' | 'integrationId' | 'position'>[]
  defaultFields: readonly DefaultFieldSnapshot[]
}

export interface IntegrationStore {
  list(workspaceId: string): Promise<IntegrationSnapshot[]>
  /** The sealed configuration; null where there is none of that id. */
  findConfig(workspaceId: string, id: string): Promise<string | null>
  create(workspaceId: string, id: string, integration: NewIntegration, configSealed: string): Promise<void>
  updateConfig(workspaceId: string, id: string, configSealed: string): Promise<void>
  updateState(workspaceId: string, id: string, state: IntegrationState): Promise<void>
}

export function createIntegrationStore(prisma: PrismaClient): IntegrationStore {
  return {
    async list(workspaceId) {
      const rows = await prisma.integration.findMany({
        where: { workspaceId },
        orderBy: { createdAt: 'asc' },
        omit: { configSealed: true },
        include: { entityTypes: { orderBy: { position: 'asc' } }, defaultFields: true },
      })
      return rows.map((row) => ({ ...row, problems: row.problems as unknown as IntegrationProblem[] }))
    },

    async findConfig(workspaceId, id) {
      const row = await prisma.integration.findFirst({ where: { workspaceId, id }, select: { configSealed: true } })
      return row?.configSealed ?? null
    },

    async create(workspaceId, id, { entityTypes, defaultFields, problems, ...integration }, configSealed) {
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
          defaultFields: { create: defaultFields.map((field) => ({ ...field, id: uuid(), workspaceId })) },
          token: { connectOrCreate: { where: { integrationId: id }, create: { workspaceId } } },
        },
      })
    },

    async updateConfig(workspaceId, id, configSealed) {
      await prisma.integration.updateMany({ where: { workspaceId, id }, data: { configSealed } })
    },

    async updateState(workspaceId, id, { problems, ...state }) {
      await prisma.integration.updateMany({
        where: { workspaceId, id },
        data: { ...state, problems: problemsJson(problems) },
      })
    },
  }
}

function problemsJson(problems: readonly IntegrationProblem[]) {
  return problems.map((problem) => ({ ...problem }))
}
