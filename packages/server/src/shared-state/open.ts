import { createInProcessState } from './in-process.ts'
import type { RedisStateOptions } from './redis.ts'
import type { SharedState } from './shared-state.ts'

/** @param url `REDIS_URL`; null: nobody is there to share with, and no client of Redis is loaded */
export async function openSharedState({
  url,
  ...options
}: Omit<RedisStateOptions, 'url'> & { url: string | null }): Promise<SharedState> {
  if (url === null) return createInProcessState()
  const { createRedisState } = await import('./redis.ts')
  return createRedisState({ url, ...options })
}
