import { expect, onTestFinished, test } from 'vitest'
import type { PrismaClient } from '../database/index.ts'
import { openDatabase } from '../database/index.ts'
import { openTestDatabase } from '../testing/database.ts'
import { createEventBus, type EventBus } from './bus.ts'
import type { StoredEvent } from './event.ts'

function openBus(prisma: PrismaClient, pollMs = 20): EventBus {
  const bus = createEventBus({ prisma, pollMs })
  onTestFinished(() => bus.close())
  return bus
}

async function take(events: AsyncIterableIterator<StoredEvent>, count: number): Promise<string[]> {
  const ids: string[] = []
  while (ids.length < count) {
    const { value, done } = await events.next()
    if (done) break
    ids.push(value.pushId ?? '')
  }
  return ids
}

test('a subscriber gets the events of its own workspace, in order, from the moment it subscribed', async () => {
  const { prisma, workspaceId } = await openTestDatabase()
  const bus = openBus(prisma)
  await bus.publish({ workspaceId, kind: 'PUSH_UPDATED', pushId: 'before' })
  await expect.poll(() => bus.latestId()).toBeGreaterThan(0)
  const first = take(bus.subscribe(workspaceId), 2)
  await bus.publish({ workspaceId: 'another', kind: 'PUSH_UPDATED', pushId: 'not ours' })
  await bus.publish({ workspaceId, kind: 'PUSH_UPDATED', pushId: 'a' })
  await bus.publish({ workspaceId, kind: 'PUSH_UPDATED', pushId: 'b' })
  expect(await first).toEqual(['a', 'b'])
})

test('only the kinds asked for arrive', async () => {
  const { prisma, workspaceId } = await openTestDatabase()
  const bus = openBus(prisma)
  await bus.publish({ workspaceId, kind: 'INTEGRATION_CHANGED', integrationId: 'i' })
  await bus.publish({ workspaceId, kind: 'PUSH_UPDATED', pushId: 'p' })
  expect(await take(bus.subscribe(workspaceId, { after: 0, kinds: ['PUSH_UPDATED'] }), 1)).toEqual(['p'])
})

test('a subscriber that resumes after an id gets every event once, also those older than what memory holds', async () => {
  const { prisma, workspaceId } = await openTestDatabase()
  const total = 450
  await prisma.event.createMany({
    data: Array.from({ length: total }, (_, index) => ({ workspaceId, kind: 'PUSH_UPDATED', pushId: `${index}` })),
  })
  const bus = openBus(prisma)
  const seen: string[] = []
  let after = 0
  while (seen.length < total) {
    const events = bus.subscribe(workspaceId, { after })
    for (let count = 0; count < 70 && seen.length < total; count++) {
      const { value } = await events.next()
      seen.push(value?.pushId ?? '')
      after = value?.id ?? after
    }
    await events.return?.()
  }
  expect(seen).toEqual(Array.from({ length: total }, (_, index) => `${index}`))
})

test('an event of another instance arrives within a poll', async () => {
  const { prisma, workspaceId, url } = await openTestDatabase()
  const other = await openDatabase(url)
  onTestFinished(() => other.close())
  const here = openBus(prisma)
  const there = openBus(other.prisma)
  const arrived = new Promise<StoredEvent>((resolve) => here.onEvent(resolve))
  await here.latestId()
  await there.publish({ workspaceId, kind: 'PUSH_UPDATED', pushId: 'p' })
  expect(await arrived).toMatchObject({ workspaceId, kind: 'PUSH_UPDATED', pushId: 'p' })
})

test('an event stored in a transaction is delivered at once when its writer wakes the bus', async () => {
  const { prisma, workspaceId } = await openTestDatabase()
  const bus = openBus(prisma, 60_000)
  const events = bus.subscribe(workspaceId)
  const first = take(events, 1)
  await bus.latestId()
  await prisma.event.create({ data: { workspaceId, kind: 'PUSH_UPDATED', pushId: 'p' } })
  bus.wake()
  expect(await first).toEqual(['p'])
})

test.each([
  ['its signal', (_: EventBus, __: AsyncIterableIterator<StoredEvent>, stop: AbortController) => stop.abort()],
  ['return', (_: EventBus, events: AsyncIterableIterator<StoredEvent>) => void events.return?.()],
  ['closing the bus', (bus: EventBus) => void bus.close()],
])('a waiting subscription ends at once by %s', async (_, end) => {
  const { prisma, workspaceId } = await openTestDatabase()
  const bus = openBus(prisma, 60_000)
  const stop = new AbortController()
  const events = bus.subscribe(workspaceId, { signal: stop.signal })
  const next = events.next()
  await new Promise((resolve) => setTimeout(resolve, 20))
  end(bus, events, stop)
  expect(await next).toEqual({ done: true, value: undefined })
})

