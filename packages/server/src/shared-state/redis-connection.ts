/** One connection to Redis that nobody waits for: a command is answered soon, or refused. */
import { createClient } from '@redis/client'

export interface RedisConnection {
  /**
   * Runs a command.
   *
   * @throws RedisAwayError where Redis is out of reach or does not answer in time; what the command throws
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
  /** Told when `fault` has changed. */
  onFault(fault: RedisFault | null): void
  now: () => number
}

/** Redis is out of reach, or does not answer in time. */
class RedisAwayError extends Error {
  override readonly name = 'RedisAwayError'
}

/** How long an answer is waited for: a request may be waiting behind it. */
const ANSWER_MS = 250
const ANSWER_TURNS = 5
const PROBE_MS = 1_000
/** While nothing is heard at all, of the handshake too. Longer than `PROBE_MS`, which makes Redis say something. */
const SILENCE_MS = 2_500
const CONNECT_MS = 1_000
const MOST_RETRY_MS = 2_000

export function connectRedis(options: RedisConnectionOptions): RedisConnection {
  const { url, now } = options
  let fault: RedisFault | null = null
  let closed = false
  let current = open()

  function note(error: unknown): void {
    if (closed || (error === null) === (fault === null)) return
    fault = error === null ? null : { since: now(), error }
    options.onFault(fault)
  }

  function open(): RedisClient {
    const client = openClient(url)
    let isListening = false
    client.on('error', (error) => {
      if (client === current) note(error)
    })
    client.on('ready', () => {
      if (client !== current) return
      // Of what comes after a break the client takes care.
      const listening = isListening
        ? Promise.resolve([])
        : Promise.all([...options.channels].map(([channel, tell]) => client.subscribe(channel, tell)))
      listening.then(
        () => {
          isListening = true
          options.onListening()
          void probe()
        },
        () => drop(client),
      )
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
    if (!client.isReady) throw new RedisAwayError('Redis is out of reach.')
    const late = lateness()
    try {
      return await Promise.race([command(client), late.promise])
    } catch (error) {
      note(error)
      if (error instanceof RedisAwayError) drop(client)
      throw error
    } finally {
      late.forget()
    }
  }

  async function probe(): Promise<void> {
    await ask(options.probe).then(() => note(null), note)
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

/**
 * Rejects when an answer is late. It is waited for in several turns, so that a time in which this process was busy itself
 * takes away one of them: in the others, what was asked is sent and its answer read.
 */
function lateness(): { promise: Promise<never>; forget(): void } {
  let timer: NodeJS.Timeout | undefined
  const promise = new Promise<never>((_, reject) => {
    const refuse = () => reject(new RedisAwayError('Redis does not answer in time.'))
    const wait = (turns: number) => {
      // What has arrived meanwhile goes first.
      timer = setTimeout(() => (turns > 1 ? wait(turns - 1) : setImmediate(refuse)), ANSWER_MS / ANSWER_TURNS)
    }
    wait(ANSWER_TURNS)
  })
  return { promise, forget: () => clearTimeout(timer) }
}
