/** Conversations of before there were visitor keys. */

import { createConversationSeals } from '../conversations/sealing.ts'
import { addVisitorKeys } from '../conversations/store.ts'
import { keptKeys } from '../conversations/visitor-keys.ts'
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { SecretBox } from '../secrets/secret-box.ts'

const ROWS_AT_ONCE = 100

export interface VisitorKeysStore {
  /**
   * Gives some conversations behind the id `after` their keys. Answers the last that it looked at, and how many could not
   * be read; null where none is left.
   */
  complete(after: string): Promise<{ last: string; unreadable: number } | null>
}

export function createVisitorKeysStore(prisma: PrismaClient, secrets: SecretBox): VisitorKeysStore {
  const everywhere = acrossWorkspaces(prisma)
  const seals = createConversationSeals(secrets)
  return {
    async complete(after) {
      const rows = await everywhere.conversation.findMany({
        where: { id: { gt: after }, purgedAt: null, visitorKeys: { none: {} } },
        select: { id: true, workspaceId: true, visitorSealed: true, workspace: { select: { countryCode: true } } },
        orderBy: { id: 'asc' },
        take: ROWS_AT_ONCE,
      })
      const last = rows.at(-1)
      if (last === undefined) return null
      let unreadable = 0
      const keys = rows.flatMap((row) => {
        try {
          return [{ row, hashes: keptKeys(secrets, seals.openVisitor(row), row.workspace.countryCode) }]
        } catch {
          unreadable++
          return []
        }
      })
      await everywhere.$transaction(async (transaction) => {
        // Whoever was erased or purged since they were read is not told of again.
        const kept = await transaction.conversation.findMany({
          where: { id: { in: keys.map(({ row }) => row.id) }, purgedAt: null },
          select: { id: true },
        })
        const ids = new Set(kept.map(({ id }) => id))
        for (const { row, hashes } of keys) if (ids.has(row.id)) await addVisitorKeys(transaction, row, hashes)
      })
      return { last: last.id, unreadable }
    },
  }
}
