import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { Role, Scope } from './viewer.ts'

/** An API key as it is kept: never the key itself. */
export interface ApiKeyRow {
  readonly id: string
  readonly workspaceId: string
  readonly name: string
  readonly scope: Scope
  readonly preview: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
  readonly expiresAt: Date | null
}

export interface UserRow {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
}

export interface NewApiKey {
  id: string
  name: string
  scope: Scope
  preview: string
  hash: string
  expiresAt: Date | null
}

/**
 * Keys and members. The look-ups that find out which workspace a credential belongs to cannot be given one; everything
 * else takes it first.
 */
export interface ViewerStore {
  findApiKeyByHash(hash: string): Promise<ApiKeyRow | null>
  findMember(userId: string): Promise<(UserRow & { workspaceId: string }) | null>

  listApiKeys(workspaceId: string): Promise<ApiKeyRow[]>
  findApiKey(workspaceId: string, id: string): Promise<ApiKeyRow | null>
  addApiKey(workspaceId: string, key: NewApiKey): Promise<ApiKeyRow>
  /** Adds it unless its hash is known, be it in force or revoked. */
  ensureApiKey(workspaceId: string, key: NewApiKey): Promise<ApiKeyRow & { revokedAt: Date | null }>
  /** Null where there is none that is in force. */
  revokeApiKey(workspaceId: string, id: string, at: Date): Promise<ApiKeyRow | null>
  noteUse(workspaceId: string, id: string, at: Date): Promise<void>
}

const inForce = { revokedAt: null }

export function createViewerStore(prisma: PrismaClient): ViewerStore {
  const everywhere = acrossWorkspaces(prisma)
  return {
    findApiKeyByHash: (hash) => everywhere.apiKey.findUnique({ where: { hash, ...inForce } }),

    async findMember(userId) {
      const member = await everywhere.member.findUnique({ where: { userId }, include: { user: true } })
      if (!member) return null
      const { workspaceId, role, user } = member
      return { id: user.id, name: user.name, email: user.email, role, workspaceId }
    },

    listApiKeys: (workspaceId) =>
      prisma.apiKey.findMany({ where: { workspaceId, ...inForce }, orderBy: { id: 'asc' } }),

    findApiKey: (workspaceId, id) => prisma.apiKey.findUnique({ where: { id, workspaceId, ...inForce } }),

    addApiKey: (workspaceId, key) => prisma.apiKey.create({ data: { workspaceId, ...key } }),

    ensureApiKey: (workspaceId, key) =>
      // One statement, which two processes may run at the same moment: without an update it would be two.
      everywhere.apiKey.upsert({
        where: { hash: key.hash },
        create: { workspaceId, ...key },
        update: { hash: key.hash },
      }),

    async revokeApiKey(workspaceId, id, revokedAt) {
      const [revoked] = await prisma.apiKey.updateManyAndReturn({
        where: { id, workspaceId, ...inForce },
        data: { revokedAt },
      })
      return revoked ?? null
    },

    async noteUse(workspaceId, id, lastUsedAt) {
      // Writes pass each other on their way: the later use stands.
      const earlier = { OR: [{ lastUsedAt: null }, { lastUsedAt: { lt: lastUsedAt } }] }
      await prisma.apiKey.updateMany({ where: { id, workspaceId, ...earlier }, data: { lastUsedAt } })
    },
  }
}
