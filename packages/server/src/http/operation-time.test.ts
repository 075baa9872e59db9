import { expect, test } from 'vitest'
import { startStreamingServer } from '../testing/streaming-server.ts'
import { overSingleStream, overStream, overWebSocket } from '../testing/ways-in.ts'
import { usualLimits } from './limit-values.ts'

const operationSeconds = 0.05
const over = { code: 'LIMIT_EXCEEDED', limit: { name: 'operationSeconds', most: 0.05, found: 0.05 } }

const start = () => startStreamingServer({ limits: { ...usualLimits, operationSeconds } })

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
