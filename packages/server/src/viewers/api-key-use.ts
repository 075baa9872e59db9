const WRITE_EVERY_MS = 60_000

/** Notes when keys were last used: at most once a minute for each, and never while a request waits. */
export interface ApiKeyUse {
  note(workspaceId: string, apiKeyId: string): void
}

export function createApiKeyUse(
  write: (workspaceId: string, apiKeyId: string, at: Date) => Promise<void>,
  now: () => number,
  onError: (error: unknown) => void,
): ApiKeyUse {
  const writtenAt = new Map<string, number>()
  return {
    note(workspaceId, apiKeyId) {
      const at = now()
      if (at - (writtenAt.get(apiKeyId) ?? Number.NEGATIVE_INFINITY) < WRITE_EVERY_MS) return
      writtenAt.set(apiKeyId, at)
      setImmediate(() => void write(workspaceId, apiKeyId, new Date(at)).catch(onError))
    },
  }
}
