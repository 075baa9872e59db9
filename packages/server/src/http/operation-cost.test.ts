import { parse } from 'graphql'
import { expect, test } from 'vitest'
import { schema } from '../schema.ts'
import { usualLimits } from './limit-values.ts'
import { createCostCheck } from './operation-cost.ts'

/** What it costs, as the refusal of a server says that allows nothing. */
function costOf(source: string, variables: Record<string, unknown> = {}, operationName?: string): unknown {
  const check = createCostCheck(schema, parse(source), -1)
  return (check({ operationName, variables })?.extensions['limit'] as { found: number } | undefined)?.found
}

test('a field is a point, and a call to a CRM a hundred (T9)', () => {
  expect(costOf('{ viewer { kind } }')).toBe(2)
  expect(costOf('{ record(id: "x") { __typename } }')).toBe(101)
  expect(costOf('{ a: record(id: "x") { __typename } b: record(id: "y") { __typename } }')).toBe(202)
})

test('what is in a list counts as often as is asked for, by a variable too, and in fragments (T9)', () => {
  const messages = (first: number) => 1 + first * (1 + 1 * (1 + 1 * 1))
  const list = 'edges { node { text } }'
  const conversations = (first: number, inner: number) => 1 + first * (1 + 1 + messages(inner))
  const source = `query ($first: Int) { conversations(first: $first) { edges { node { messages(first: 20) { ...L } } } } }
    fragment L on MessageConnection { ${list} }`
  expect(costOf(source, { first: 100 })).toBe(conversations(100, 20))
  expect(costOf(source, { first: 2 })).toBe(conversations(2, 20))
  expect(costOf(source)).toBe(conversations(25, 20))
  expect(costOf('query ($ids: [ID!]!) { nodes(ids: $ids) { id } }', { ids: ['a', 'b', 'c'] })).toBe(303)
})

test('of several operations, the one that runs counts', () => {
  const source = 'query Cheap { viewer { kind } } query Dear { record(id: "x") { __typename } }'
  expect([costOf(source, {}, 'Cheap'), costOf(source, {}, 'Dear'), costOf(source)]).toEqual([2, 101, undefined])
})

test('who asks twice for two hundred messages of a hundred conversations is refused by what is usual (T9)', () => {
  const page = 'messages(first: $messages) { edges { cursor node { id text number sentAt } } }'
  const source = `query ($messages: Int) { conversations(first: 100) { edges { node { ${page} again: ${page} } } } }`
  const check = createCostCheck(schema, parse(source), usualLimits.cost)
  const run = (messages: number, text = '') => check({ operationName: null, variables: { messages, text } })
  expect(run(50)).toBeNull()
  const refusal = { code: 'LIMIT_EXCEEDED', limit: { name: 'cost', most: 250_000 } }
  expect(run(200)?.extensions).toMatchObject(refusal)
  // What was added up before is remembered by what decides the cost.
  expect(run(50, 'again')).toBeNull()
  expect(run(200, 'again')?.extensions).toMatchObject(refusal)
})

test('variables that cannot be used are left to whoever runs the operation', () => {
  const check = createCostCheck(
    schema,
    parse('query ($first: Int!) { conversations(first: $first) { edges { cursor } } }'),
    1,
  )
  expect(check({ operationName: null, variables: { first: 'many' } })).toBeNull()
  expect(check({ operationName: null, variables: {} })).toBeNull()
})
