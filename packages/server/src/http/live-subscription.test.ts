import { buildSchema, execute, parse } from 'graphql'
import { expect, test } from 'vitest'
import { readLiveSubscription } from './live-subscription.ts'

const schema = buildSchema(`
  type Query { nothing: String }
  type Subscription { events(ids: [ID!], after: ID): String! ticks: String! }
`)

function read(query: string, variableValues: Record<string, unknown> = {}) {
  return readLiveSubscription({ schema, document: parse(query), variableValues })
}

const WATCH = 'subscription ($ids: [ID!], $after: ID) { events(ids: $ids, after: $after) }'

test('two that differ only in where they begin have one key', () => {
  const [first, second, third] = [{ after: '3' }, { after: '4' }, {}].map((more) =>
    read(WATCH, { ids: ['a'], ...more }),
  )
  expect([first?.after, second?.after, third?.after]).toEqual([3, 4, null])
  expect(new Set([first?.key, second?.key, third?.key]).size).toBe(1)
})

test.each([
  ['other variables', read(WATCH, { ids: ['a'] }), read(WATCH, { ids: ['b'] })],
  ['another selection', read('subscription { events }'), read('subscription { other: events }')],
  ['a variable left out, and one that is null', read(WATCH, {}), read(WATCH, { ids: null })],
])('%s make another key', (_name, one, other) => {
  expect(one?.key).toBeDefined()
  expect(one?.key).not.toBe(other?.key)
})

test.each([
  ['a literal', 'subscription { events(after: "12") }', {}],
  ['a default', 'subscription ($after: ID = 12) { events(after: $after) }', {}],
  ['a variable', 'subscription ($after: ID) { events(after: $after) }', { after: 12 }],
  ['nothing', 'subscription { events }', {}],
])('begins behind any event, where the cursor was %s', async (_name, query, variables) => {
  const live = read(query, variables)
  const seen: unknown[] = []
  const rootValue = { events: ({ after }: { after: unknown }) => String(seen.push(after)) }
  const { errors } = await execute({
    ...live?.beginAfter(99),
    schema,
    rootValue,
    document: live?.beginAfter(99).document ?? parse('{ nothing }'),
  })
  expect(errors).toBeUndefined()
  expect(seen).toEqual(['99'])
})

test.each([
  ['a field without a cursor', 'subscription { ticks }', {}],
  ['what is no cursor', WATCH, { after: 'x' }],
  ['a cursor in a list', WATCH, { after: ['3'] }],
  ['what no variable of its type can be', WATCH, { ids: [{}] }],
  ['a variable that is missing', 'subscription ($after: ID!) { events(after: $after) }', {}],
  [
    'a cursor that is used for something else too',
    'subscription ($after: ID!) { events(ids: [$after], after: $after) }',
    { after: '1' },
  ],
  ['a fragment', 'subscription { ...F } fragment F on Subscription { events }', {}],
  ['a document with no such operation', 'query { nothing }', {}],
])('%s is shared with nobody', (_name, query, variables) => {
  expect(read(query, variables)).toBeNull()
})
