import { expect, test } from 'vitest'
import { startStreamingServer } from '../testing/streaming-server.ts'
import { overSingleStream, overStream, overWebSocket } from '../testing/ways-in.ts'
import { usualLimits } from './limit-values.ts'

/** `{"data":{"count":1}}` has one byte more. */
const most = 19
const start = (answerBytes: number) => startStreamingServer({ limits: { ...usualLimits, answerBytes } })
const beyond = (found: number) => ({
  errors: [{ extensions: { code: 'LIMIT_EXCEEDED', limit: { name: 'answerBytes', most, found } } }],
})

test.each([
  ['WebSocket', overWebSocket],
  ['server-sent events', overStream],
  ['a single connection', overSingleStream],
])('an answer over %s may have no more bytes than one over HTTP (T9)', async (_, ask) => {
  const server = await start(most)
  expect(await ask(server, '{ hello }')).toMatchObject(beyond(26))
  expect(await ask(server, 'subscription { count(to: 1) }')).toMatchObject(beyond(20))
})

test('an event that is too long is told of as such, and the subscription goes on', async () => {
  const { post } = await start(20)
  const query = 'subscription { count(to: 10) }'
  const text = await (await post({ query }, { headers: { accept: 'text/event-stream' } })).text()
  const told = [...text.matchAll(/event: next\ndata: (.*)\n/g)].map(([, data]) => JSON.parse(data ?? ''))
  expect(told.slice(0, 9)).toEqual(Array.from({ length: 9 }, (_, index) => ({ data: { count: index + 1 } })))
  expect(told[9]).toMatchObject({ errors: [{ extensions: { limit: { name: 'answerBytes', most: 20, found: 21 } } }] })
  expect(text).toMatch(/event: complete\ndata:\n\n$/)
})
