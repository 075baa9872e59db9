/** F29: Redis is killed, hangs, is slow, is emptied, refuses and comes back, while two instances use it. */
import { randomBytes } from 'node:crypto'
import { afterEach, beforeEach, expect, onTestFinished, test } from 'vitest'
import { createSecretBox } from '../../packages/server/src/secrets/secret-box.ts'
import { createLogger } from '../../packages/server/src/shared/logger.ts'
import { openSharedState } from '../../packages/server/src/shared-state/open.ts'
import { RIGHTS_NEEDED } from '../../packages/server/src/shared-state/redis-advice.ts'
import type { SharedState } from '../../packages/server/src/shared-state/shared-state.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { type SlowRoad, startSlowRoad } from '../support/slow-road.ts'

let redis: RedisServer
let one: SharedState
let other: SharedState
let open: (url: string) => Promise<SharedState>
let lines: string[]

beforeEach(async () => {
  redis = await startRedis()
  lines = []
  const secrets = createSecretBox(`test:${randomBytes(32).toString('base64')}`)
  const logger = createLogger('info', { write: (line) => lines.push(line) })
  open = async (url) => {
    const state = await openSharedState({ url, secrets, logger, now: Date.now })
    onTestFinished(() => state.close())
    return state
  }
  one = await open(redis.url)
  other = await open(redis.url)
  await meet(one, other)
})
afterEach(() => redis.stop())

/** Until what one says reaches the other. */
async function meet(one: SharedState, other: SharedState): Promise<void> {
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

/** A road of a test's own to Redis, and the address by which it is taken. */
async function openRoad(): Promise<SlowRoad & { url: string }> {
  const url = new URL(redis.url)
  const road = await startSlowRoad(Number(url.port))
  onTestFinished(road.close)
  url.port = String(road.port)
  return { ...road, url: url.href }
}

/** What the operator reads of why it cannot be used: the text, and what Redis or the way to it said. */
const complaints = () =>
  lines
    .map((line): { msg: string; err?: { message: string } } => JSON.parse(line))
    .filter(({ msg }) => msg.startsWith('Redis cannot be used'))
    .map(({ msg, err }) => `${msg} | ${err?.message}`)

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
  await meet(one, other)
  expect(lines.filter((line) => JSON.parse(line).msg === 'Redis is there')).toHaveLength(2)
  // Each instance says each cause once.
  const said = complaints()
  for (const complaint of new Set(said)) expect(said.filter((it) => it === complaint).length).toBeLessThanOrEqual(2)
})

test('hanging: what is asked meanwhile is done without it, and it is used again when it answers', async () => {
  redis.pause()
  const first = await Promise.all([askAll(one), askAll(other)])
  expect(first.map(({ place }) => place)).not.toContain(null)
  expect(one.trouble()).not.toBeNull()
  // Nobody waits a second time.
  for (let round = 0; round < 200; round++) expect((await askAll(one)).place).not.toBeNull()
  redis.goOn()
  await meet(one, other)
})

test.each([
  // Within the time that an answer is waited for, and beyond it.
  100, 300,
])(
  '%i ms late each time: nobody waits for it, the operator is told, and it is used again when it is quick',
  async (ms) => {
    const road = await openRoad()
    const [near, far] = [await open(road.url), await open(road.url)]
    await meet(near, far)
    road.delay(ms)
    await expect.poll(() => [near.trouble(), far.trouble()], { interval: 20 }).not.toContain(null)
    // Whoever waited would not be through before the test's time is over.
    for (let round = 0; round < 1_000; round++) {
      const { place, left } = await askAll(round % 2 === 0 ? near : far)
      expect(place).not.toBeNull()
      expect(left).toBeGreaterThanOrEqual(0)
    }
    expect(road.taken()).toBe(2)
    road.delay(0)
    await meet(near, far)
    const [first, second] = [await askAll(near), await askAll(far)]
    expect([first.place === null, second.place === null]).toEqual([false, true])
  },
)

test('late once: it is waited for, and used on', async () => {
  const road = await openRoad()
  const [near, far] = [await open(road.url), await open(road.url)]
  await meet(near, far)
  const call = { most: 1, forMs: 60_000, heldMs: 0 }
  expect((await far.gate('org').enter(call)).place).not.toBeNull()
  road.delay(60)
  expect((await near.gate('org').enter(call)).place).toBeNull()
  road.delay(0)
  expect(near.trouble()).toBeNull()
})

test('a user without rights to channels: the operator is told which are enough, and nobody knocks again and again', async () => {
  const road = await openRoad()
  await redis.say('ACL SETUSER guest reset on >guest ~* +@all')
  const guest = await open(road.url.replace(/:[^/:]*@/, 'guest:guest@'))
  await expect.poll(() => guest.trouble()).not.toBeNull()
  expect(complaints()).toEqual([expect.stringMatching(/Enough are: ~backchannel:.* \| NOPERM/)])
  const refused = async () =>
    Number(/_subscribe:.*rejected_calls=(\d+)/.exec(await redis.say('INFO commandstats'))?.[1])
  await expect.poll(refused).toBeGreaterThanOrEqual(6)
  expect(road.taken()).toBe(1)
  expect(complaints()).toHaveLength(1)

  await redis.say(`ACL SETUSER guest reset on >guest ${RIGHTS_NEEDED}`)
  await meet(guest, one)
  await meet(one, guest)
  const failures = [guest, one].map((state) => state.moments('failures', { most: 3, forMs: 60_000 }))
  await failures[0]?.add('ada', 1)
  await failures[0]?.forget('ada')
  await failures[0]?.add('ada', 2)
  expect(await failures[1]?.list('ada')).toEqual([2])
  const { place } = await askAll(guest)
  expect((await askAll(one)).place).toBeNull()
  place?.stay(60_000)
  place?.leave(0)
  await expect.poll(async () => (await askAll(one)).place).not.toBeNull()
  expect([guest.trouble(), complaints().length]).toEqual([null, 1])
})

test('TLS where Redis speaks none: the operator is told what to look at', async () => {
  const state = await open(redis.url.replace('redis:', 'rediss:'))
  await expect.poll(() => state.trouble()).not.toBeNull()
  expect(complaints()[0]).toMatch(/If it does not speak TLS, .* \| .*(timeout|wrong version|packet length)/i)
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
  await meet(one, other)
})
