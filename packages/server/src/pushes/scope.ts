import type { ConversationScope } from '../conversations/conversation.ts'
import { alsoIn } from '../database/names-workspace.ts'

/** Which tags and pushes a caller may reach: those of its workspace, and of its conversations where it is bound to some. */
export function within({ workspaceId, conversationIds }: ConversationScope) {
  return conversationIds === null
    ? { workspaceId }
    : { ...alsoIn(workspaceId), conversationId: { in: [...conversationIds] } }
}

/** The same of one conversation, where a filter names one: its rows are looked for, rather than the whole workspace's. */
export function withinOne(scope: ConversationScope, conversationId: string | null | undefined) {
  return within({
    ...scope,
    conversationIds: scope.conversationIds ?? (conversationId == null ? null : [conversationId]),
  })
}
