import { setTimeout as wait } from 'node:timers/promises'
import { buildSchema } from 'graphql'
import { expect, test } from 'vitest'
import type { GatewayContext } from '../context.ts'
import { createLogger } from '../shared/logger.ts'
import { aloneSharing, startTestServer, testViewer } from '../testing/http.ts'
import { createGraphQLEndpoint } from './graphql-endpoint.ts'
import { createGraphQLEngine } from './graphql-engine.ts'
import { usualLimits } from './limit-values.ts'
import { createRateLimits } from './rate-limits.ts'
import type { CreateContext } from './shared-subscriptions.ts'

const rates = createRateLimits(usualLimits)
const logger = createLogger('silent')

test('nobody is looked at again for a stream that its client left before we knew who it was', async () => {
  const schema = buildSchema('type Query { hello: String } type Subscription { count: Int }')
  const client = new AbortController()
  let looks = 0
  const createContext: CreateContext = (request) => request as GatewayContext
  const graphql = createGraphQLEndpoint({
    sharing: aloneSharing(),
    engine: createGraphQLEngine({ schema, createContext, limits: usualLimits, rates, logger }),
    rates,
    async authenticate() {
      looks += 1
      client.abort()
      await wait(50)
      return testViewer('AGENT')
    },
    ownOrigins: new Set(),
    streamCheckMs: 10,
    logger,
  })
  const { post } = await startTestServer(schema, {}, { graphql: graphql.answer })
  const headers = { accept: 'text/event-stream' }
  await post({ query: 'subscription { count }' }, { headers, signal: client.signal }).catch(() => {})
  await wait(150)
  expect(looks).toBe(1)
})

test('a stream that is asked for while the server closes is put off: completed at once, its client would not come back', async () => {
  const schema = buildSchema('type Query { hello: String } type Subscription { count: Int }')
  const createContext: CreateContext = (request) => request as GatewayContext
  const graphql = createGraphQLEndpoint({
    sharing: aloneSharing(),
    engine: createGraphQLEngine({ schema, createContext, limits: usualLimits, rates, logger }),
    rates,
    authenticate: async () => testViewer('ADMIN'),
    ownOrigins: new Set(),
    logger,
  })
  const { post, url } = await startTestServer(schema, {}, { graphql: graphql.answer })
  graphql.close()
  const stream = await post({ query: 'subscription { count }' }, { headers: { accept: 'text/event-stream' } })
  const reserved = await fetch(`${url}/graphql/stream`, { method: 'PUT' })
  expect([stream.status, reserved.status]).toEqual([503, 503])
  expect((await post({ query: '{ hello }' })).status).toBe(200)
})
