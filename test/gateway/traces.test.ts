/** What a collector of OpenTelemetry receives, by OTLP over HTTP. */
import { createServer, type IncomingMessage, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'
import { json } from 'node:stream/consumers'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startTracing } from '../../packages/server/src/telemetry/tracing-export.ts'
import { type RunningGateway, startGateway } from './running-gateway.ts'

interface Span {
  traceId: string
  spanId: string
  parentSpanId?: string
  name: string
  attributes: { key: string; value: { stringValue?: string; intValue?: number } }[]
}

interface Export {
  resourceSpans: { scopeSpans: { spans: Span[] }[] }[]
}

const received: Span[] = []
const bodies: string[] = []
let collector: Server
let gateway: RunningGateway
let endTracing: () => Promise<void>

beforeAll(async () => {
  collector = createServer((request, response) => {
    void keep(request).then(() => response.writeHead(200, { 'content-type': 'application/json' }).end('{}'))
  })
  await new Promise<void>((resolve) => collector.listen(0, '127.0.0.1', resolve))
  process.env['OTEL_EXPORTER_OTLP_ENDPOINT'] = `http://127.0.0.1:${(collector.address() as AddressInfo).port}`
  process.env['OTEL_BSP_SCHEDULE_DELAY'] = '50'
  endTracing = startTracing('test')
  gateway = await startGateway({ people: 20 })
})
afterAll(async () => {
  await gateway.stop()
  await endTracing()
  await new Promise((resolve) => collector.close(resolve))
  delete process.env['OTEL_EXPORTER_OTLP_ENDPOINT']
  delete process.env['OTEL_BSP_SCHEDULE_DELAY']
})

async function keep(request: IncomingMessage): Promise<void> {
  const body = (await json(request)) as Export
  bodies.push(JSON.stringify(body))
  received.push(...body.resourceSpans.flatMap(({ scopeSpans }) => scopeSpans.flatMap(({ spans }) => spans)))
}

const SEARCH = `query Looking($input: SearchRecordsInput!) {
  searchRecords(input: $input) { ... on SearchRecordsSuccess { hits { record { id } } } ... on Error { message } }
}`

test('one trace leads from the caller through the operation and the plan to the calls to both CRMs', async () => {
  const traceId = '0af7651916cd43dd8448eb211c80319c'
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      authorization: `Bearer ${await gateway.key('AGENT')}`,
      traceparent: `00-${traceId}-b7ad6b7169203331-01`,
      'x-request-id': 'request-of-the-trace',
    },
    body: JSON.stringify({ query: SEARCH, variables: { input: { email: 'nobody@visitors.example' } } }),
  })
  expect(await response.json()).not.toHaveProperty('errors')

  const spans = () => received.filter((span) => span.traceId === traceId)
  const named = (name: string) => spans().filter((span) => span.name === name)
  await expect.poll(() => named('POST /graphql').length).toBe(1)
  const [request] = named('POST /graphql')
  const [operation] = named('graphql query')
  expect(request?.parentSpanId).toBe('b7ad6b7169203331')
  expect(operation?.parentSpanId).toBe(request?.spanId)
  expect(operation?.attributes).toContainEqual({
    key: 'backchannel.request_id',
    value: { stringValue: 'request-of-the-trace' },
  })
  expect(operation?.attributes).toContainEqual({ key: 'graphql.operation.name', value: { stringValue: 'Looking' } })
  const plans = named('plan search')
  expect(plans.map((span) => span.parentSpanId)).toEqual([operation?.spanId, operation?.spanId])
  const crms = spans().filter((span) => span.name.startsWith('crm '))
  const asked = crms.flatMap(({ attributes }) => attributes.filter(({ key }) => key === 'backchannel.crm'))
  expect(new Set(asked.map(({ value }) => value.stringValue))).toEqual(new Set(['DYNAMICS', 'SALESFORCE']))
  const above = new Set(spans().map((span) => span.spanId))
  expect(crms.filter(({ parentSpanId }) => !above.has(parentSpanId ?? ''))).toEqual([])
  // What was looked for is the visitor's.
  expect(bodies.join('')).not.toContain('visitors.example')

  const logged = gateway.lines.filter((line) => line.includes('request-of-the-trace'))
  expect(logged.length).toBeGreaterThan(0)
  for (const line of logged) expect(JSON.parse(line).traceId).toBe(traceId)
})
