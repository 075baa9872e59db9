/** Sessions of CRMs that nothing renews, in the database. The token store begins them. */
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { NewEvent } from '../events/event.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { IdlingSession } from './idle.ts'

export interface SessionStore {
  /** Of every workspace, those that are connected. */
  list(): Promise<IdlingSession[]>
  /** Null where the integration has none: its tokens are renewed, or there are none. */
  find(workspaceId: string, integrationId: string): Promise<IdlingSession | null>
  /** Puts `after` in the place of `before`, with an event that tells of it; false where another process was here first. */
  change(before: IdlingSession, after: IdlingSession, event: NewEvent | null): Promise<boolean>
}

const select = { workspaceId: true, integrationId: true, lastUsedAt: true, promptedAt: true } as const
const idling = { lastUsedAt: { not: null }, integration: { status: { not: 'DISCONNECTED' } } } as const

export function createSessionStore(prisma: PrismaClient): SessionStore {
  const everywhere = acrossWorkspaces(prisma)
  return {
    async list() {
      return (await everywhere.integrationToken.findMany({ where: idling, select })).flatMap(toSession)
    },

    async find(workspaceId, integrationId) {
      const row = await prisma.integrationToken.findFirst({ where: { ...idling, workspaceId, integrationId }, select })
      return (row ? toSession(row) : [])[0] ?? null
    },

    change({ workspaceId, integrationId, lastUsedAt, promptedAt }, after, event) {
      return prisma.$transaction(async (tx) => {
        const where = { workspaceId, integrationId, lastUsedAt, promptedAt }
        const data = { lastUsedAt: after.lastUsedAt, promptedAt: after.promptedAt }
        const { count } = await tx.integrationToken.updateMany({ where, data })
        if (count === 1 && event !== null) await tx.event.create({ data: event })
        return count === 1
      })
    },
  }
}

function toSession({ lastUsedAt, ...row }: Omit<IdlingSession, 'lastUsedAt'> & { lastUsedAt: Date | null }) {
  return lastUsedAt === null ? [] : [{ ...row, lastUsedAt }]
}
