/** Results of one subscription for any number of subscribers, each of which reads them at its own pace. */
import { setMaxListeners } from 'node:events'
import { setImmediate as nextTurn } from 'node:timers/promises'
import type { ExecutionResult } from 'graphql'
import type { StoredEvent } from '../events/event.ts'
import type { EventSubscription } from '../events/subscription.ts'
import { frameOf, type Results } from './event-stream.ts'

export interface SharedStream {
  /**
   * A further subscriber, from behind an event. Null where the stream has ended; a result with errors where what it asks for
   * is refused.
   */
  join(after: number, signal: AbortSignal): Promise<Results | ExecutionResult | null>
}

export interface SharedStreamParts {
  /** The event behind which it begins. */
  start: number
  /** Events behind `after`; a result with errors where they cannot be had. */
  read(after: number, signal: AbortSignal): Promise<EventSubscription | ExecutionResult>
  /** What subscribers are told of an event, as it is at this moment. */
  resolve(event: StoredEvent, signal: AbortSignal): Promise<ExecutionResult>
  /** The last subscriber has left, or there are no more events, or `error` has ended it. */
  onEnd(error?: unknown): void
}

/** What is kept in memory for subscribers that are a little behind grows with their number, within these bounds. */
const KEPT = {
  results: { each: 4, least: 4, most: 1_000 },
  bytes: { each: 4 * 1024, least: 16 * 1024, most: 1024 * 1024 },
}
/** How many subscribers are written to before the event loop turns to others: about 2 ms of work. */
const SLICE = 100
/** How much is read at once for those who are far behind: each of them may hold as much. */
const PAGE = { results: 100, bytes: 128 * 1024 }

interface Resolved {
  id: number
  result: ExecutionResult
}

/** What somebody missed. Up to `reaches` there is nothing else. */
interface Missed {
  results: readonly Resolved[]
  reaches: number
  refusal?: ExecutionResult
}

/**
 * Nothing is queued per subscriber. The newest results are kept once, for all; a subscriber that does not read falls behind
 * them, holds up nobody, and is told what it missed from the rows of the Event table as soon as it reads on.
 */
