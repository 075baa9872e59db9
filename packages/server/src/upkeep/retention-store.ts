/** Removes what conversations hold when the retention period is over (ruling 8). */

import { v7 as uuid } from 'uuid'
import { unknownVisitor } from '../conversations/conversation.ts'
import { createConversationSeals } from '../conversations/sealing.ts'
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import { Prisma, type PrismaClient } from '../generated/prisma/client.ts'
import { createPushSeals } from '../pushes/seals.ts'
import { type SecretBox, UnreadableSecretError } from '../secrets/secret-box.ts'

/** How many conversations are looked for at a time. */
const CONVERSATIONS_AT_ONCE = 50

export interface RetentionStore {
  /** Those that keep conversations for so many days only. */
  listWorkspaces(): Promise<{ id: string; retentionDays: number }[]>
  /** Some conversations that `purge` would purge. */
  findOld(workspaceId: string, before: Date): Promise<string[]>
  /**
   * Purges a conversation whose last message was sent before then, and came before then: a clock that lies purges nothing
   * that is new here. What is not delivered keeps its text, however old.
   *
   * False where it was purged by somebody else, or came to life, since it was found.
   */
  purge(workspaceId: string, conversationId: string, before: Date, at: Date): Promise<boolean>
}

export function createRetentionStore(prisma: PrismaClient, secrets: SecretBox): RetentionStore {
  const everywhere = acrossWorkspaces(prisma)
  const conversationSeals = createConversationSeals(secrets)
  const pushSeals = createPushSeals(secrets)

  /** Null too where it cannot be read any more. */
  function urlOf(tag: { id: string; snapshotSealed: string }): string | null {
    try {
      return pushSeals.openSnapshot(tag).url
    } catch (error) {
      if (error instanceof UnreadableSecretError) return null
      throw error
    }
  }

  return {
    async listWorkspaces() {
      const rows = await everywhere.workspace.findMany({
        where: { retentionDays: { not: null } },
        select: { id: true, retentionDays: true },
      })
      return rows.flatMap(({ id, retentionDays }) => (retentionDays === null ? [] : [{ id, retentionDays }]))
    },

    async findOld(workspaceId, before) {
      const rows = await everywhere.$queryRaw<{ id: string }[]>(oldConversations(workspaceId, before))
      return rows.map(({ id }) => id)
    },

    purge(workspaceId, id, before, at) {
      return everywhere.$transaction(async (transaction) => {
        const [found] = await transaction.$queryRaw<{ id: string }[]>(oldConversations(workspaceId, before, id))
        if (found === undefined) return false
        const { count } = await transaction.conversation.updateMany({
          where: { workspaceId, id, purgedAt: null },
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
          const url = urlOf(tag)
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

/**
 * As SQL, so that each conversation's own messages and pushes are looked at rather than all that there are. A push that
 * failed or waits keeps its text, however old: nothing undelivered is lost.
 *
 * @param id only this one, where it is given
 */
function oldConversations(workspaceId: string, before: Date, id?: string): Prisma.Sql {
  const first = firstIdOf(before)
  return Prisma.sql`
    SELECT "c"."id" FROM "Conversation" AS "c"
    WHERE "c"."workspaceId" = ${workspaceId} AND "c"."purgedAt" IS NULL AND "c"."id" < ${first}
      ${id === undefined ? Prisma.empty : Prisma.sql`AND "c"."id" = ${id}`}
      AND ("c"."lastMessageAt" < ${before} OR "c"."lastMessageAt" IS NULL)
      AND NOT EXISTS (
        SELECT 1 FROM "Push" AS "p" WHERE "p"."conversationId" = "c"."id"
          AND "p"."status" NOT IN (${Prisma.join(['DELIVERED', 'PARTIAL', 'DISCARDED'])})
      )
      AND NOT EXISTS (SELECT 1 FROM "Message" AS "m" WHERE "m"."conversationId" = "c"."id" AND "m"."id" >= ${first})
    LIMIT ${CONVERSATIONS_AT_ONCE}`
}

/** Ids count up with the time that they were made at: all that were made from then on are behind this one (UUID 7). */
const firstIdOf = (at: Date): string => uuid({ msecs: Math.max(0, at.getTime()), seq: 0, random: new Uint8Array(16) })
