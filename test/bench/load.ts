/** Closed-loop load: so many callers, each asking again as soon as it has its answer. */
import { Pool } from 'undici'

export interface LoadRequest {
  url: string
  /** The same at further servers; the calls go to all of them in turn. */
  others?: readonly string[]
  method: 'GET' | 'POST'
  headers: Record<string, string>
  /** One for each caller, in turn; a GET has none. */
  bodies: readonly string[]
  /** Parse the answer, as a caller without a gateway has to. */
  parse: boolean
  /** Text that every right answer holds. */
  expect: string
}

export interface LoadResult {
  operations: number
  rps: number
  /** Milliseconds. */
  p50: number
  p99: number
}

export async function runLoad(request: LoadRequest, concurrency: number, durationMs: number): Promise<LoadResult> {
  const { pathname, search } = new URL(request.url)
  const origins = [request.url, ...(request.others ?? [])].map((url) => new URL(url).origin)
  const pools = origins.map((origin) => new Pool(origin, { connections: concurrency, pipelining: 1 }))
  let calls = 0
  const durations: number[] = []
  const begin = performance.now()
  const end = begin + durationMs

  async function call(body: string | null): Promise<void> {
    const { method, headers } = request
    const pool = pools[calls++ % pools.length]
    if (!pool) throw new Error('There is no server to call')
    const answer = await pool.request({ path: pathname + search, method, headers, body })
    const text = await answer.body.text()
    if (request.parse) JSON.parse(text)
    if (answer.statusCode !== 200 || !text.includes(request.expect)) {
      throw new Error(`Wrong answer (${answer.statusCode}) of ${request.url}: ${text.slice(0, 500)}`)
    }
  }

  async function caller(number: number): Promise<void> {
    const body = request.bodies[number % request.bodies.length] ?? null
    for (let now = performance.now(); now < end; ) {
      await call(body)
      const after = performance.now()
      durations.push(after - now)
      now = after
    }
  }

  try {
    await Promise.all(Array.from({ length: concurrency }, (_, number) => caller(number)))
  } finally {
    await Promise.all(pools.map((pool) => pool.close()))
  }
  const seconds = (performance.now() - begin) / 1000
  durations.sort((a, b) => a - b)
  const at = (share: number) => durations[Math.min(durations.length - 1, Math.floor(durations.length * share))] ?? 0
  return { operations: durations.length, rps: durations.length / seconds, p50: at(0.5), p99: at(0.99) }
}
