import type { NewEvent } from '../events/event.ts'

/** The event that every change of a push's status is stored with. */
export function pushUpdated(push: {
  id: string
  workspaceId: string
  integrationId: string
  conversationId: string
}): NewEvent {
  const { id, workspaceId, integrationId, conversationId } = push
  return { workspaceId, kind: 'PUSH_UPDATED', pushId: id, integrationId, conversationId }
}