test('a subscriber of a quiet workspace asks the database nothing, however much happens in others', async () => {
  const { prisma, workspaceId } = await openTestDatabase()
  let asked = 0
  const counting = prisma.$extends({
    query: {
      event: {
        findMany({ args, query }) {
          if (args.where?.workspaceId === workspaceId) asked += 1
          return query(args)
        },
      },
    },
  }) as unknown as PrismaClient
  const bus = openBus(counting, 60_000)
  const first = take(bus.subscribe(workspaceId), 1)
  await bus.latestId()
  const others = Array.from({ length: 150 }, () => ({ workspaceId: 'another', kind: 'PUSH_UPDATED' }))
  for (let round = 0; round < 10; round++) {
    await prisma.event.createMany({ data: others })
    bus.wake()
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  expect(asked).toBe(0)
  await bus.publish({ workspaceId, kind: 'PUSH_UPDATED', pushId: 'ours' })
  expect(await first).toEqual(['ours'])
})

test('a bus that is closed asks the database nothing more, who wakes it', async () => {
  const { prisma, workspaceId } = await openTestDatabase()
  let asked = 0
  const counting = prisma.$extends({
    query: {
      event: {
        findMany({ args, query }) {
          asked += 1
          return query(args)
        },
      },
    },
  }) as unknown as PrismaClient
  const bus = openBus(counting, 60_000)
  await bus.publish({ workspaceId, kind: 'PUSH_UPDATED', pushId: 'last' })
  await bus.close()
  asked = 0
  bus.wake()
  await new Promise((resolve) => setTimeout(resolve, 30))
  expect(asked).toBe(0)
})

test('a subscriber that comes back learns up to where nothing is left, and waits there', async () => {
  const { prisma, workspaceId } = await openTestDatabase()
  const ours = ['a', 'b'].map((pushId) => ({ workspaceId, kind: 'PUSH_UPDATED', pushId }))
  await prisma.event.createMany({ data: [...ours, { workspaceId: 'another', kind: 'PUSH_UPDATED' }] })
  const bus = openBus(prisma, 60_000)
  const events = bus.subscribe(workspaceId, { after: 0 })
  const caughtUp = events.caughtUp()
  expect(await take(events, 2)).toEqual(['a', 'b'])
  const next = take(events, 1)
  const { newest } = await bus.bounds()
  expect(await caughtUp).toBe(newest)
  await bus.publish({ workspaceId, kind: 'PUSH_UPDATED', pushId: 'c' })
  expect(await next).toEqual(['c'])
  await events.return?.()
  expect(await events.caughtUp()).toBeNull()
})

test('a look that the database refuses for a moment is repeated: the subscription goes on', async () => {
  const { prisma, workspaceId } = await openTestDatabase()
  await prisma.event.create({ data: { workspaceId, kind: 'PUSH_UPDATED', pushId: 'kept' } })
  let refusals = 0
  const refusing = prisma.$extends({
    query: {
      event: {
        findMany({ args, query }) {
          if (args.where?.workspaceId === workspaceId && refusals++ < 2) throw new Error('busy')
          return query(args)
        },
      },
    },
  }) as unknown as PrismaClient
  expect(await take(openBus(refusing, 5).subscribe(workspaceId, { after: 0 }), 1)).toEqual(['kept'])
  expect(refusals).toBe(3)
})

test('ten thousand events in a burst reach a subscriber once each, in order', async () => {
  const { prisma, workspaceId } = await openTestDatabase()
  const bus = openBus(prisma)
  const total = 10_000
  const received = take(bus.subscribe(workspaceId), total)
  await bus.latestId()
  for (let from = 0; from < total; from += 2_000) {
    const data = Array.from({ length: 2_000 }, (_, index) => ({
      workspaceId,
      kind: 'PUSH_UPDATED',
      pushId: `${from + index}`,
    }))
    await prisma.event.createMany({ data })
    bus.wake()
  }
  expect(await received).toEqual(Array.from({ length: total }, (_, index) => `${index}`))
})

test('who wakes it just as a look ends gets another one', async () => {
  const { prisma } = await openTestDatabase()
  let ended = 0
  let onEnd = async (): Promise<void> => {}
  const watched = prisma.$extends({
    query: {
      event: {
        async findMany({ args, query }) {
          const rows = await query(args)
          ended += 1
          void onEnd()
          return rows
        },
      },
    },
  }) as unknown as PrismaClient
  const bus = openBus(watched, 60_000)
  await bus.latestId()
  // However many steps of this process lie between the answer of the database and the end of the look.
  for (let steps = 0; steps < 40; steps++) {
    await new Promise(setImmediate)
    const before = ended
    onEnd = async () => {
      onEnd = async () => {}
      for (let step = 0; step < steps; step++) await Promise.resolve()
      bus.wake()
    }
    bus.wake()
    await expect.poll(() => ended, { interval: 1, message: `woken ${steps} steps after the answer` }).toBe(before + 2)
  }
})
