/** Identical calls in flight are one, which ends with its last caller. What the next one needs too is shared work. */
import { ProviderError } from '../errors.ts'

interface SingleFlight<T> {
  /**
   * Joins the call of this key that is in flight, or starts `work`. A caller that aborts leaves alone; the shared call
   * is aborted when the last one has left. Rejects with CRM_TIMEOUT for a caller that left.
   */
  run(key: string, signal: AbortSignal | undefined, work: (signal: AbortSignal) => Promise<T>): Promise<T>
}

interface Flight<T> {
  result: Promise<T>
  callers: number
  ending: AbortController
}

export function createSingleFlight<T>(): SingleFlight<T> {
  const flights = new Map<string, Flight<T>>()

  function start(key: string, work: (signal: AbortSignal) => Promise<T>): Flight<T> {
    const ending = new AbortController()
    const flight: Flight<T> = { callers: 0, ending, result: Promise.resolve().then(() => work(ending.signal)) }
    const land = () => forget(key, flight)
    flight.result.then(land, land)
    flights.set(key, flight)
    return flight
  }

  function forget(key: string, flight: Flight<T>): void {
    if (flights.get(key) === flight) flights.delete(key)
  }

  function leave(key: string, flight: Flight<T>): void {
    flight.callers -= 1
    if (flight.callers > 0) return
    // Forgotten first: who comes next starts anew rather than joining a call that is being aborted.
    forget(key, flight)
    flight.ending.abort()
  }

  return {
    run(key, signal, work) {
      if (signal?.aborted) return Promise.reject(left(signal))
      const flight = flights.get(key) ?? start(key, work)
      flight.callers += 1
      if (signal === undefined) return flight.result

      return new Promise<T>((resolve, reject) => {
        const onAbort = () => {
          leave(key, flight)
          reject(left(signal))
        }
        const done = () => signal.removeEventListener('abort', onAbort)
        signal.addEventListener('abort', onAbort, { once: true })
        flight.result.finally(done).then(resolve, reject)
      })
    },
  }
}

function left(signal: AbortSignal): ProviderError {
  return new ProviderError('CRM_TIMEOUT', { message: 'The call was cancelled.', cause: signal.reason })
}
