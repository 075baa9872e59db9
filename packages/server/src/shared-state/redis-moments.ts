/** Moments in Redis: a list for each name, the newest first, which goes when nothing was added for long. */
import { z } from 'zod'
import { createOwnMoments } from './own-moments.ts'
import type { RedisConnection } from './redis-connection.ts'
import type { Moments, MomentsOptions } from './shared-state.ts'

/** KEYS: the list. ARGV: the moment, how many are kept, for how long. */
const addScript = `
redis.call('LPUSH', KEYS[1], ARGV[1])
redis.call('LTRIM', KEYS[1], 0, ARGV[2] - 1)
redis.call('PEXPIRE', KEYS[1], ARGV[3])
return 1`

const listed = z.array(z.coerce.number())

/** @param keyOf under which name somebody is kept, of whom nobody learns anything by it */
export function createRedisMoments(
  redis: Pick<RedisConnection, 'ask'>,
  keyOf: (who: string) => string,
  options: MomentsOptions,
): Moments {
  /** Knows what was done here, for as long as Redis says nothing. */
  const own = createOwnMoments(options)
  const args = [String(options.most), String(options.forMs)]

  return {
    async list(who) {
      try {
        const found = await redis.ask((client) => client.lRange(keyOf(who), 0, -1))
        return listed.parse(found).toReversed()
      } catch {
        return own.list(who)
      }
    },
    async add(who, at) {
      await own.add(who, at)
      const entry = { keys: [keyOf(who)], arguments: [String(at), ...args] }
      await redis.ask((client) => client.eval(addScript, entry)).catch(() => {})
    },
    async forget(who) {
      await own.forget(who)
      await redis.ask((client) => client.del(keyOf(who))).catch(() => {})
    },
  }
}
