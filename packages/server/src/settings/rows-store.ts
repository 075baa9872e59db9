/** The rows of settings, read for the API. Rules read them from memory (ruling 10). */
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'

export type SettingsRow = Prisma.SettingsGetPayload<object>
export type SettingsChangeRow = Prisma.SettingsChangeGetPayload<object>

/** What a GraphQL selection needs of the rows, so that one request stays one query. */
export type SettingsQuery = Pick<Prisma.SettingsFindFirstArgs, 'include' | 'select'>

export type SettingsChangeQuery = Pick<Prisma.SettingsChangeFindFirstArgs, 'include' | 'select'>

/** A page of changes, as Relay's arguments were translated for Prisma. */
export type SettingsChangePage = Omit<Prisma.SettingsChangeFindManyArgs, 'where' | 'orderBy'>

/** The kinds of rows that are changed by their own ids. */
export type SettingsRowType = 'EntityType' | 'ExportField' | 'SearchField' | 'DetailField' | 'BackendField'

export interface SettingsRows {
  /** Every integration of the workspace has some. */
  get(workspaceId: string, integrationId: string, query: SettingsQuery): Promise<SettingsRow>
  /** Which integration a row belongs to, also one that another process has just added; null where there is none. */
  integrationIdOf(workspaceId: string, type: SettingsRowType, id: string): Promise<string | null>
  /** The newest first. */
  listChanges(workspaceId: string, integrationId: string, page: SettingsChangePage): Promise<SettingsChangeRow[]>
  getChange(workspaceId: string, id: string, query: SettingsChangeQuery): Promise<SettingsChangeRow>
}

export function createSettingsRows(prisma: PrismaClient): SettingsRows {
  return {
    integrationIdOf: async (workspaceId, type, id) =>
      (await findOwner(prisma, type, { workspaceId, id }))?.integrationId ?? null,
    get: (workspaceId, integrationId, query) =>
      prisma.settings.findFirstOrThrow({ ...query, where: { workspaceId, integrationId } }),
    listChanges: (workspaceId, integrationId, page) =>
      prisma.settingsChange.findMany({ ...page, where: { workspaceId, integrationId }, orderBy: { version: 'desc' } }),
    getChange: (workspaceId, id, query) =>
      prisma.settingsChange.findFirstOrThrow({ ...query, where: { workspaceId, id } }),
  }
}

function findOwner(prisma: PrismaClient, type: SettingsRowType, where: { workspaceId: string; id: string }) {
  const query = { where, select: { integrationId: true } } as const
  switch (type) {
    case 'EntityType':
      return prisma.entityType.findFirst(query)
    case 'ExportField':
      return prisma.exportField.findFirst(query)
    case 'SearchField':
      return prisma.searchField.findFirst(query)
    case 'DetailField':
      return prisma.detailField.findFirst(query)
    case 'BackendField':
      return prisma.backendField.findFirst(query)
  }
}