export async function createSharedStream(parts: SharedStreamParts): Promise<SharedStream | ExecutionResult> {
  const { start, read, resolve, onEnd } = parts
  const ending = new AbortController()
  const { signal } = ending
  // However many pages are read at once for those who are behind, all of them end with it.
  setMaxListeners(0, signal)
  const begun = await read(start, signal)
  if (!('next' in begun)) return begun
  const source = begun

  const kept: Resolved[] = []
  let keptBytes = 0
  /** `kept` holds every result behind this event. */
  let keptAfter = start
  /** The event that was resolved last. */
  let latest = start
  let subscribers = 0
  /** The last subscriber has left. */
  let isAbandoned = false
  let failure: unknown
  const waiting = new Set<() => void>()
  let waking: Promise<void> | undefined
  let unheard = { results: 0, bytes: 0 }
  /** Those who are behind by as much are told the same. */
  const missed = new Map<number, Promise<Missed>>()

  const limit = ({ each, least, most }: typeof KEPT.bytes) => Math.min(most, Math.max(least, each * subscribers))

  function keep(resolved: Resolved): void {
    const size = frameOf(resolved.result).length
    kept.push(resolved)
    keptBytes += size
    latest = resolved.id
    unheard = { results: unheard.results + 1, bytes: unheard.bytes + size }
    while (kept.length > 1 && (kept.length > limit(KEPT.results) || keptBytes > limit(KEPT.bytes))) {
      const oldest = kept.shift()
      if (!oldest) break
      keptAfter = oldest.id
      keptBytes -= frameOf(oldest.result).length
    }
  }

  async function follow(events: EventSubscription): Promise<void> {
    for await (const event of events) {
      keep({ id: event.id, result: await resolve(event, signal) })
      waking ??= wake()
      // A burst must not run away from subscribers that only wait for their turn.
      const isFull = unheard.results * 2 > limit(KEPT.results) || unheard.bytes * 2 > limit(KEPT.bytes)
      if (isFull) await waking
    }
  }

  /** In slices, so that however many there are, the event loop is held for a few milliseconds at a time. */
  async function wake(): Promise<void> {
    // With nobody to wake it would be over before it was noted that it runs, and be taken for running ever after.
    await nextTurn()
    do {
      unheard = { results: 0, bytes: 0 }
      const woken = [...waiting]
      waiting.clear()
      for (let from = 0; from < woken.length; from += SLICE) {
        for (const resume of woken.slice(from, from + SLICE)) resume()
        await nextTurn()
      }
    } while (unheard.results > 0)
    waking = undefined
  }

  function end(error?: unknown): void {
    if (signal.aborted) return
    failure = error
    ending.abort()
    void source.return?.()
    for (const resume of waiting) resume()
    waiting.clear()
    onEnd(error)
  }

  /** The first result behind an event that is still kept. */
  function recall(cursor: number): Resolved | undefined {
    if (latest <= cursor) return undefined
    let index = kept.length
    while (index > 0 && (kept[index - 1]?.id ?? 0) > cursor) index -= 1
    return kept[index]
  }

  function readMissed(cursor: number): Promise<Missed> {
    const known = missed.get(cursor)
    if (known) return known
    const reading = readPage(cursor).finally(() => missed.delete(cursor))
    missed.set(cursor, reading)
    return reading
  }

  async function readPage(cursor: number): Promise<Missed> {
    const events = await read(cursor, signal)
    if (!('next' in events)) return { results: [], reaches: cursor, refusal: events }
    const results: Resolved[] = []
    let bytes = 0
    const caughtUp = events.caughtUp()
    try {
      while (results.length < PAGE.results && bytes < PAGE.bytes) {
        const next = events.next()
        const found = await Promise.race([next.then(({ value }) => value ?? null), caughtUp])
        if (found === null) break
        if (typeof found === 'number') return { results, reaches: found }
        const result = await resolve(found, signal)
        results.push({ id: found.id, result })
        bytes += frameOf(result).length
      }
      return { results, reaches: results.at(-1)?.id ?? cursor }
    } finally {
      void events.return?.()
    }
  }

  async function join(after: number, leaving: AbortSignal): Promise<Results | ExecutionResult | null> {
    if (isAbandoned) return null
    subscribers += 1
    let cursor = after
    let behind: Missed = { results: [], reaches: cursor }
    let read = 0
    let left = false
    let resume = () => {}

    const leave = () => {
      if (left) return
      left = true
      leaving.removeEventListener('abort', leave)
      waiting.delete(resume)
      resume()
      subscribers -= 1
      if (subscribers > 0) return
      isAbandoned = true
      end()
    }
    leaving.addEventListener('abort', leave)
    if (leaving.aborted) leave()

    const catchUp = () =>
      readMissed(cursor).catch((error: unknown) => {
        leave()
        throw error
      })

    const results: Results = {
      async next() {
        while (!left && !signal.aborted) {
          const found = behind.results[read]
          if (found) {
            read += 1
            cursor = found.id
            return { done: false, value: found.result }
          }
          cursor = Math.max(cursor, behind.reaches)
          if (cursor < keptAfter) {
            behind = await catchUp()
            read = 0
            if (!behind.refusal) continue
            leave()
            return { done: false, value: behind.refusal }
          }
          const newer = recall(cursor)
          if (newer) {
            cursor = newer.id
            return { done: false, value: newer.result }
          }
          await new Promise<void>((wakeUp) => {
            resume = wakeUp
            waiting.add(wakeUp)
          })
        }
        const isCutOff = !left && failure !== undefined
        leave()
        // Whoever is told that it was complete does not come back.
        if (isCutOff) throw failure
        return { done: true, value: undefined }
      },
      async return() {
        leave()
        return { done: true, value: undefined }
      },
      [Symbol.asyncIterator]() {
        return this
      },
    }
    if (cursor >= keptAfter) return results
    // What is refused is refused before the stream begins.
    behind = await catchUp()
    if (!behind.refusal) return results
    leave()
    return behind.refusal
  }

  follow(source).then(() => end(), end)
  return { join }
}
