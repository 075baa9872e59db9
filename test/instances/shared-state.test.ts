/** What instances share, by itself: alone in a process, and over a real Redis that comes and goes. */
import { randomBytes } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, onTestFinished, test } from 'vitest'
import { createSecretBox } from '../../packages/server/src/secrets/secret-box.ts'
import { createLogger } from '../../packages/server/src/shared/logger.ts'
import { createInProcessState } from '../../packages/server/src/shared-state/in-process.ts'
import { openSharedState } from '../../packages/server/src/shared-state/open.ts'
import type { SharedState } from '../../packages/server/src/shared-state/shared-state.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'

let redis: RedisServer
beforeAll(async () => {
  redis = await startRedis()
})
afterAll(() => redis.stop())

const drawSecrets = () => createSecretBox(`test:${randomBytes(32).toString('base64')}`)

async function open(secrets = drawSecrets()): Promise<SharedState> {
  const state = await openSharedState({ url: redis.url, secrets, logger: createLogger('silent'), now: Date.now })
  onTestFinished(() => state.close())
  // Until it is connected, it goes on alone.
  const name = `probing-${randomBytes(8).toString('hex')}`
  const counter = state.counter(name, { points: 1_000, seconds: 5 })
  const isConnected = async () => {
    await counter.consume('test')
    return (await redis.say('KEYS *probing-*')).includes(name)
  }
  await expect.poll(isConnected, { interval: 5 }).toBe(true)
  return state
}

const two = async () => {
  const secrets = drawSecrets()
  return [await open(secrets), await open(secrets)] as const
}

describe.each([
  ['alone', async () => createInProcessState()],
  ['over Redis', () => open()],
])('%s', (_, openState) => {
  test('so many are let pass, then none until the time is over, each for themselves', async () => {
    const counter = (await openState()).counter('things', { points: 2, seconds: 60 })
    expect(await counter.consume('ada')).toMatchObject({ consumedPoints: 1, remainingPoints: 1 })
    expect(await counter.consume('ada')).toMatchObject({ consumedPoints: 2, remainingPoints: 0 })
    await expect(counter.consume('ada')).rejects.toMatchObject({ consumedPoints: 3 })
    expect(await counter.consume('grace')).toMatchObject({ consumedPoints: 1 })
  })

  test('one that nobody stands before is let in, and what it gives back is there again', async () => {
    const gate = (await openState()).gate('org')
    for (let round = 0; round < 3; round++) {
      const { place, heldMs } = await gate.enter({ most: 1, forMs: 60_000, heldMs: 0 })
      expect(heldMs).toBe(0)
      expect(place).not.toBeNull()
      place?.stay(60_000)
      place?.leave(0)
    }
  })

  test('nothing is said to be wrong', async () => {
    expect((await openState()).trouble()).toBeNull()
  })
})

