import type { PrismaClient } from '../generated/prisma/client.ts'
import { type EventKind, eventKinds, type NewEvent, type StoredEvent } from './event.ts'
import { createEventStore } from './store.ts'

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
  /** Events of one workspace in order. Nothing is queued per subscriber: one that reads slowly reads rows later. */
  subscribe(workspaceId: string, options?: SubscribeOptions): AsyncIterableIterator<StoredEvent>
  /** Every event of every instance from now on: at once where it happened, within a poll elsewhere. Returns how to stop. */
  onEvent(listener: (event: StoredEvent) => void): () => void
  /** Ends every subscription and stops polling. */
  close(): Promise<void>
}

export interface EventBusOptions {
  prisma: PrismaClient
  /** How often other instances' events are looked for, in milliseconds. */
  pollMs?: number
  /** Told of a failed look at the table; the next poll tries again. */
  onError?: (error: unknown) => void
}

/** How many rows one look takes, and how many recent events are kept in memory for subscribers. */
const PAGE = 200
const RECENT = 1_000

export function createEventBus({ prisma, pollMs = 500, onError = () => {} }: EventBusOptions): EventBus {
  const store = createEventStore(prisma)
  const listeners = new Set<(event: StoredEvent) => void>()
  const waiting = new Set<() => void>()
  const recent: StoredEvent[] = []
  const closing = new AbortController()

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
      release()
    }
    for (;;) {
      const page = await store.listAll(seen, PAGE)
      for (const event of page) {
        seen = event.id
        recent.push(event)
        for (const listener of listeners) listener(event)
      }
      while (recent.length > RECENT) recentAfter = recent.shift()?.id ?? recentAfter
      if (page.length > 0) release()
      if (page.length < PAGE) return
    }
  }

  /** One look at a time; who asks during one gets another behind it, since its row may have come too late for the first. */
  async function tail(): Promise<void> {
    // Whoever still ends its work behind us would have the database opened again.
    if (closing.signal.aborted) return
    if (looking) {
      lookAgain = true
      return looking
    }
    looking = (async () => {
      do {
        lookAgain = false
        await look()
      } while (lookAgain && !closing.signal.aborted)
    })()
      .catch(onError)
      .finally(() => {
        looking = undefined
      })
    return looking
  }

  function release(): void {
    for (const resume of waiting) resume()
    waiting.clear()
  }

  async function read(workspaceId: string, after: number, kinds: readonly EventKind[]): Promise<Page> {
    const reaches = Math.max(after, seen ?? after)
    if (after < recentAfter) {
      const events = await store.list(workspaceId, after, { kinds, limit: PAGE })
      return { events, reaches: events.length === PAGE ? after : reaches }
    }
    const wanted = (event: StoredEvent) => event.workspaceId === workspaceId && kinds.includes(event.kind)
    return { events: recent.filter((event) => event.id > after && wanted(event)), reaches }
  }

  const ready = tail()
  const timer = setInterval(() => void tail(), pollMs)
  timer.unref()

  return {
    async publish(event) {
      await store.append(event)
      void tail()
    },
    wake: () => void tail(),
    subscribe(workspaceId, { after, kinds = eventKinds, filter = () => true, signal } = {}) {
      return subscription({
        start: async () => {
          await ready
          return after ?? seen ?? (await store.latestId())
        },
        read: (cursor) => read(workspaceId, cursor, kinds),
        filter,
        waiting,
        signal: signal ? AbortSignal.any([signal, closing.signal]) : closing.signal,
      })
    },
    onEvent(listener) {
      listeners.add(listener)
      return () => void listeners.delete(listener)
    },
    async close() {
      clearInterval(timer)
      closing.abort()
      release()
      await looking
    },
  }
}

/** Events of one subscriber. Up to `reaches` there are no others for it, so that it need not look there again. */
interface Page {
  events: StoredEvent[]
  reaches: number
}

interface SubscriptionSource {
  /** The cursor to begin behind. */
  start(): Promise<number>
  read(cursor: number): Promise<Page>
  filter(event: StoredEvent): boolean
  /** Who is to be woken when there may be more. */
  waiting: Set<() => void>
  signal: AbortSignal
}

/** Written out rather than as a generator: a generator that waits cannot be ended from outside before it wakes. */
function subscription({
  start,
  read,
  filter,
  waiting,
  signal,
}: SubscriptionSource): AsyncIterableIterator<StoredEvent> {
  let cursor: number | undefined
  let page: Page = { events: [], reaches: 0 }
  let ended = signal.aborted
  let resume = () => {}
  const end = () => {
    ended = true
    signal.removeEventListener('abort', end)
    resume()
  }
  signal.addEventListener('abort', end)

  return {
    async next() {
      cursor ??= await start()
      while (!ended) {
        const event = page.events.shift()
        if (event) {
          cursor = event.id
          if (filter(event)) return { done: false, value: event }
          continue
        }
        // Waiting begins before the reading, so that what comes in between is not slept through.
        const more = new Promise<void>((resolve) => {
          resume = resolve
        })
        waiting.add(resume)
        cursor = Math.max(cursor, page.reaches)
        page = await read(cursor)
        if (page.events.length === 0 && !ended) await more
        waiting.delete(resume)
      }
      return { done: true, value: undefined }
    },
    async return() {
      end()
      return { done: true, value: undefined }
    },
    [Symbol.asyncIterator]() {
      return this
    },
  }
}
