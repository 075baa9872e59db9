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

/** The event that a tag is made, made anew or taken off with. */
export function tagChanged(
  kind: 'RECORD_TAGGED' | 'RECORD_UNTAGGED',
  tag: { id: string; workspaceId: string; integrationId: string; conversationId: string },
): NewEvent {
  const { id, workspaceId, integrationId, conversationId } = tag
  return { workspaceId, kind, tagId: id, integrationId, conversationId }
}
