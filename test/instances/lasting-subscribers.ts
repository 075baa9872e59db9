/**
 * Subscribers that outlive the servers they listen to, over each protocol as its own client comes back: behind the last event
 * that it has seen, wherever it is sent.
 */
import { setTimeout as wait } from 'node:timers/promises'
import { createClient as createSseClient, type ClientOptions as SseOptions } from 'graphql-sse'
import { createClient as createSocketClient } from 'graphql-ws'
import WebSocket from 'ws'

export interface Subscriber {
  /** The texts of the messages that it was told of, in order. */
  readonly texts: readonly string[]
  /** What ended it for good, or came instead of an event. */
  readonly troubles: readonly string[]
  /** How often it found a server. */
  connections(): number
  stop(): void
}

/** Who listens: with a key, or with the cookie of a session. */
export type Headers = Record<'authorization', string> | Record<'cookie', string>

const EVENTS = `subscription ($ids: [ID!]!, $after: ID) {
  conversationEvents(conversationIds: $ids, after: $after) { id ... on MessageAppended { message { text } } }
}`

/** What the protocols' clients have in common. */
interface Events {
  subscribe(
    request: { query: string; variables: Record<string, unknown> },
    sink: { next(result: Result): void; error(error: unknown): void; complete(): void },
  ): () => void
  dispose(): unknown
}

interface Result {
  data?: Record<string, unknown> | null | undefined
  errors?: readonly object[] | undefined
}

type Open = (url: string, headers: Headers, onConnected: () => void) => Events

const RETRYING = { retryAttempts: Number.POSITIVE_INFINITY, retry: () => wait(50) } satisfies Partial<SseOptions>

/** One connection for each subscription. */
export const overSse: Open = (url, headers, connected) =>
  createSseClient({ ...RETRYING, url: `${url}/graphql`, headers, on: { connected } })

/** As the admin app does: one stream for all, whose requests reach another server each. */
export const overOneStream: Open = (url, headers, connected) =>
  createSseClient({
    ...RETRYING,
    url: `${url}/graphql/stream`,
    headers,
    singleConnection: true,
    lazy: true,
    on: { connected },
  })

export const overWebSocket: Open = (url, headers, connected) =>
  createSocketClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: headers,
    retryAttempts: Number.POSITIVE_INFINITY,
    on: { connected },
  })

/** Listens from the first event on. */
export function listen(open: Open, url: string, headers: Headers, conversationIds: readonly string[]): Subscriber {
  const texts: string[] = []
  const troubles: string[] = []
  let after = '0'
  let connections = 0
  const client = open(url, headers, () => {
    connections += 1
  })
  const variables = {
    ids: conversationIds,
    // Read anew with each try.
    get after() {
      return after
    },
  }
  client.subscribe(
    { query: EVENTS, variables },
    {
      next({ data, errors }) {
        const event = data?.['conversationEvents'] as { id: string; message?: { text: string } } | undefined
        if (errors || !event) return void troubles.push(JSON.stringify(errors))
        after = event.id
        if (event.message) texts.push(event.message.text)
      },
      error: (error) => void troubles.push(String(error)),
      complete: () => void troubles.push('complete'),
    },
  )
  return { texts, troubles, connections: () => connections, stop: () => void client.dispose() }
}
