import { ProviderError, type ProviderKey } from '@backchannel/providers'
import { expect, test, vi } from 'vitest'
import { openPushWorld } from '../testing/push-world.ts'
import type { PushWorker } from './worker.ts'

/** A small generator of numbers between 0 and 1, so that a failing run can be repeated by its seed. */
function randomFrom(seed: number): () => number {
  let state = seed
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

const keys = ['DYNAMICS', 'SALESFORCE'] as const satisfies readonly ProviderKey[]

/** The CRM fails before it did anything, or after it did everything; or it says that it is too busy. */
function makeUnreliable(world: Awaited<ReturnType<typeof openPushWorld>>, random: () => number, share: { of: number }) {
  for (const key of keys) {
    const { provider } = world.crms[key]
    const unreliable =
      <A extends unknown[], R>(operation: (...args: A) => Promise<R>) =>
      async (...args: A): Promise<R> => {
        const dice = random()
        if (dice < share.of / 3) {
          throw new ProviderError('CRM_RATE_LIMITED', { message: 'Slow down.', retryAfter: 1 })
        }
        if (dice < (share.of * 2) / 3) throw new ProviderError('CRM_TIMEOUT', { message: 'Late.', outcome: 'UNKNOWN' })
        const result = await operation(...args)
        if (dice < share.of) throw new ProviderError('CRM_UNAVAILABLE', { message: 'Lost.', outcome: 'UNKNOWN' })
        return result
      }
    provider.fileActivity = unreliable(provider.fileActivity)
    provider.findActivity = unreliable(provider.findActivity)
    provider.updateActivity = unreliable(provider.updateActivity)
  }
}

test.each([1, 2, 3])(
  'R8: threads that grow while both CRMs fail and workers come and go end whole, once and in order (seed %i)',
  async (seed) => {
    const world = await openPushWorld()
    const random = randomFrom(seed)
    const share = { of: 0.4 }
    makeUnreliable(world, random, share)
    const workers: PushWorker[] = [world.startWorker({ leaseMs: 300 }), world.startWorker({ leaseMs: 300 })]
    const ids = await Promise.all(Array.from({ length: 6 }, (_, index) => world.start('SMS', `thread-${index}`)))
    const said = new Map<string, string[]>(ids.map((id) => [id, []]))
    const say = async (id: string) => {
      const text = `${said.get(id)?.length} of ${ids.indexOf(id)} ${'x'.repeat(random() * 300)}.`
      said.get(id)?.push(text)
      await world.say(id, text)
    }

    for (const id of ids) {
      await say(id)
      await world.tag(id, ['DYNAMICS 1', 'SALESFORCE 1'])
    }
    for (let round = 0; round < 40; round++) {
      await say(ids[Math.floor(random() * ids.length)] ?? '')
      world.skip(random() * 4_000)
      if (random() < 0.2) {
        await workers.shift()?.stop(0)
        workers.push(world.startWorker({ leaseMs: 300 }))
      }
    }
    share.of = 0
    await vi.waitFor(
      async () => {
        world.skip(60_000)
        expect(new Set(await world.states())).toEqual(new Set(['DELIVERED']))
      },
      { timeout: 20_000, interval: 50 },
    )

    for (const key of keys) {
      const held = world.held(key)
      const expected = ids.map((id) => said.get(id) ?? [])
      // Parts of one thread stand in the order in which they were filed, threads in any order.
      const whole = ids.map((_, index) => held.filter(([first]) => first?.includes(` of ${index} `)).flat())
      expect(whole).toEqual(expected)
    }
  },
  30_000,
)
