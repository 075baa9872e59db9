import { buildSchema, GraphQLError, type GraphQLFieldResolver, type GraphQLObjectType } from 'graphql'
import { serverAudits } from 'graphql-http'
import { describe, expect, test } from 'vitest'
import type { GatewayContext } from '../context.ts'
import { NotFoundError } from '../shared/errors.ts'
import { startTestServer } from '../testing/http.ts'
import type { Scope } from '../viewers/viewer.ts'

type Resolver = GraphQLFieldResolver<unknown, GatewayContext>

const waits: { signal: AbortSignal }[] = []

const queries: Record<string, Resolver> = {
  hello: (_root, { name }) => `Hello ${name}`,
  numbers: () => [1, 2, 3],
  broken: () => {
    throw new Error('connection to 10.0.0.7 failed with password hunter2')
  },
  refused: () => {
    throw new GraphQLError('Not for you', { extensions: { code: 'FORBIDDEN' } })
  },
  missing: () => {
    throw new NotFoundError('There is no such thing.')
  },
  slow: (_root, _args, { signal }) => {
    waits.push({ signal })
    return new Promise((_, reject) => {
      signal.addEventListener('abort', () => reject(new DOMException('Aborted', 'AbortError')))
    })
  },
}

async function* wait(): AsyncGenerator<{ wait: number }> {
  yield { wait: 1 }
  await new Promise(() => {})
}

async function* count(): AsyncGenerator<{ count: number }> {
  for (let count = 1; count <= 3; count += 1) yield { count }
}

function testSchema() {
  const schema = buildSchema(`
    type Query {
      hello(name: String = "World"): String!
      numbers: [Int!]!
      broken: String
      refused: String
      missing: String
      slow: String
      nested: Query
    }
    type Mutation { change: String }
    type Subscription { count: Int! wait: Int! }
  `)
  for (const [name, resolve] of Object.entries(queries)) {
    const field = schema.getQueryType()?.getFields()[name]
    if (field) field.resolve = resolve
  }
  const nested = schema.getQueryType()?.getFields()['nested']
  if (nested) nested.resolve = () => ({})
  for (const [name, subscribe] of Object.entries({ count, wait })) {
    const field = (schema.getSubscriptionType() as GraphQLObjectType).getFields()[name]
    if (field) field.subscribe = subscribe
  }
  return schema
}

const start = () => startTestServer(testSchema())

/** Ids of the audits that fail for a caller of this scope. */
async function failedAudits(as: Scope): Promise<{ failed: string[]; count: number }> {
  const { url } = await start()
  const fetchFn = (input: string, init: RequestInit = {}) =>
    fetch(input, { ...init, headers: { ...(init.headers as Record<string, string>), authorization: `Bearer ${as}` } })
  const audits = serverAudits({ url: `${url}/graphql`, fetchFn })
  const failed: string[] = []
  for (const audit of audits) {
    const result = await audit.fn()
    if (result.status !== 'ok') failed.push(`${result.id} ${result.name}`)
  }
  return { failed, count: audits.length }
}

test('every MUST and SHOULD of GraphQL over HTTP is met', async () => {
  expect(await failedAudits('ADMIN')).toEqual({ failed: [], count: 61 })
})

test('for those who may not read the schema too, but for the four audits that read it (T11)', async () => {
  const reading = [
    '2EA1 SHOULD allow map {variables} parameter when accepting application/graphql-response+json',
    '28B9 MUST allow map {variables} parameter when accepting application/json',
    'D6D5 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/graphql-response+json',
    '6A70 MAY allow URL-encoded JSON string {variables} parameter in GETs when accepting application/json',
  ]
  for (const as of ['SERVICE', 'AGENT'] as const) expect((await failedAudits(as)).failed).toEqual(reading)
})

describe('POST and GET answer alike', () => {
  const cases = {
    'a result': 'query { hello(name: "Ada") numbers }',
    'an alias and a fragment': 'query { a: hello ...N } fragment N on Query { numbers }',
    'a field that does not exist': '{ nothing }',
    'a syntax error': '{ hello',
    'an unforeseen failure': '{ broken }',
    'a refusal': '{ refused }',
    'a failure to act on': '{ missing }',
    'a document too deep': `{ ${'nested { '.repeat(20)} hello ${'}'.repeat(20)} }`,
  }
  test.each(Object.entries(cases))('%s', async (_name, query) => {
    const { url, post } = await start()
    const headers = { accept: 'application/graphql-response+json', 'x-request-id': 'same' }
    const get = () =>
      fetch(`${url}/graphql?query=${encodeURIComponent(query)}`, {
        headers: { ...headers, authorization: 'Bearer ADMIN' },
      })
    const answers = []
    // Often enough that the document is compiled in between.
    for (let round = 0; round < 6; round += 1) {
      const answer = await (round % 2 === 0 ? post({ query }, { headers }) : get())
      answers.push({ status: answer.status, body: await answer.json() })
      await new Promise((resolve) => setTimeout(resolve, 20))
    }
    for (const answer of answers) expect(answer).toEqual(answers[0])
  })
})

