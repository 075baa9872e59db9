import { setTimeout as wait } from 'node:timers/promises'
import type { ExecutionResult } from 'graphql'
import { expect, onTestFinished, test } from 'vitest'
import { createEventBus, type EventBus } from '../events/bus.ts'
import type { StoredEvent } from '../events/event.ts'
import { openTestDatabase } from '../testing/database.ts'
import type { Results } from './event-stream.ts'
import { createSharedStream, type SharedStream } from './shared-stream.ts'

interface World {
  bus: EventBus
  stream: SharedStream
  /** The events that were resolved, in order, each as often as it was. */
  resolved: string[]
  ended(): boolean
  publish(count: number): Promise<void>
  subscribe(after?: number): Promise<Results>
}

interface Options {
  start?: number
  /** The push whose event cannot be resolved. */
  failsAt?: string
  /** How long a text each result holds. */
  size?: number
}

async function open({ start, failsAt, size = 0 }: Options = {}): Promise<World> {
  const { prisma, workspaceId } = await openTestDatabase()
  const bus = createEventBus({ prisma, pollMs: 60_000 })
  onTestFinished(() => bus.close())
  const resolved: string[] = []
  let ended = false
  const stream = await createSharedStream({
    start: start ?? (await bus.latestId()),
    async read(after, signal) {
      if (after === FAILS) throw new Error('The database is down')
      return after === REFUSED ? { errors: [] } : bus.subscribe(workspaceId, { after, signal })
    },
    async resolve(event: StoredEvent) {
      if (event.pushId === failsAt) throw new Error('The database is down')
      resolved.push(event.pushId ?? '')
      return { data: { push: event.pushId, text: 'x'.repeat(size) } }
    },
    onEnd() {
      ended = true
    },
  })
  if (!('join' in stream)) throw new Error('Refused')
  let published = 0
  return {
    bus,
    stream,
    resolved,
    ended: () => ended,
    async publish(count) {
      const rows = Array.from({ length: count }, () => ({
        workspaceId,
        kind: 'PUSH_UPDATED',
        pushId: `${published++}`,
      }))
      await prisma.event.createMany({ data: rows })
      bus.wake()
    },
    async subscribe(after) {
      const results = await stream.join(after ?? (await bus.latestId()), new AbortController().signal)
      if (results === null || !('next' in results)) throw new Error('Refused')
      return results
    },
  }
}

/** Events behind it are refused, or cannot be read. */
const REFUSED = -7
const FAILS = -8

async function take(results: Results, count: number): Promise<unknown[]> {
  const taken: unknown[] = []
  while (taken.length < count) {
    const { done, value } = await results.next()
    if (done) break
    taken.push((value as ExecutionResult).data?.['push'])
  }
  return taken
}

const numbers = (from: number, to: number) => Array.from({ length: to - from }, (_, index) => `${from + index}`)

test('an event is resolved once, and every subscriber is handed the very same result', async () => {
  const { publish, subscribe, resolved } = await open()
  const subscribers = await Promise.all(Array.from({ length: 50 }, () => subscribe()))
  const next = Promise.all(subscribers.map((results) => results.next()))
  await publish(1)
  const results = (await next).map(({ value }) => value)
  expect(new Set(results)).toEqual(new Set([results[0]]))
  expect(results[0]).toEqual({ data: { push: '0', text: '' } })
  expect(resolved).toEqual(['0'])
})

test('one that does not read holds up nobody, and is told all that it missed, in order, when it reads on', async () => {
  const { publish, subscribe, resolved } = await open()
  const [slow, fast] = [await subscribe(), await subscribe()]
  const total = 1_000
  const taken = take(fast, total)
  await publish(total)
  expect(await taken).toEqual(numbers(0, total))
  // What the slow one missed was not kept for it: it comes from the rows, and is resolved again.
  expect(resolved).toHaveLength(total)
  expect(await take(slow, total)).toEqual(numbers(0, total))
  expect(resolved.length).toBeGreaterThan(total)
})

test('those who are behind by the same are told by one reading', async () => {
  const { bus, publish, subscribe, resolved } = await open()
  const before = await bus.latestId()
  const live = await subscribe()
  const taken = take(live, 90)
  await publish(90)
  await taken
  resolved.length = 0
  const back = await Promise.all(Array.from({ length: 20 }, () => subscribe(before)))
  for (const all of await Promise.all(back.map((results) => take(results, 90)))) expect(all).toEqual(numbers(0, 90))
  expect(resolved).toHaveLength(90)
})

test('one that comes back to where nothing was missed waits with the others', async () => {
  const { bus, publish, subscribe, resolved } = await open()
  const first = await subscribe()
  await bus.publish({ workspaceId: 'another', kind: 'PUSH_UPDATED' })
  const back = await subscribe((await bus.latestId()) - 1)
  const next = Promise.all([take(first, 1), take(back, 1)])
  await wait(20)
  await publish(1)
  expect(await next).toEqual([['0'], ['0']])
  expect(resolved).toEqual(['0'])
})

test('a cursor that is refused is refused before the stream begins', async () => {
  const { stream } = await open({ start: 0 })
  expect(await stream.join(REFUSED, new AbortController().signal)).toEqual({ errors: [] })
})

test('it ends with its last subscriber, and takes no further one', async () => {
  const { stream, subscribe, ended } = await open()
  const [first, second] = [await subscribe(), await subscribe()]
  const pending = second.next()
  await first.return?.()
  expect(ended()).toBe(false)
  await second.return?.()
  expect(await pending).toEqual({ done: true, value: undefined })
  expect(ended()).toBe(true)
  expect(await stream.join(0, new AbortController().signal)).toBeNull()
})

test('subscribers end with the bus', async () => {
  const { bus, subscribe, ended } = await open()
  const pending = (await subscribe()).next()
  await wait(10)
  await bus.close()
  expect(await pending).toEqual({ done: true, value: undefined })
  expect(ended()).toBe(true)
})

test('one whose request was given up leaves', async () => {
  const { stream, ended } = await open()
  const leaving = new AbortController()
  const results = await stream.join(0, leaving.signal)
  leaving.abort()
  expect(ended()).toBe(true)
  if (results === null || !('next' in results)) throw new Error('Refused')
  expect(await results.next()).toEqual({ done: true, value: undefined })
})

test('F34: of large results, little is held at a time for one that is far behind', async () => {
  const { bus, publish, subscribe, resolved } = await open({ size: 50_000 })
  const before = await bus.latestId()
  const live = await subscribe()
  const taken = take(live, 60)
  await publish(60)
  await taken
  resolved.length = 0
  const back = await subscribe(before)
  expect(resolved.length).toBeLessThan(5)
  expect(await take(back, 60)).toEqual(numbers(0, 60))
})

test('a failure breaks off those who wait, where completing would tell them not to come back', async () => {
  const { publish, subscribe, ended } = await open({ failsAt: '1' })
  const results = await subscribe()
  const taken = take(results, 2)
  await publish(2)
  await expect(taken).rejects.toThrow('The database is down')
  expect(ended()).toBe(true)
  expect(await results.next()).toEqual({ done: true, value: undefined })
})

test('one whose missed events cannot be read has left, and keeps nothing alive', async () => {
  const { stream, ended } = await open({ start: 0 })
  await expect(stream.join(FAILS, new AbortController().signal)).rejects.toThrow('The database is down')
  expect(ended()).toBe(true)
})
