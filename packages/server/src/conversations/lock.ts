import type { Prisma } from '../generated/prisma/client.ts'

/**
 * Changes nothing, and has messages come before all that the transaction does or behind it: they change the same row first
 * (`database/locking-transaction.ts`). For whatever writes by how many messages there are, or decides what gets further ones.
 */
export async function lockConversation(
  transaction: Prisma.TransactionClient,
  where: Prisma.ConversationWhereInput & { workspaceId: string },
): Promise<void> {
  await transaction.conversation.updateMany({ where, data: { workspaceId: where.workspaceId } })
}
