import type { ViewerStore } from './store.ts'

/** Whether a key of a workspace still opens anything: it is there, was not revoked, and has not expired. */
export type IsApiKeyInForce = (workspaceId: string, id: string) => Promise<boolean>

/** Asks the database each time: for what a key set going earlier, not for its requests. */
export function createIsApiKeyInForce(store: Pick<ViewerStore, 'findApiKey'>, now: () => number): IsApiKeyInForce {
  return async (workspaceId, id) => {
    const key = await store.findApiKey(workspaceId, id)
    return key !== null && (key.expiresAt === null || key.expiresAt.getTime() > now())
  }
}
