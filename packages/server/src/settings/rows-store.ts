/** The rows of settings, read for the API. Rules read them from memory (ruling 10). */
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'

export type SettingsRow = Prisma.SettingsGetPayload<object>
export type SettingsChangeRow = Prisma.SettingsChangeGetPayload<object>

/** What a GraphQL selection needs of the rows, so that one request stays one query. */
export type SettingsQuery = Pick<Prisma.SettingsFindFirstArgs, 'include' | 'select'>

export type SettingsChangeQuery = Pick<Prisma.SettingsChangeFindFirstArgs, 'include' | 'select'>

/** A page of changes, as Relay's arguments were translated for Prisma. */
export type SettingsChangePage = Omit<Prisma.SettingsChangeFindManyArgs, 'where' | 'orderBy'>

export interface SettingsRows {
  /** Every integration of the workspace has some. */
  get(workspaceId: string, integrationId: string, query: SettingsQuery): Promise<SettingsRow>
  /** The newest first. */
  listChanges(workspaceId: string, integrationId: string, page: SettingsChangePage): Promise<SettingsChangeRow[]>
  getChange(workspaceId: string, id: string, query: SettingsChangeQuery): Promise<SettingsChangeRow>
}

export function createSettingsRows(prisma: PrismaClient): SettingsRows {
  return {
    get: (workspaceId, integrationId, query) =>
      prisma.settings.findFirstOrThrow({ ...query, where: { workspaceId, integrationId } }),
    listChanges: (workspaceId, integrationId, page) =>
      prisma.settingsChange.findMany({ ...page, where: { workspaceId, integrationId }, orderBy: { version: 'desc' } }),
    getChange: (workspaceId, id, query) =>
      prisma.settingsChange.findFirstOrThrow({ ...query, where: { workspaceId, id } }),
  }
}
