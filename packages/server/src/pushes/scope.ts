import type { ConversationScope } from '../conversations/conversation.ts'
import { alsoIn } from '../database/names-workspace.ts'

/** Which tags and pushes a caller may reach: those of its workspace, and of its conversations where it is bound to some. */
export function within({ workspaceId, conversationIds }: ConversationScope) {
  return conversationIds === null
    ? { workspaceId }
    : { ...alsoIn(workspaceId), conversationId: { in: [...conversationIds] } }
}
