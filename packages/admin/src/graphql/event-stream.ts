import { createClient } from 'graphql-sse'
import type { SubscriptionForwarder } from 'urql'
import type { Connection } from './connection.ts'

interface EventStreamParts {
  connection: Connection
  /** The gateway does not know who asks. */
  onSignedOut: () => void
  /** Events may have been missed: whatever is shown is to be asked anew. */
  onGap: () => void
}

/**
 * Events over one connection, whatever number of subscriptions there is, since a browser keeps few to one server open. A
 * subscription whose operation takes `$after` goes on behind the last event that came (its `id`) when the connection was lost.
 */
export function createEventStream({ connection, onSignedOut, onGap }: EventStreamParts): SubscriptionForwarder {
  let isSignedOut = false
  let wasLost = false
  let tries = 0
  // Whoever asks to try now does not wait long for the next try either.
  connection.onTry(() => {
    tries = 0
  })
  const events = createClient({
    url() {
      // Whoever signs in gets a fresh page: until then there is nothing to try.
      if (isSignedOut) throw new Error('Signed out')
      return '/graphql/stream'
    },
    async fetchFn(input: RequestInfo, init: RequestInit) {
      const response = await fetch(input, init)
      if (response.status === 401) {
        isSignedOut = true
        onSignedOut()
      }
      return response
    },
    credentials: 'same-origin',
    singleConnection: true,
    lazy: true,
    retryAttempts: Number.POSITIVE_INFINITY,
    async retry() {
      if (isSignedOut) return
      wasLost = true
      connection.lost()
      const waited = connection.wait(Math.min(15_000, 500 * 2 ** Math.min(tries, 5)))
      tries += 1
      await waited
    },
    on: {
      connected(again) {
        connection.regained()
        if (again && wasLost) onGap()
        wasLost = false
        tries = 0
      },
    },
  })

  return ({ query = '', variables: given }) => ({
    subscribe(sink) {
      const resumes = /\$after\b/.test(query)
      let cursor: unknown = given?.['after'] ?? null
      // Read anew with each try.
      const variables = Object.defineProperty({ ...given }, 'after', { enumerable: resumes, get: () => cursor })
      let stop = begin()
      const stopPausing = pauseWhileHidden(
        () => stop(),
        () => {
          stop = begin()
          onGap()
        },
      )

      function begin() {
        return events.subscribe(
          { query, variables },
          {
            next(result) {
              const codes = result.errors?.map(({ extensions }) => extensions?.['code']) ?? []
              if (cursor !== null && codes.includes('CURSOR_EXPIRED')) {
                cursor = null
                stop()
                stop = begin()
                onGap()
                return
              }
              cursor = idOfEvent(result.data) ?? cursor
              sink.next({ data: result.data ?? null, ...(result.errors && { errors: result.errors }) })
            },
            error: (error) => sink.error(error),
            complete: () => sink.complete(),
          },
        )
      }
      return {
        unsubscribe() {
          stopPausing()
          stop()
        },
      }
    },
  })
}

/** Pages that nobody looks at for so long do not listen. */
const HIDDEN_MS = 20_000

/** A browser keeps six connections to one server open: pages that are not seen leave theirs to those that are. */
function pauseWhileHidden(pause: () => void, resume: () => void): () => void {
  let isPaused = false
  let timer: ReturnType<typeof setTimeout> | undefined
  const look = () => {
    clearTimeout(timer)
    if (document.visibilityState === 'visible') {
      if (isPaused) resume()
      isPaused = false
      return
    }
    timer = setTimeout(() => {
      isPaused = true
      pause()
    }, HIDDEN_MS)
  }
  document.addEventListener('visibilitychange', look)
  return () => {
    clearTimeout(timer)
    document.removeEventListener('visibilitychange', look)
  }
}

/** A subscription has one field, and an event its cursor in `id`. */
function idOfEvent(data: unknown): string | null {
  const [event] = Object.values(data ?? {}) as unknown[]
  if (typeof event !== 'object' || event === null || !('id' in event)) return null
  return typeof event.id === 'string' ? event.id : null
}
