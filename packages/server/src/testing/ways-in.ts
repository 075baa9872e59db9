/** An operation on each way beside plain HTTP. */
import { createClient } from 'graphql-ws'
import { onTestFinished } from 'vitest'
import WebSocket from 'ws'
import type { StreamingServer } from './streaming-server.ts'

const authorization = 'Bearer ADMIN'

/** The first thing that an operation is answered with over WebSocket. */
export async function overWebSocket({ url }: StreamingServer, query: string): Promise<unknown> {
  const client = createClient({
    url: `${url.replace('http', 'ws')}/graphql`,
    webSocketImpl: WebSocket,
    connectionParams: { authorization },
    retryAttempts: 0,
  })
  onTestFinished(() => void client.dispose())
  for await (const result of client.iterate({ query })) return result
  return undefined
}

/** The same over server-sent events. */
export async function overStream({ post }: StreamingServer, query: string): Promise<unknown> {
  const text = await (await post({ query }, { headers: { accept: 'text/event-stream' } })).text()
  // What is refused before the stream begins comes as JSON.
  return JSON.parse(/^event: next\ndata: (.*)$/m.exec(text)?.[1] ?? text)
}

/** The same over the stream of a single connection. */
export async function overSingleStream({ url }: StreamingServer, query: string): Promise<unknown> {
  const headers = { authorization, 'content-type': 'application/json' }
  const reserved = await fetch(`${url}/graphql/stream`, { method: 'PUT', headers })
  const named = { ...headers, 'x-graphql-event-stream-token': await reserved.text() }
  const leaving = new AbortController()
  const { signal } = leaving
  const stream = await fetch(`${url}/graphql/stream`, { headers: { ...named, accept: 'text/event-stream' }, signal })
  const body = JSON.stringify({ query, extensions: { operationId: '1' } })
  await fetch(`${url}/graphql/stream`, { method: 'POST', headers: named, body })
  let text = ''
  for await (const chunk of stream.body?.pipeThrough(new TextDecoderStream()) ?? []) {
    text += chunk
    const [, result] = /event: next\ndata: (.*)\n/.exec(text) ?? []
    if (result === undefined) continue
    leaving.abort()
    return JSON.parse(result).payload
  }
  return undefined
}