describe('errors', () => {
  test('an unforeseen one says nothing but a request id, under which the log has it whole', async () => {
    const { post, lines } = await start()
    const response = await post({ query: '{ broken }' })
    const text = await response.text()
    expect(text).not.toMatch(/hunter2|10\.0\.0\.7|at /)
    const { errors } = JSON.parse(text)
    expect(errors[0].extensions).toEqual({
      code: 'INTERNAL_SERVER_ERROR',
      requestId: response.headers.get('x-request-id'),
    })
    const logged = lines.find((line) => line.includes('A request failed')) ?? ''
    expect(JSON.parse(logged)).toMatchObject({ requestId: errors[0].extensions.requestId, path: 'broken' })
    expect(logged).toContain('hunter2')
  })

  test('a failure to act on keeps its code and its words', async () => {
    const { post } = await start()
    expect(await (await post({ query: '{ missing }' })).json()).toMatchObject({
      errors: [{ message: 'There is no such thing.', path: ['missing'], extensions: { code: 'NOT_FOUND' } }],
    })
  })

  test.each([
    ['a syntax error', { query: '{' }, 'GRAPHQL_PARSE_FAILED'],
    ['an unknown field', { query: '{ nothing }' }, 'GRAPHQL_VALIDATION_FAILED'],
    ['a wrong variable', { query: 'query ($n: Int!) { hello }', variables: { n: 'x' } }, 'GRAPHQL_VALIDATION_FAILED'],
    ['an unknown operation', { query: 'query A { hello }', operationName: 'B' }, 'BAD_USER_INPUT'],
    [
      'a subscription that may select nothing',
      { query: 'subscription ($on: Boolean = false) { count @include(if: $on) }' },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    [
      'a subscription that selects nothing',
      { query: 'subscription { ...F @skip(if: true) } fragment F on Subscription { count }' },
      'GRAPHQL_VALIDATION_FAILED',
    ],
    ['a subscription without a stream', { query: 'subscription { count }' }, 'BAD_REQUEST'],
    [
      'too many aliases',
      { query: `{ ${Array.from({ length: 61 }, (_, i) => `nested { a${i}: hello }`).join(' ')} }` },
      'LIMIT_EXCEEDED',
    ],
    [
      'too many fields at the top',
      { query: `{ ${Array.from({ length: 31 }, (_, i) => `a${i}: hello`).join(' ')} }` },
      'LIMIT_EXCEEDED',
    ],
    ['too many tokens', { query: `{ ${'hello '.repeat(6_000)} }` }, 'LIMIT_EXCEEDED'],
  ])('%s carries a code', async (_name, body, code) => {
    const { post } = await start()
    const response = await post(body, { headers: { accept: 'application/graphql-response+json' } })
    expect(response.status).toBe(400)
    const { errors } = (await response.json()) as { errors: { extensions: { code: string } }[] }
    expect(errors.map((error) => error.extensions.code)).toContain(code)
  })

  test('names of the schema are suggested to admins alone', async () => {
    const { post } = await start()
    const messageTo = async (as: 'ADMIN' | 'AGENT') =>
      ((await (await post({ query: '{ helo }' }, { as })).json()) as { errors: { message: string }[] }).errors[0]
        ?.message
    expect(await messageTo('ADMIN')).toContain('Did you mean "hello"?')
    expect(await messageTo('AGENT')).toBe('Cannot query field "helo" on type "Query".')
  })

  test('the schema is shown to admins alone', async () => {
    const { post } = await start()
    const query = '{ __schema { queryType { name } } }'
    expect(await (await post({ query })).json()).toMatchObject({ data: { __schema: { queryType: { name: 'Query' } } } })
    for (const as of ['SERVICE', 'AGENT'] as const) {
      expect(await (await post({ query }, { as })).json()).toMatchObject({
        errors: [{ extensions: { code: 'FORBIDDEN' } }],
      })
    }
    expect(await (await post({ query: '{ __typename }' }, { as: 'AGENT' })).json()).toEqual({
      data: { __typename: 'Query' },
    })
  })
})

describe('requests that are not taken', () => {
  const query = JSON.stringify({ query: '{ hello }' })
  const deep = `{"query":"{ hello }","variables":{"a":${'['.repeat(40)}${']'.repeat(40)}}}`
  test.each([
    ['no key', { headers: { authorization: '' } }, query, 401, 'UNAUTHENTICATED'],
    [
      'a form, which any site may send',
      { headers: { 'content-type': 'application/x-www-form-urlencoded' } },
      'query={hello}',
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'text, which any site may send',
      { headers: { 'content-type': 'text/plain' } },
      query,
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    [
      'another character set',
      { headers: { 'content-type': 'application/json; charset=utf-16' } },
      query,
      415,
      'UNSUPPORTED_MEDIA_TYPE',
    ],
    ['a compressed body', { headers: { 'content-encoding': 'gzip' } }, query, 415, 'UNSUPPORTED_MEDIA_TYPE'],
    ['more than a mebibyte', {}, JSON.stringify({ query: ' '.repeat(1024 * 1024) }), 413, 'LIMIT_EXCEEDED'],
    ['a deep body', {}, deep, 400, 'LIMIT_EXCEEDED'],
    ['half a body', {}, '{"query":', 400, 'BAD_REQUEST'],
    ['a batch', {}, `[${query}]`, 400, 'BAD_REQUEST'],
    ['no query', {}, '{}', 400, 'BAD_REQUEST'],
    ['a query that is no text', {}, '{"query":1}', 400, 'BAD_REQUEST'],
    ['variables that are a list', {}, '{"query":"{ hello }","variables":[]}', 400, 'BAD_REQUEST'],
    ['an answer that we do not have', { headers: { accept: 'text/csv' } }, query, 406, 'NOT_ACCEPTABLE'],
  ])('%s', async (_name, options, body, status, code) => {
    const { post } = await start()
    const response = await post(body, options)
    expect(response.status).toBe(status)
    expect(await response.json()).toMatchObject({ errors: [{ extensions: { code } }] })
  })

  test('a mutation by GET', async () => {
    const { url } = await start()
    const response = await fetch(`${url}/graphql?query=mutation{change}`, {
      headers: { authorization: 'Bearer ADMIN' },
    })
    expect(response.status).toBe(405)
  })

  test('a bracket inside a string does not count as nesting', async () => {
    const { post } = await start()
    const name = `${'['.repeat(60)}"\\`
    const response = await post({ query: 'query ($name: String) { hello(name: $name) }', variables: { name } })
    expect(await response.json()).toEqual({ data: { hello: `Hello ${name}` } })
  })
})

test('a subscription comes over server-sent events and ends with the source', async () => {
  const { post } = await start()
  const response = await post({ query: 'subscription { count }' }, { headers: { accept: 'text/event-stream' } })
  expect(response.headers.get('content-type')).toContain('text/event-stream')
  const text = await response.text()
  for (const count of [1, 2, 3]) expect(text).toContain(JSON.stringify({ data: { count } }))
  expect(text).toContain('event: complete')
})

test('a stream ends, and says why, when its caller loses access', async () => {
  const { post, endAccess } = await start()
  const response = await post({ query: 'subscription { wait }' }, { headers: { accept: 'text/event-stream' } })
  endAccess()
  const text = await response.text()
  expect(text).toMatch(/event: next\ndata: .*"UNAUTHENTICATED".*\n\nevent: complete\ndata:\n\n$/)
})

test('a client that leaves ends the work that is done for it', async () => {
  const { post } = await start()
  const leaving = new AbortController()
  const answer = post({ query: '{ slow }' }, { signal: leaving.signal })
  await expect.poll(() => waits.length).toBe(1)
  leaving.abort()
  await expect(answer).rejects.toThrow()
  await expect.poll(() => waits[0]?.signal.aborted, { interval: 5 }).toBe(true)
})

test('a request id is taken over when it is harmless, and drawn when it is not', async () => {
  const { post } = await start()
  const idFor = async (given: string) =>
    (await post({ query: '{ hello }' }, { headers: { 'x-request-id': given } })).headers.get('x-request-id')
  expect(await idFor('trace-1.2')).toBe('trace-1.2')
  expect(await idFor('a b{}')).toMatch(/^[\da-f-]{36}$/)
})

test('the log of a request holds neither its query nor its variables', async () => {
  const { post, lines } = await start()
  await post({ query: 'query ($name: String) { hello(name: $name) }', variables: { name: 'canary' } })
  await expect.poll(() => lines.length).toBeGreaterThan(0)
  expect(lines.join('')).not.toMatch(/canary|hello/)
})
