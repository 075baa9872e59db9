import type { StoredEvent } from './event.ts'

/** Events of one subscriber, in order. Nothing is queued for it: one that reads slowly reads rows later. */
export interface EventSubscription extends AsyncIterableIterator<StoredEvent> {
  /** Once nothing is left to hand out: the id up to which everything was. Answers null where it has ended. */
  caughtUp(): Promise<number | null>
}

/** What one look found. Up to `reaches` there is nothing else for this subscriber, so that it need not look there again. */
export interface EventPage {
  events: StoredEvent[]
  reaches: number
}

/** Calls a subscriber back when there is more for it; up to `nothingUntil` there was nothing. */
export type Wake = (nothingUntil: number) => void

export interface SubscriptionSource {
  /** The cursor to begin behind. */
  start(): Promise<number>
  read(cursor: number): Promise<EventPage>
  filter(event: StoredEvent): boolean
  /** Who is to be woken when there may be more. */
  waiting: Set<Wake>
  /** Ends it, once it is aborted. */
  signal: AbortSignal | undefined
  onEnd(): void
}

/** Written out rather than as a generator: a generator that waits cannot be ended from outside before it wakes. */
export function createSubscription(source: SubscriptionSource): EventSubscription {
  const { start, read, filter, waiting, signal, onEnd } = source
  let cursor: number | undefined
  let page: EventPage = { events: [], reaches: 0 }
  let ended = false
  let idle = false
  let resume: Wake = () => {}
  const asking = new Set<(reached: number | null) => void>()
  const tell = (reached: number | null) => {
    for (const answer of asking) answer(reached)
    asking.clear()
  }
  const end = () => {
    if (ended) return
    ended = true
    signal?.removeEventListener('abort', end)
    resume(0)
    tell(null)
    onEnd()
  }
  signal?.addEventListener('abort', end)

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
        const more = new Promise<number>((resolve) => {
          resume = resolve
        })
        waiting.add(resume)
        cursor = Math.max(cursor, page.reaches)
        page = await read(cursor)
        if (page.events.length === 0 && !ended) {
          cursor = Math.max(cursor, page.reaches)
          idle = true
          tell(cursor)
          cursor = Math.max(cursor, await more)
          idle = false
        }
        waiting.delete(resume)
      }
      return { done: true, value: undefined }
    },
    caughtUp() {
      if (ended) return Promise.resolve(null)
      if (idle && cursor !== undefined) return Promise.resolve(cursor)
      return new Promise((resolve) => asking.add(resolve))
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
