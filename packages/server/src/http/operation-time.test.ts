import { createClient } from 'graphql-ws'
import { expect, onTestFinished, test } from 'vitest'
import WebSocket from 'ws'
import { type StreamingServer, startStreamingServer } from '../testing/streaming-server.ts'
import { usualLimits } from './limit-values.ts'

const operationSeconds = 0.05
const authorization = 'Bearer ADMIN'
const over = { code: 'LIMIT_EXCEEDED', limit: { name: 'operationSeconds', most: 0.05, found: 0.05 } }

const start = () => startStreamingServer({ limits: { ...usualLimits, operationSeconds } })

/** The first thing that a query is answered with over WebSocket. */
async function overWebSocket({ url }: StreamingServer, query: string): Promise<unknown> {
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
async function overStream({ post }: StreamingServer, query: string): Promise<unknown> {
  return (await post({ query }, { headers: { accept: 'text/event-stream' } })).json()
}

/** The same over the stream of a single connection. */
async function overSingleStream({ url }: StreamingServer, query: string): Promise<unknown> {
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

test.each([
  ['WebSocket', overWebSocket],
  ['server-sent events', overStream],
  ['a single connection', overSingleStream],
])('an operation over %s may take no longer than one over HTTP, and what is done for it ends (T9)', async (_, ask) => {
  const server = await start()
  expect(await ask(server, '{ slow }')).toMatchObject({ errors: [{ extensions: over }] })
  expect(server.seen.waits.map(({ signal }) => signal.aborted)).toEqual([true])
})

test('a subscription lasts beyond the time of an operation', async () => {
  const server = await start()
  const { body } = await server.post({ query: 'subscription { wait }' }, { headers: { accept: 'text/event-stream' } })
  const reader = body?.pipeThrough(new TextDecoderStream()).getReader()
  let text = ''
  while (!text.includes('"wait":1')) text += (await reader?.read())?.value ?? expect.unreachable()
  // An operation that began after it has used up its time.
  await overWebSocket(server, '{ slow }')
  expect(server.seen.waits.map(({ signal }) => signal.aborted)).toEqual([false, true])
  await reader?.cancel()
})
