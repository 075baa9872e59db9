/** What an operator's Prometheus reads, over HTTP, while the gateway works, and what the alerts are made of. */
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { createLogger } from '../../packages/server/src/shared/logger.ts'
import { startTelemetry, type Telemetry } from '../../packages/server/src/telemetry/start.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { delivered, startConversation, tag } from './conversing.ts'
import { ask, type RunningGateway, startGateway } from './running-gateway.ts'
import { searchRecords } from './searching.ts'

const token = 'a-token-that-opens-metrics-alone'
const phone = '+1 512 555 0143'
let redis: RedisServer
let gateway: RunningGateway
let telemetry: Telemetry

beforeAll(async () => {
  redis = await startRedis()
  gateway = await startGateway({ worker: true, people: 20, instance: { redisUrl: redis.url } })
  telemetry = await startTelemetry(
    { port: 0, workerPort: null, host: '127.0.0.1', token, traces: false, serviceName: null, drainMs: 0 },
    {
      service: 'test',
      metrics: gateway.metrics,
      prisma: gateway.database,
      logger: createLogger('silent'),
      now: Date.now,
    },
  )
  const { hits } = await searchRecords(gateway, { phone, kinds: ['CONTACT'] })
  const conversation = await startConversation(gateway, 'SMS', {
    phone,
    email: 'ada@visitors.example',
    firstName: 'Ada',
  })
  const ids = hits.map(({ record }) => record.id)
  await tag(gateway, conversation, ids)
  await delivered(gateway, conversation, 1)
})
afterAll(async () => {
  await telemetry.close()
  await gateway.stop()
  await redis.stop()
})

const get = (path: string, headers: Record<string, string> = {}) =>
  fetch(`http://127.0.0.1:${telemetry.port}${path}`, { headers })

interface Sample {
  name: string
  labels: Record<string, string>
  value: number
}

async function scrape(): Promise<Sample[]> {
  const response = await get('/metrics', { authorization: `Bearer ${token}` })
  expect(response.status).toBe(200)
  expect(response.headers.get('content-type')).toContain('text/plain; version=0.0.4')
  return (await response.text()).split('\n').flatMap((line) => {
    const [, name = '', labels = '', value = ''] = /^(\w+)(?:\{(.*)\})? (\S+)$/.exec(line) ?? []
    if (name === '') return []
    const pairs = [...labels.matchAll(/(\w+)="([^"]*)"/g)].map(([, key = '', text = '']) => [key, text] as const)
    return [{ name, labels: Object.fromEntries(pairs), value: Number(value) }]
  })
}

/** The sum of those that carry these labels. */
async function total(name: string, wanted: Record<string, string> = {}): Promise<number> {
  return (await scrape())
    .filter((it) => it.name === name && Object.entries(wanted).every(([key, text]) => it.labels[key] === text))
    .reduce((sum, { value }) => sum + value, 0)
}

test('operations, calls to both CRMs and pushes are counted by what came of them', async () => {
  const operations = 'backchannel_graphql_operation_duration_seconds_count'
  expect(await total(operations, { kind: 'query', outcome: 'ok' })).toBeGreaterThan(0)
  expect(await total(operations, { kind: 'mutation', outcome: 'ok' })).toBeGreaterThan(0)
  expect(await total('backchannel_http_requests_total', { route: 'graphql', status: '200' })).toBeGreaterThan(0)
  for (const crm of ['dynamics', 'salesforce']) {
    expect(await total('backchannel_crm_call_duration_seconds_count', { crm, outcome: 'ok' }), crm).toBeGreaterThan(0)
  }
  // What became of a push is counted when it is noted, which its reader may see first.
  await expect.poll(() => total('backchannel_push_attempts_total', { outcome: 'delivered' })).toBeGreaterThan(1)
  expect(await total('backchannel_cache_requests_total', { cache: 'callers', result: 'hit' })).toBeGreaterThan(0)
  expect(await total('backchannel_cache_requests_total', { cache: 'documents' })).toBeGreaterThan(0)
})

test('an operation that is refused is counted as such, and a failing CRM by its code', async () => {
  const refused = { kind: 'unknown', outcome: 'refused' }
  const before = await total('backchannel_graphql_operation_duration_seconds_count', refused)
  await ask(gateway.url, await gateway.key('AGENT'), '{ nothingOfOurs }')
  expect(await total('backchannel_graphql_operation_duration_seconds_count', refused)).toBe(before + 1)

  await gateway.crm.salesforce.addFault({ times: 9 }, { status: 503, body: 'Busy' })
  await searchRecords(gateway, { phone: '+1 512 555 0199' }).catch(() => {})
  await gateway.crm.salesforce.clearFaults()
  expect(
    await total('backchannel_crm_call_duration_seconds_count', { crm: 'salesforce', outcome: 'CRM_UNAVAILABLE' }),
  ).toBeGreaterThan(0)
})

test('what waits is measured when it is asked for: pushes by state, and the age of the longest due', async () => {
  expect(await total('backchannel_push_oldest_due_seconds')).toBe(0)
  const push = await gateway.database.push.findFirstOrThrow({ where: { status: 'DELIVERED' } })
  const hourAgo = new Date(Date.now() - 3_600_000)
  // In the state of nobody who claims, but for the clock: a worker would take it before we look.
  await gateway.database.integration.updateMany({ data: { pausedUntil: new Date(Date.now() + 60_000) } })
  await gateway.database.push.update({
    where: { id: push.id },
    data: { status: 'RETRYING', nextAttemptAt: hourAgo },
  })
  try {
    expect(await total('backchannel_pushes', { state: 'retrying' })).toBe(1)
    expect(await total('backchannel_push_oldest_due_seconds')).toBeGreaterThanOrEqual(3_600)
    expect(await total('backchannel_integrations', { state: 'paused' })).toBe(2)
  } finally {
    await gateway.database.push.update({ where: { id: push.id }, data: { status: 'DELIVERED', nextAttemptAt: null } })
    await gateway.database.integration.updateMany({ data: { pausedUntil: null } })
  }
  expect(await total('backchannel_database_up')).toBe(1)
  expect(await total('backchannel_integrations', { state: 'connected' })).toBe(2)
  expect(await total('nodejs_eventloop_lag_p99_seconds')).toBeGreaterThan(0)
})

