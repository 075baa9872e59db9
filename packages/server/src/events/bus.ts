import { setTimeout as wait } from 'node:timers/promises'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { Wakes } from '../shared-state/shared-state.ts'
import { type EventKind, eventKinds, type NewEvent, type StoredEvent } from './event.ts'
import { createEventStore } from './store.ts'
import { createSubscription, type EventPage, type EventSubscription, type Wake } from './subscription.ts'

export interface SubscribeOptions {
  /** Resume behind this event id; without it, from now on. */
  after?: number
  kinds?: readonly EventKind[]
  /** Which of them are wanted; the others are passed over. */
  filter?: (event: StoredEvent) => boolean
  /** Ends the subscription. */
  signal?: AbortSignal
}

/**
 * The Event table as a bus (decision 10): rows first, so that the id of an event is a cursor, and nothing is lost or
 * repeated when a subscriber comes back. Whoever stores events in a transaction of its own calls `wake` afterwards.
 */
export interface EventBus {
  publish(event: NewEvent): Promise<void>
  /** New rows are there: read them now rather than at the next poll. */
  wake(): void
  /** Events of one workspace in order. */
  subscribe(workspaceId: string, options?: SubscribeOptions): EventSubscription
  /**
   * Every event of every instance from now on: at once where it happened and where `others` reach, within a poll elsewhere.
   * Returns how to stop.
   */
  onEvent(listener: (event: StoredEvent) => void): () => void
  /** The ids of the oldest event that is kept, and of the newest that there was. */
  bounds(): Promise<{ oldest: number; newest: number }>
  /** The newest event that was handed out: whoever subscribes now begins behind it. */
  latestId(): Promise<number>
  /** Whether everything behind this event is in memory, so that reading it asks the database nothing. */
  remembers(after: number): boolean
  /** Ends every subscription and stops polling. */
  close(): Promise<void>
}

export interface EventBusOptions {
  prisma: PrismaClient
  /** Other instances, which are told and tell of new rows. Without them, and whatever becomes of them, there are the polls. */
  others?: Wakes
  /** How often other instances' events are looked for, in milliseconds. */
  pollMs?: number
  /** Told of a failed look at the table; the next poll tries again. */
  onError?: (error: unknown) => void
}

/** How many rows one look takes, and how many recent events are kept in memory for subscribers. */
const PAGE = 200
const RECENT = 1_000

export function createEventBus({ prisma, others, pollMs = 500, onError = () => {} }: EventBusOptions): EventBus {
  const store = createEventStore(prisma)
  const listeners = new Set<(event: StoredEvent) => void>()
  /** Subscribers that have nothing to hand out, by workspace: what happens in others wakes nobody. */
  const waiting = new Map<string, Set<Wake>>()
  const recent: StoredEvent[] = []
  const subscriptions = new Set<EventSubscription>()
  let closed = false

  /** Everything up to here has been handed out; before it is known, the first look finds it out. */
  let seen: number | undefined
  /** `recent` holds every event behind this one. */
  let recentAfter = 0
  let looking: Promise<void> | undefined
  let lookAgain = false

  async function look(): Promise<void> {
    if (seen === undefined) {
      seen = await store.latestId()
      recentAfter = seen
    }
    for (;;) {
      const page = await store.listAll(seen, PAGE)
      const nothingUntil = seen
      for (const event of page) {
        seen = event.id
        recent.push(event)
        for (const listener of listeners) listener(event)
      }
      while (recent.length > RECENT) recentAfter = recent.shift()?.id ?? recentAfter
      for (const workspaceId of new Set(page.map((event) => event.workspaceId))) release(workspaceId, nothingUntil)
      if (page.length < PAGE) return
    }
  }

  /** One look at a time; who asks during one gets another behind it, since its row may have come too late for the first. */
  async function tail(): Promise<void> {
    // Whoever still ends its work behind us would have the database opened again.
    if (closed) return
    if (looking) {
      lookAgain = true
      return looking
    }
    looking = lookUntilNobodyAsks()
    return looking
  }

  async function lookUntilNobodyAsks(): Promise<void> {
    try {
      do {
        lookAgain = false
        await look()
      } while (lookAgain && !closed)
    } catch (error) {
      onError(error)
    } finally {
      // In the same step in which `lookAgain` was read: who asked in between would be heard by nobody.
      looking = undefined
    }
  }

  function release(workspaceId: string, nothingUntil: number): void {
    const woken = [...(waiting.get(workspaceId) ?? [])]
    waiting.get(workspaceId)?.clear()
    for (const wake of woken) wake(nothingUntil)
  }

  function waitingFor(workspaceId: string): Set<Wake> {
    const known = waiting.get(workspaceId) ?? new Set<Wake>()
    waiting.set(workspaceId, known)
    return known
  }

  async function read(workspaceId: string, after: number, kinds: readonly EventKind[]): Promise<EventPage> {
    const reaches = Math.max(after, seen ?? after)
    if (after < recentAfter) {
      const events = await store.list(workspaceId, after, { kinds, limit: PAGE })
      return { events, reaches: events.length === PAGE ? after : reaches }
    }
    const events: StoredEvent[] = []
    for (let index = recent.length - 1; index >= 0; index -= 1) {
      const event = recent[index]
      if (!event || event.id <= after) break
      if (event.workspaceId === workspaceId && kinds.includes(event.kind)) events.push(event)
    }
    return { events: events.reverse(), reaches }
  }

  /** A look that failed is repeated, so that nobody's subscription ends because the database was busy for a moment. */
  async function readPatiently(workspaceId: string, after: number, kinds: readonly EventKind[]): Promise<EventPage> {
    for (;;) {
      try {
        return await read(workspaceId, after, kinds)
      } catch (error) {
        if (closed) return { events: [], reaches: after }
        onError(error)
        await wait(pollMs)
      }
    }
  }

  async function latestId(): Promise<number> {
    await ready
    return seen ?? (await store.latestId())
  }

  function wake(): void {
    void tail()
    others?.wake()
  }

  const ready = tail()
  const timer = setInterval(() => void tail(), pollMs)
  timer.unref()
  const forgetOthers = others?.onWake(() => void tail())

  return {
    async publish(event) {
      await store.append(event)
      wake()
    },
    wake,
    subscribe(workspaceId, { after, kinds = eventKinds, filter = () => true, signal } = {}) {
      const opened = createSubscription({
        start: async () => {
          const now = await latestId()
          return after ?? now
        },
        read: (cursor) => readPatiently(workspaceId, cursor, kinds),
        filter,
        waiting: waitingFor(workspaceId),
        signal,
        onEnd: () => void subscriptions.delete(opened),
      })
      subscriptions.add(opened)
      if (closed || signal?.aborted) void opened.return?.()
      return opened
    },
    onEvent(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async bounds() {
      const kept = await store.bounds()
      const newest = Math.max(kept.newest, seen ?? 0)
      return { oldest: kept.oldest || newest + 1, newest }
    },
    latestId,
    remembers: (after) => seen !== undefined && after >= recentAfter,
    async close() {
      clearInterval(timer)
      forgetOthers?.()
      closed = true
      for (const opened of subscriptions) void opened.return?.()
      await looking
    },
  }
}
