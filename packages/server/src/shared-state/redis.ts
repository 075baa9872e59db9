/** Shared over Redis. Whatever it does, nobody waits for it long and nothing fails: what it does not answer is done alone. */
import { randomUUID } from 'node:crypto'
import { RateLimiterMemory, RateLimiterRedis } from 'rate-limiter-flexible'
import { z } from 'zod'
import type { SecretBox } from '../secrets/secret-box.ts'
import type { Logger } from '../shared/logger.ts'
import { enterScript, leaveScript, stayScript } from './gate-scripts.ts'
import { openGate } from './in-process.ts'
import { adviceOn } from './redis-advice.ts'
import { connectRedis, type RedisClient } from './redis-connection.ts'
import { createRedisMoments } from './redis-moments.ts'
import type { Counter, CounterOptions, Gate, Place, SharedState } from './shared-state.ts'

export interface RedisStateOptions {
  /** `REDIS_URL`. */
  url: string
  /** Makes names of which nobody learns anything, the same in all instances on one database, and apart from others'. */
  secrets: Pick<SecretBox, 'hash'>
  logger: Logger
  now: () => number
}

const PROBE_MS = 10_000
const entry = z.tuple([z.number(), z.number()])

export function createRedisState({ url, secrets, logger, now }: RedisStateOptions): SharedState {
  const hashed = (label: string, text: string) => secrets.hash(`shared-state/${label}`, text).slice(0, 22)
  const prefix = `backchannel:${hashed('installation', '')}:`
  const wakes = `${prefix}wake`
  const talk = `${prefix}talk`
  const self = randomUUID()
  const listeners = new Set<() => void>()
  const told = new Set<{ subject: string; listener: (text: string) => void }>()
  let isWaking = false

  /** They are told while the client reads: what threw there would have the answers of later commands mixed up. */
  function heed(listener: () => void): void {
    try {
      listener()
    } catch (error) {
      logger.warn({ err: error }, 'What another instance said was not understood')
    }
  }

  const tellAll = () => {
    for (const listener of listeners) heed(listener)
  }

  function hear(message: string): void {
    const [from, subject, text = ''] = message.split('\n', 3)
    if (from === self) return
    for (const it of told) if (it.subject === subject) heed(() => it.listener(text))
  }

  const redis = connectRedis({
    url,
    channels: new Map([
      [wakes, (from) => from !== self && tellAll()],
      [talk, hear],
    ]),
    onListening: tellAll,
    // Scripts that write: a Redis that is full, or lets us only read, is of no use.
    probe: (client) => client.eval(stayScript, { keys: [`${prefix}probe`], arguments: [self, whole(PROBE_MS)] }),
    onFault(fault) {
      if (!fault) return logger.info('Redis is there')
      const advice = adviceOn(fault.error, url)
      logger.warn({ err: fault.error }, advice === null ? ALONE : `${ALONE}. ${advice}`)
    },
    now,
  })

  /** Without an answer where Redis does not say anything. */
  const tell = (command: (client: RedisClient) => Promise<unknown>) => void redis.ask(command).catch(() => {})

  function counter(name: string, { points: most, seconds }: CounterOptions): Counter {
    const alone = new RateLimiterMemory({ points: most, duration: seconds })
    const limiter = new RateLimiterRedis({
      storeClient: {
        eval: (script: string, options: { keys: string[]; arguments: string[] }) =>
          redis.ask((client) => client.eval(script, options)),
      },
      useRedisPackage: true,
      keyPrefix: prefix + name,
      points: most,
      duration: seconds,
      // One that goes on all the same costs Redis nothing.
      inMemoryBlockOnConsumed: most + 1,
      insuranceLimiter: alone,
    })
    return { consume: (who, points) => limiter.consume(hashed(name, who), points) }
  }

  function gate(name: string): Gate {
    const places = `${prefix}gate:${hashed('gate', name)}`
    const keys = [places, `${places}:held`]

    function placeOf(id: string): Place {
      return {
        stay: (forMs) => tell((client) => client.eval(stayScript, { keys, arguments: [id, whole(forMs)] })),
        leave: (heldMs) => tell((client) => client.eval(leaveScript, { keys, arguments: [id, whole(heldMs)] })),
      }
    }

    return {
      async enter(call) {
        const id = randomUUID()
        const args = [id, whole(call.most), whole(call.forMs), whole(call.heldMs)]
        try {
          const answer = await redis.ask((client) => client.eval(enterScript, { keys, arguments: args }))
          const [entered, heldMs] = entry.parse(answer)
          return { place: entered === 1 ? placeOf(id) : null, heldMs }
        } catch {
          return openGate.enter(call)
        }
      },
    }
  }

  return {
    wake() {
      if (isWaking) return
      isWaking = true
      setImmediate(() => {
        isWaking = false
        tell((client) => client.publish(wakes, self))
      })
    },
    onWake(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async tell(subject, text) {
      let isSent = false
      try {
        const heard = await redis.ask((client) => {
          isSent = true
          return client.publish(talk, [self, subject, text].join('\n'))
        })
        return heard > 1
      } catch {
        // Sent, and no answer: somebody may have heard it.
        return isSent
      }
    },
    onTold(subject, listener) {
      const entry = { subject, listener }
      told.add(entry)
      return () => void told.delete(entry)
    },
    counter,
    moments: (name, options) => createRedisMoments(redis, (who) => `${prefix}${name}:${hashed(name, who)}`, options),
    gate,
    trouble() {
      const fault = redis.fault()
      return fault && { since: fault.since, message: TROUBLE }
    },
    async close() {
      redis.close()
    },
  }
}

const ALONE = 'Redis cannot be used: this instance goes on by itself'
const TROUBLE =
  'Redis cannot be used. Pushes go on, what happens on another instance shows up to a second later, and limits hold for each instance by itself. Check that Redis runs and REDIS_URL names it; the log says what it answered.'

function whole(value: number): string {
  return String(Math.max(0, Math.ceil(value)))
}
