/** What happened: which kinds there are, and what one looks like once it is stored. */

/** What happens to a conversation. */
export const conversationEventKinds = [
  'MESSAGE_APPENDED',
  'VISITOR_UPDATED',
  'CONVERSATION_ENDED',
  'MATCH_FOUND',
  'RECORD_TAGGED',
  'RECORD_UNTAGGED',
  'PUSH_UPDATED',
] as const
export type ConversationEventKind = (typeof conversationEventKinds)[number]

export const eventKinds = [
  ...conversationEventKinds,
  'INTEGRATION_CHANGED',
  'SETTINGS_CHANGED',
  'SESSION_EXPIRING',
  'ACCESS_CHANGED',
  'WORKSPACE_CHANGED',
] as const
export type EventKind = (typeof eventKinds)[number]

/** An event about to be stored. It says what changed, never how: a reader looks the row up and sees it as it is now. */
export interface NewEvent {
  workspaceId: string
  kind: EventKind
  pushId?: string
  integrationId?: string
  conversationId?: string
  /** SETTINGS_CHANGED. */
  settingsChangeId?: string
  /** MESSAGE_APPENDED. */
  messageId?: string
  /** RECORD_TAGGED, RECORD_UNTAGGED. */
  tagId?: string
  /** SESSION_EXPIRING: when the session ends unless somebody goes on. */
  expiresAt?: Date
}

/** An event in its place: `id` counts up over all workspaces and is the cursor that a subscriber resumes from. */
export interface StoredEvent {
  readonly id: number
  readonly workspaceId: string
  readonly kind: EventKind
  readonly pushId: string | null
  readonly integrationId: string | null
  readonly conversationId: string | null
  readonly settingsChangeId: string | null
  readonly messageId: string | null
  readonly tagId: string | null
  readonly expiresAt: Date | null
  readonly at: Date
}
