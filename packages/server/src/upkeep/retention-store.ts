/** Removes what conversations hold when the retention period is over (ruling 8). */
import { unknownVisitor } from '../conversations/conversation.ts'
import { createConversationSeals } from '../conversations/sealing.ts'
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import { createPushSeals } from '../pushes/seals.ts'
import type { SecretBox } from '../secrets/secret-box.ts'

/** How many conversations are looked for at a time. */
const CONVERSATIONS_AT_ONCE = 50

export interface RetentionStore {
  /** Those that keep conversations for so many days only. */
  listWorkspaces(): Promise<{ id: string; retentionDays: number }[]>
  /** Some conversations whose last message is older, and that have nothing left to deliver. */
  findOld(workspaceId: string, before: Date): Promise<string[]>
  /** False where it was purged by somebody else, or came to life, since it was found. */
  purge(workspaceId: string, conversationId: string, before: Date, at: Date): Promise<boolean>
}

export function createRetentionStore(prisma: PrismaClient, secrets: SecretBox): RetentionStore {
  const conversationSeals = createConversationSeals(secrets)
  const pushSeals = createPushSeals(secrets)

  return {
    async listWorkspaces() {
      const rows = await prisma.workspace.findMany({
        where: { retentionDays: { not: null } },
        select: { id: true, retentionDays: true },
      })
      return rows.flatMap(({ id, retentionDays }) => (retentionDays === null ? [] : [{ id, retentionDays }]))
    },

    async findOld(workspaceId, before) {
      const rows = await prisma.conversation.findMany({
        where: { workspaceId, ...old(before) },
        select: { id: true },
        take: CONVERSATIONS_AT_ONCE,
      })
      return rows.map(({ id }) => id)
    },

    purge(workspaceId, id, before, at) {
      return prisma.$transaction(async (transaction) => {
        const { count } = await transaction.conversation.updateMany({
          where: { workspaceId, id, ...old(before) },
          data: {
            purgedAt: at,
            visitorSealed: conversationSeals.sealVisitor(id, unknownVisitor),
            variablesSealed: conversationSeals.sealVariables(id, []),
            matchDueAt: null,
            matchLeaseOwner: null,
            matchSealed: null,
          },
        })
        if (count === 0) return false
        const ofIt = { workspaceId, conversationId: id }
        // The rows stay: they number what comes later, and tell a message that comes again.
        await transaction.message.updateMany({ where: ofIt, data: { contentSealed: null } })
        await transaction.push.updateMany({ where: ofIt, data: { planSealed: null, errorSealed: null } })
        await transaction.visitorKey.deleteMany({ where: ofIt })
        for (const tag of await transaction.tag.findMany({ where: ofIt, select: { id: true, snapshotSealed: true } })) {
          // The record is often the visitor. Where it is may be known; what it is called may not.
          const { url } = pushSeals.openSnapshot(tag)
          await transaction.tag.update({
            where: { id: tag.id },
            data: { snapshotSealed: pushSeals.sealSnapshot(tag.id, { name: null, url }), backendValuesSealed: null },
          })
        }
        return true
      })
    },
  }
}

/** A push that failed or waits keeps its text, however old: nothing undelivered is lost. */
function old(before: Date): Prisma.ConversationWhereInput {
  return {
    purgedAt: null,
    OR: [{ lastMessageAt: { lt: before } }, { lastMessageAt: null, startedAt: { lt: before } }],
    pushes: { none: { status: { notIn: ['DELIVERED', 'PARTIAL', 'DISCARDED'] } } },
  }
}
