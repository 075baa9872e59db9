import type { PrismaClient } from '../generated/prisma/client.ts'

/** A workspace and what it has set for itself. */
export interface WorkspaceRow {
  readonly id: string
  readonly name: string
  /** IANA name. */
  readonly timeZone: string
  /** ISO 3166 alpha-2: phone numbers without a prefix are read as of this country. */
  readonly countryCode: string
  readonly retentionDays: number | null
  readonly brand: string
}

export interface WorkspaceStore {
  find(id: string): Promise<WorkspaceRow | null>
  findFirst(): Promise<WorkspaceRow | null>
  add(id: string, name: string): Promise<WorkspaceRow>
}

export function createWorkspaceStore(prisma: PrismaClient): WorkspaceStore {
  return {
    find: (id) => prisma.workspace.findUnique({ where: { id } }),
    findFirst: () => prisma.workspace.findFirst({ orderBy: [{ createdAt: 'asc' }, { id: 'asc' }] }),
    add: (id, name) => prisma.workspace.create({ data: { id, name } }),
  }
}
