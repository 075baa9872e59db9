import { expect, test, vi } from 'vitest'
import { startStreamingServer } from '../testing/streaming-server.ts'

const headers = { authorization: 'Bearer ADMIN', accept: 'text/event-stream' }
const queryOf = (query: string, variables: object = {}) =>
  new URLSearchParams({ query, variables: JSON.stringify(variables) }).toString()

test('a stream by GET takes its operation from the query, and is never held back by a proxy', async () => {
  const { url } = await startStreamingServer()
  const search = queryOf('subscription ($to: Int) { count(to: $to) }', { to: 2 })
  const response = await fetch(`${url}/graphql?${search}`, { headers })
  expect(response.status).toBe(200)
  expect(Object.fromEntries(response.headers)).toMatchObject({
    'content-type': 'text/event-stream; charset=utf-8',
    'cache-control': 'no-cache, no-transform',
    'x-accel-buffering': 'no',
  })
  expect(response.headers.has('content-encoding')).toBe(false)
  expect(await response.text()).toBe(
    ':\n\n' +
      'event: next\ndata: {"data":{"count":1}}\n\n' +
      'event: next\ndata: {"data":{"count":2}}\n\n' +
      'event: complete\ndata:\n\n',
  )
})

test.each([
  ['{ hello }', '{"data":{"hello":"world"}}'],
  ['{ nonsense }', '"GRAPHQL_VALIDATION_FAILED"'],
  ['{', '"GRAPHQL_PARSE_FAILED"'],
])('%s is answered inside the stream, which is then complete', async (query, said) => {
  const { url } = await startStreamingServer()
  const text = await (await fetch(`${url}/graphql?${queryOf(query)}`, { headers })).text()
  expect(text).toContain(said)
  expect(text).toMatch(/^:\n\nevent: next\ndata: .*\n\nevent: complete\ndata:\n\n$/)
})

test('a mutation by GET, and variables that are no JSON, are refused before a stream begins', async () => {
  const { url } = await startStreamingServer()
  const mutation = await fetch(`${url}/graphql?${queryOf('mutation { shout(text: "hey") }')}`, { headers })
  expect(mutation.status).toBe(405)
  expect((await fetch(`${url}/graphql?query={hello}&variables={`, { headers })).status).toBe(400)
  expect((await fetch(`${url}/graphql`, { headers })).status).toBe(400)
})

test('what fails in the middle of a stream is logged and cut off, and nothing of it is told', async () => {
  const server = await startStreamingServer()
  const said = await fetch(`${server.url}/graphql?${queryOf('subscription { breaks }')}`, { headers })
    .then((response) => response.text())
    .catch((error: Error) => error.message)
  expect(said).not.toContain('swordfish')
  await vi.waitFor(() => expect(server.lines.join('')).toContain('swordfish'))
})