test('an open stream is counted while it is open', async () => {
  const leaving = new AbortController()
  const response = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      accept: 'text/event-stream',
      authorization: `Bearer ${await gateway.key('SERVICE')}`,
    },
    body: JSON.stringify({ query: 'subscription { pushEvents { id } }' }),
    signal: leaving.signal,
  })
  expect(response.status).toBe(200)
  await expect.poll(() => total('backchannel_streams_open', { transport: 'sse' })).toBe(1)
  leaving.abort()
  await expect.poll(() => total('backchannel_streams_open', { transport: 'sse' })).toBe(0)
})

/** The alerts of the file of rules by their names, each with what it asks of the metrics. */
function alerts(): { name: string; expression: string }[] {
  const rules = readFileSync(join(import.meta.dirname, '../../deploy/alerts.yaml'), 'utf8')
  return [...rules.matchAll(/- alert: (\w+)\s+expr:(.*?)\n +(?:for|labels):/gs)].map(
    ([, name = '', expression = '']) => ({ name, expression }),
  )
}

test('each metric and each label that an alert asks for is there, before anything went wrong', async () => {
  const samples = await scrape()
  const asked = alerts().flatMap(({ name, expression }) =>
    [...expression.matchAll(/\b((?:backchannel|nodejs|process)_\w+)(?:\{(.*?)\})?/g)].map(
      ([, metric = '', labels = '']) => ({ name, metric, labels }),
    ),
  )
  expect(asked.length).toBeGreaterThan(12)
  const missing = asked.filter(({ metric, labels }) => {
    const wanted = [...labels.matchAll(/(\w+)(!?=)"(\w+)"/g)]
    if (labels !== '' && wanted.length === 0) return true
    return !samples.some(
      (sample) =>
        sample.name === metric &&
        wanted.every(([, label = '', operator, value]) =>
          operator === '=' ? sample.labels[label] === value : label in sample.labels,
        ),
    )
  })
  expect(missing).toEqual([])
})

test('an alert on what every program counts asks for ours alone', () => {
  const everybodys = alerts().filter(({ expression }) => /\b(up|(?:nodejs|process)_\w+)\b/.test(expression))
  expect(everybodys).toHaveLength(3)
  const ours = /\band on \(job, instance\) (last_over_time\()?backchannel_database_up\b/
  expect(everybodys.filter(({ expression }) => !ours.test(expression))).toEqual([])
})

test('the page of alerts tells of each alert that there is, and of no other', () => {
  const page = readFileSync(join(import.meta.dirname, '../../docs/alerts.md'), 'utf8')
  const told = [...page.matchAll(/^\| `(\w+)` \|/gm)].map(([, name]) => name)
  expect(told).toEqual(alerts().map(({ name }) => name))
})

test('labels hold no personal data, no workspace and no id, and nobody makes up new ones', async () => {
  const kinds = async () => new Set((await scrape()).map(({ name, labels }) => JSON.stringify([name, labels])))
  const before = await kinds()
  const key = await gateway.key('AGENT')
  for (const made of ['zebra', 'okapi']) {
    await fetch(`${gateway.url}/graphql`, { method: made.toUpperCase() }).catch(() => {})
    await fetch(`${gateway.url}/${made}`)
    await fetch(`${gateway.url}/admin/${made}`)
    await ask(gateway.url, key, `query ${made} { __typename }`)
    await ask(gateway.url, key, `{ ${made} }`)
  }
  const added = [...(await kinds())].filter((it) => !before.has(it))
  expect(added.filter((it) => /zebra|okapi/i.test(it))).toEqual([])
  // Of an address that is nobody's there is one series, however many are made up.
  expect(added.filter((it) => it.includes('"route":"other"'))).toHaveLength(1)

  const response = await get('/metrics', { authorization: `Bearer ${token}` })
  const text = await response.text()
  const { name } = await gateway.database.workspace.findFirstOrThrow()
  const integrations = await gateway.database.integration.findMany()
  const secret = [phone, '5550143', 'visitors.example', 'Ada', name, gateway.workspaceId, token, '127.0.0.1']
  for (const it of [...secret, ...integrations.flatMap(({ id, orgId, url }) => [id, orgId, url])]) {
    if (it) expect(text).not.toContain(it)
  }
  const labels = new Set((await scrape()).flatMap(({ labels: its }) => Object.values(its)))
  expect([...labels].filter((it) => !/^[\w.+-]{1,40}$/.test(it))).toEqual([])
})

test('metrics are shown to whoever brings the token, and health to everybody who reaches the port', async () => {
  expect((await get('/metrics')).status).toBe(401)
  expect((await get('/metrics', { authorization: `Bearer ${token}x` })).status).toBe(401)
  expect((await fetch(`${gateway.url}/metrics`, { headers: { authorization: `Bearer ${token}` } })).status).toBe(404)
  expect((await get('/health')).status).toBe(200)
  expect(await (await get('/ready')).text()).toBe('starting\n')
  telemetry.ready()
  expect((await get('/ready')).status).toBe(200)
  telemetry.leave()
  const leaving = await get('/ready')
  expect([leaving.status, await leaving.text()]).toEqual([503, 'closing\n'])
})