describe('of two instances', () => {
  test('one wakes the other, and not itself', async () => {
    const [one, other] = await two()
    const woken: string[] = []
    one.onWake(() => woken.push('one'))
    const stop = other.onWake(() => woken.push('other'))
    one.wake()
    await expect.poll(() => woken).toContain('other')
    stop()
    other.wake()
    await expect.poll(() => woken).toContain('one')
    expect(woken).toEqual(['other', 'one'])
  })

  test('a listener that fails keeps no news from others, and no answer of Redis goes to another question', async () => {
    const [one, other] = await two()
    const heard: string[] = []
    const fail = () => {
      throw new Error('Not understood')
    }
    other.onTold('news', fail)
    other.onTold('news', (text) => heard.push(text))
    other.onWake(fail)
    one.wake()
    const counter = other.counter('things', { points: 100, seconds: 60 })
    for (let round = 1; round <= 5; round++) {
      const [told, { consumedPoints }] = await Promise.all([one.tell('news', `${round}`), counter.consume('ada')])
      expect([told, consumedPoints]).toEqual([true, round])
    }
    await expect.poll(() => heard).toEqual(['1', '2', '3', '4', '5'])
  })

  test('both count together', async () => {
    const [one, other] = await two()
    const options = { points: 3, seconds: 60 }
    const counters = [one.counter('things', options), other.counter('things', options)] as const
    await counters[0].consume('ada')
    await counters[1].consume('ada')
    await counters[0].consume('ada')
    await expect(counters[1].consume('ada')).rejects.toMatchObject({ consumedPoints: 4 })
    // Refused from memory from now on.
    await expect(counters[1].consume('ada')).rejects.toMatchObject({ remainingPoints: 0 })
  })

  test('one that was too busy itself waits for an answer all the same, and finds nothing wrong with Redis', async () => {
    const [one, other] = await two()
    const call = { most: 1, forMs: 60_000, heldMs: 0 }
    expect((await other.gate('org').enter(call)).place).not.toBeNull()
    redis.pause()
    const entering = one.gate('org').enter(call)
    workFor(600)
    setTimeout(redis.goOn, 10)
    expect((await entering).place).toBeNull()
    expect(one.trouble()).toBeNull()
  })

  test('both pass one gate together, and a place that nobody gives back ends', async () => {
    const [one, other] = await two()
    const enter = (state: SharedState, forMs = 60_000) => state.gate('org').enter({ most: 2, forMs, heldMs: 0 })
    const { place: first } = await enter(one)
    const { place: second } = await enter(other, 2_000)
    expect([first, second]).not.toContain(null)
    expect(await enter(one)).toEqual({ place: null, heldMs: 0 })
    await expect.poll(async () => (await enter(one)).place).not.toBeNull()
    expect((await enter(other)).place).toBeNull()
    first?.leave(0)
    await expect.poll(async () => (await enter(other)).place).not.toBeNull()
  })

  test('a place that is kept on does not end', async () => {
    const [one, other] = await two()
    const call = { most: 1, forMs: 5_000, heldMs: 0 }
    const { place } = await one.gate('org').enter(call)
    place?.stay(60_000)
    await expect.poll(async () => lifeOf(await redis.say('KEYS *gate*'))).toBeGreaterThan(10_000)
    expect((await other.gate('org').enter(call)).place).toBeNull()
  })

  test('what a CRM asked one of them for holds for both, and nobody shortens it', async () => {
    const [one, other] = await two()
    const { place } = await one.gate('org').enter({ most: 5, forMs: 60_000, heldMs: 0 })
    place?.leave(30_000)
    const enter = (heldMs: number) => other.gate('org').enter({ most: 5, forMs: 60_000, heldMs })
    await expect.poll(async () => (await enter(0)).place).toBeNull()
    expect((await enter(0)).heldMs).toBeGreaterThan(20_000)
    expect((await enter(1_000)).heldMs).toBeGreaterThan(20_000)
    expect((await enter(90_000)).heldMs).toBeGreaterThan(80_000)
    expect((await one.gate('org').enter({ most: 5, forMs: 1, heldMs: 0 })).heldMs).toBeGreaterThan(80_000)
    expect((await one.gate('another').enter({ most: 5, forMs: 1, heldMs: 0 })).place).not.toBeNull()
  })

  test('whatever they do, nothing that it leaves in Redis stays for ever (T34)', async () => {
    await redis.say('FLUSHALL')
    const [one, other] = await two()
    const counter = one.counter('things', { points: 1, seconds: 60 })
    await counter.consume('ada')
    await expect(counter.consume('ada')).rejects.toMatchObject({ consumedPoints: 2 })
    const failures = one.moments('failures', { most: 2, forMs: 60_000 })
    for (const at of [1, 2, 3]) await failures.add('ada', at)
    const { place: left } = await one.gate('left').enter({ most: 1, forMs: 60_000, heldMs: 0 })
    left?.leave(60_000)
    const { place: kept } = await one.gate('kept').enter({ most: 2, forMs: 5_000, heldMs: 0 })
    kept?.stay(60_000)
    expect((await other.gate('told').enter({ most: 1, forMs: 60_000, heldMs: 60_000 })).place).toBeNull()
    one.wake()
    await one.tell('news', 'Nothing is kept of it')
    // A list, a count, a place, two gates that are held, the probe, and the counts by which these were found to be connected.
    const kinds = [/:failures:/, /:things:/, /:gate:\S+(?<!:held)$/m, /:held$.*:held$/ms, /:probe$/m, /:probing-/]
    const keys = async () => (await redis.say('KEYS *')).replaceAll('\r', '')
    for (const kind of kinds) await expect.poll(keys).toMatch(kind)
    expect(await redis.say(FOR_EVER)).toBe('*0\r\n')
  })

  test('installations that use one Redis do not meet, and nobody reads there who did what (T34)', async () => {
    const [one, other] = [await open(), await open()]
    const options = { points: 1, seconds: 60 }
    await one.counter('operations', options).consume('grace@example.com|203.0.113.7')
    await other.counter('operations', options).consume('grace@example.com|203.0.113.7')
    await one.gate('calls/the-integration').enter({ most: 1, forMs: 60_000, heldMs: 60_000 })
    expect((await other.gate('calls/the-integration').enter({ most: 1, forMs: 1, heldMs: 0 })).place).not.toBeNull()
    const keys = await redis.say('KEYS *')
    expect(keys).toContain('operations')
    expect(keys).not.toMatch(/grace|203\.0\.113|integration/)
  })
})

/** Asks for the keys that never end. */
const FOR_EVER = `EVAL "local kept = {} for _, key in ipairs(redis.call('KEYS', '*')) do if redis.call('PTTL', key) < 0 then kept[#kept + 1] = key end end return kept" 0`

/** Lets this process do nothing else for so many milliseconds. */
function workFor(ms: number): void {
  const end = performance.now() + ms
  while (performance.now() < end);
}

/** Of the longest-lived key among these, by its name's time to live; the rest is asked one by one. */
async function lifeOf(keys: string): Promise<number> {
  const names = [...keys.matchAll(/^backchannel:\S+$/gm)].map(([name]) => name)
  const lives = await Promise.all(names.map((name) => redis.say(`PTTL ${name}`)))
  return Math.max(...lives.map((life) => Number(life.slice(1))))
}
