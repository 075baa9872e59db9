/** F29: Redis is killed, hangs, is emptied and comes back, while two instances use it. */
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { createSecretBox } from '../../packages/server/src/secrets/secret-box.ts'
import { createLogger } from '../../packages/server/src/shared/logger.ts'
import { openSharedState } from '../../packages/server/src/shared-state/open.ts'
import type { SharedState } from '../../packages/server/src/shared-state/shared-state.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'

let redis: RedisServer
let one: SharedState
let other: SharedState
let lines: string[]

beforeEach(async () => {
  redis = await startRedis()
  lines = []
  const secrets = createSecretBox(`test:${randomBytes(32).toString('base64')}`)
  const logger = createLogger('info', { write: (line) => lines.push(line) })
  const open = () => openSharedState({ url: redis.url, secrets, logger, now: Date.now })
  one = await open()
  other = await open()
  onTestFinished(async () => {
    await one.close()
    await other.close()
  })
  await meet()
})
afterEach(() => redis.stop())

/** Until what one says reaches the other. */
async function meet(): Promise<void> {
  let heard = false
  const stop = other.onWake(() => {
    heard = true
  })
  const waking = () => {
    one.wake()
    return heard && one.trouble() === null && other.trouble() === null
  }
  await expect.poll(waking, { interval: 20 }).toBe(true)
  stop()
}

/** All that a request could wait for. */
const askAll = async (state: SharedState) => {
  state.wake()
  const [counted, entry] = await Promise.all([
    state.counter('operations', { points: 100, seconds: 60 }).consume('ada'),
    state.gate('org').enter({ most: 1, forMs: 60_000, heldMs: 0 }),
  ])
  return { left: counted.remainingPoints, ...entry }
}

test('killed: everybody goes on alone, the operator is told, and it is used again when it is back', async () => {
  await redis.kill()
  await expect.poll(() => one.trouble()?.message).toMatch(/^Redis cannot be used\. .*REDIS_URL/)
  for (const state of [one, other, one, other]) {
    const { place, left } = await askAll(state)
    expect(place).not.toBeNull()
    expect(left).toBeGreaterThan(0)
  }
  await redis.start()
  await meet()
  const said = lines.map((line) => JSON.parse(line).msg)
  expect(said.filter((it) => it.startsWith('Redis cannot be used'))).toHaveLength(2)
  expect(said.filter((it) => it === 'Redis is there')).toHaveLength(2)
})

test('hanging: what is asked meanwhile is done without it, and it is used again when it answers', async () => {
  redis.pause()
  const first = await Promise.all([askAll(one), askAll(other)])
  expect(first.map(({ place }) => place)).not.toContain(null)
  expect(one.trouble()).not.toBeNull()
  // Nobody waits a second time.
  for (let round = 0; round < 200; round++) expect((await askAll(one)).place).not.toBeNull()
  redis.goOn()
  await meet()
})

test('emptied: counts begin anew, and what a CRM asked for is learnt again from whoever knows it', async () => {
  const { place } = await one.gate('org').enter({ most: 1, forMs: 60_000, heldMs: 0 })
  place?.leave(60_000)
  await expect.poll(async () => (await askAll(other)).heldMs).toBeGreaterThan(30_000)
  await redis.say('FLUSHALL')
  expect((await one.gate('org').enter({ most: 1, forMs: 60_000, heldMs: 50_000 })).place).toBeNull()
  expect((await askAll(other)).heldMs).toBeGreaterThan(30_000)
  expect(one.trouble()).toBeNull()
})

test('full: what cannot be written is done alone, and the operator is told', async () => {
  await redis.say('CONFIG SET maxmemory 1')
  await expect.poll(() => one.trouble()).not.toBeNull()
  expect((await askAll(one)).place).not.toBeNull()
  await redis.say('CONFIG SET maxmemory 0')
  await meet()
})
