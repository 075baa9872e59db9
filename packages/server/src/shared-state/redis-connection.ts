/** One connection to Redis that nobody waits for: a command is answered soon, or refused. */
import { createClient } from '@redis/client'
import { settlesWithin } from './patience.ts'

export interface RedisConnection {
  /**
   * Runs a command.
   *
   * @throws RedisAwayError where Redis is out of reach, too slow, or does not answer in time; what the command throws
   */
  ask<T>(command: (client: RedisClient) => Promise<T>): Promise<T>
  /** Why it cannot be used, and since when, in milliseconds since 1970; null where it can. */
  fault(): RedisFault | null
  close(): void
}

export interface RedisFault {
  readonly since: number
  readonly error: unknown
}

export type RedisClient = ReturnType<typeof openClient>

export interface RedisConnectionOptions {
  url: string
  /** What is listened to, and who is told. */
  channels: ReadonlyMap<string, (message: string) => void>
  /** Messages are heard from now on; some may have been missed before. */
  onListening(): void
  /** Run now and then, so that trouble is noticed while nobody asks for anything. */
  probe(client: RedisClient): Promise<unknown>
  /** Told when `fault` has begun or ended, and once of each further cause. */
  onFault(fault: RedisFault | null): void
  now: () => number
}

/** Redis is out of reach, is not used at the moment, or does not answer in time. */
class RedisAwayError extends Error {
  override readonly name = 'RedisAwayError'
}

/** How long an answer is waited for: a request may be waiting behind it. */
const ANSWER_MS = 250
const PROBE_MS = 1_000
/** Of so many answers in a row one comes within `QUICK_MS`, or it is done without Redis: one operation asks several times. */
const PROBES_IN_A_ROW = 5
const QUICK_MS = 50
/** A connection over which nothing was answered for so long is given up. */
const SILENT_PROBE_MS = 1_000
/** While nothing is heard at all, of the handshake too. Longer than `PROBE_MS`, which makes Redis say something. */
const SILENCE_MS = 2_500
const CONNECT_MS = 1_000
const MOST_RETRY_MS = 2_000

export function connectRedis(options: RedisConnectionOptions): RedisConnection {
  const { url, now } = options
  let fault: RedisFault | null = null
  /** Each is told once, for as long as there is one. */
  const causes = new Set<string>()
  let closed = false
  let listening: RedisClient | null = null
  let probing: RedisClient | null = null
  let current = open()

  function note(client: RedisClient, error: unknown): void {
    if (closed || client !== current) return
    if (error === null) {
      causes.clear()
      if (fault === null) return
      fault = null
    } else {
      const cause = error instanceof Error ? error.message : ''
      if (causes.has(cause)) return
      causes.add(cause)
      fault = { since: fault?.since ?? now(), error }
    }
    options.onFault(fault)
  }

  function open(): RedisClient {
    const client = openClient(url)
    client.on('error', (error) => note(client, error))
    client.on('ready', () => {
      // Of listening on after a break the client takes care.
      if (client === listening) options.onListening()
      void probe()
    })
    // It tries again by itself until it is closed.
    client.connect().catch(() => {})
    return client
  }

  /** What was sent over it may be answered never; and as long as we write, the socket does not look idle. */
  function drop(client: RedisClient): void {
    if (client !== current || closed) return
    current = open()
    client.destroy()
  }

  async function ask<T>(command: (client: RedisClient) => Promise<T>): Promise<T> {
    const client = current
    // Until a probe has found it well again, nobody waits for it.
    if (fault || !client.isReady) throw new RedisAwayError('Redis is not used at the moment.')
    try {
      const answer = command(client)
      if (!(await settlesWithin(answer, ANSWER_MS))) throw new RedisAwayError('Redis does not answer in time.')
      return await answer
    } catch (error) {
      note(client, error)
      // It may have been this one alone.
      void probe()
      throw error
    }
  }

  /** While there is no connection, the client itself says why. */
  async function probe(): Promise<void> {
    const client = current
    if (client === probing || !client.isReady) return
    probing = client
    try {
      if (client !== listening) await heard(client, listen(client))
      note(client, (await isQuick(client)) ? null : new RedisAwayError('Redis is slow: no answer came in time.'))
    } catch (error) {
      note(client, error)
    } finally {
      if (client === probing) probing = null
    }
  }

  async function listen(client: RedisClient): Promise<void> {
    await Promise.all([...options.channels].map(([channel, tell]) => client.subscribe(channel, tell)))
    listening = client
    options.onListening()
  }

  async function isQuick(client: RedisClient): Promise<boolean> {
    // Quicker than before, lest it comes and goes all the time.
    const quickMs = fault ? QUICK_MS / 2 : QUICK_MS
    for (let round = 0; round < PROBES_IN_A_ROW; round += 1) {
      const answer = options.probe(client)
      const isSoon = await settlesWithin(answer, quickMs)
      await heard(client, answer)
      if (isSoon) return true
    }
    return false
  }

  async function heard(client: RedisClient, answer: Promise<unknown>): Promise<void> {
    if (!(await settlesWithin(answer, SILENT_PROBE_MS))) {
      const silent = new RedisAwayError('Redis does not answer.')
      note(client, silent)
      drop(client)
      throw silent
    }
    await answer
  }

  const timer = setInterval(() => void probe(), PROBE_MS)
  timer.unref()

  return {
    ask,
    fault: () => fault,
    close() {
      closed = true
      clearInterval(timer)
      current.destroy()
    },
  }
}

function openClient(url: string) {
  return createClient({
    url,
    // Commands and messages over one connection.
    RESP: 3,
    disableOfflineQueue: true,
    maintNotifications: 'disabled',
    socket: {
      connectTimeout: CONNECT_MS,
      socketTimeout: SILENCE_MS,
      reconnectStrategy: (retries) =>
        Math.min(50 * 2 ** Math.min(retries, 10), MOST_RETRY_MS) * (0.5 + Math.random() / 2),
    },
  })
}
