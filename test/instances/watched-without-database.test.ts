/** What Prometheus and a load balancer are told while PostgreSQL is away, or answers nothing. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { type Database, openDatabase } from '../../packages/server/src/database/index.ts'
import {
  startThrowawayPostgresql,
  type ThrowawayPostgresql,
} from '../../packages/server/src/database/throwaway-postgresql.ts'
import { listen } from '../../packages/server/src/http/server.ts'
import { createLogger } from '../../packages/server/src/shared/logger.ts'
import { createMetrics } from '../../packages/server/src/telemetry/metrics.ts'
import { startTelemetry, type Telemetry } from '../../packages/server/src/telemetry/start.ts'
import { startWayToPostgresql, type WayToPostgresql } from '../../packages/server/src/testing/way-to-postgresql.ts'

let postgresql: ThrowawayPostgresql
let way: WayToPostgresql
let database: Database
let telemetry: Telemetry
let server: Awaited<ReturnType<typeof listen>>

beforeAll(async () => {
  postgresql = await startThrowawayPostgresql()
  way = await startWayToPostgresql(postgresql.url('postgres'))
  database = await openDatabase(way.url)
  const logger = createLogger('silent')
  telemetry = await startTelemetry(
    { port: 0, workerPort: null, host: '127.0.0.1', token: null, traces: false, serviceName: null, drainMs: 0 },
    { service: 'test', metrics: createMetrics(), prisma: database.prisma, logger, now: Date.now },
  )
  telemetry.ready()
  server = await listen(0, '127.0.0.1', logger)
  server.serve({
    graphql: async () => {},
    upgrade: () => {},
    auth: async () => {},
    checkReady: telemetry.checkDatabase,
    admin: { directory: '/nowhere', mount: '/admin', policy: '' },
    corsOrigins: new Set(),
  })
})
afterAll(async () => {
  await server.close(0)
  await telemetry.close()
  await database.close()
  await way.close()
  await postgresql.stop()
})

/** Both ways to ask for it. */
async function ready(): Promise<number[]> {
  const answers = [telemetry.port, server.port].map((port) => fetch(`http://127.0.0.1:${port}/ready`))
  return (await Promise.all(answers)).map(({ status }) => status)
}

async function metrics(): Promise<{ status: number; lines: string[] }> {
  const response = await fetch(`http://127.0.0.1:${telemetry.port}/metrics`)
  return { status: response.status, lines: (await response.text()).split('\n') }
}

async function expectAway(): Promise<void> {
  const [{ status, lines }, answers] = await Promise.all([metrics(), ready()])
  expect(status).toBe(200)
  expect(lines).toContain('backchannel_database_up 0')
  expect(lines).toContain('backchannel_push_attempts_total{outcome="delivered"} 0')
  expect(lines.filter((line) => line.startsWith('process_resident_memory_bytes '))).toHaveLength(1)
  const unknown = /^backchannel_(pushes|push_oldest_due_seconds|look_ups_due|integrations)\b/
  expect(lines.filter((line) => unknown.test(line))).toEqual([])
  expect(answers).toEqual([503, 503])
}

async function expectBack(): Promise<void> {
  await expect.poll(ready).toEqual([200, 200])
  const known = [
    'backchannel_database_up 1',
    'backchannel_pushes{state="queued"} 0',
    'backchannel_push_oldest_due_seconds 0',
  ]
  const shown = async () => (await metrics()).lines.filter((line) => known.includes(line))
  await expect.poll(shown).toEqual(known)
}

test('F28: metrics say that PostgreSQL is away and hold all that is known without it', async () => {
  await expectBack()
  await postgresql.kill()
  await expectAway()
  await postgresql.start()
  await expectBack()
})

test('F28: metrics and readiness do not wait for a PostgreSQL that answers nothing', async () => {
  way.cutOff()
  await expectAway()
  // Asked over and over, as they are.
  await Promise.all([expectAway(), expectAway()])
  way.letThrough()
  await expectBack()
})
