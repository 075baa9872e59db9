import { v5 as uuidFrom } from 'uuid'

/** Fixed for ever: keys of activities that are in CRMs already were made with it. */
const NAMESPACE = '6f1d2c6a-9a0e-5c57-8d5b-5d2c0a4b7e11'

/** What makes an activity the one that it is. Nothing here is a row of ours, so that a restored backup knows it again. */
export interface ActivityIdentity {
  /** The CRM's own id of the org. */
  orgId: string
  workspaceId: string
  /** The chat product's id of the conversation. */
  conversationExternalId: string
  /** The CRM's key of the record. */
  remoteId: string
  generation: number
  part: number
}

/** The key under which an activity is filed: a UUID (version 5), the same on every try (decision 2). */
export function activityKey(identity: ActivityIdentity): string {
  const { orgId, workspaceId, conversationExternalId, remoteId, generation, part } = identity
  return uuidFrom(JSON.stringify([orgId, workspaceId, conversationExternalId, remoteId, generation, part]), NAMESPACE)
}
