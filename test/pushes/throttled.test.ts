/** R6: what a CRM asks for by `Retry-After` holds in every process, read from the calls that reached the CRM. */
import { createHttpClient } from '@backchannel/providers'
import { afterAll, beforeAll, expect, test, vi } from 'vitest'
import { createCoreServices } from '../../packages/server/src/core-services.ts'
import { openDatabase } from '../../packages/server/src/database/index.ts'
import { createEventBus } from '../../packages/server/src/events/bus.ts'
import { createLogger } from '../../packages/server/src/shared/logger.ts'
import { createMetrics } from '../../packages/server/src/telemetry/metrics.ts'
import { startWorker } from '../../packages/server/src/worker.ts'
import { createWorkspaceService } from '../../packages/server/src/workspaces/service.ts'
import { createWorkspaceStore } from '../../packages/server/src/workspaces/store.ts'
import { delivered, startConversation, tag } from '../gateway/conversing.ts'
import { type RunningGateway, startGateway } from '../gateway/running-gateway.ts'
import { searchRecords } from '../gateway/searching.ts'

let gateway: RunningGateway
/** How far this test has moved the clock on. */
let ahead = 0
const now = () => Date.now() + ahead
let stopOther: () => Promise<void>

const skip = (ms: number) => {
  ahead += ms
  gateway.skip(ms)
}
const aWhile = () => new Promise((resolve) => setTimeout(resolve, 150))
const eventually = (check: () => Promise<void>) => vi.waitFor(check, { timeout: 20_000, interval: 20 })

beforeAll(async () => {
  gateway = await startGateway({ people: 10, worker: true })
  stopOther = await startOtherWorker()
})
afterAll(async () => {
  await stopOther()
  await gateway.stop()
})

/** A worker that shares nothing with the gateway's but the database and the keys. */
async function startOtherWorker(): Promise<() => Promise<void>> {
  const emulatedHosts = [gateway.emulator.dynamics.url, gateway.emulator.salesforce.url].map((url) => new URL(url).host)
  const database = await openDatabase(gateway.databaseUrl)
  const { prisma } = database
  const { secrets } = gateway.gateway
  const logger = createLogger('silent')
  const http = createHttpClient({ allowedHosts: emulatedHosts })
  const events = createEventBus({ prisma, pollMs: 20 })
  const workspaces = createWorkspaceService({ store: createWorkspaceStore(prisma), events })
  const services = createCoreServices({
    ...{ prisma, secrets, events, http, logger, workspaces, now, emulatedHosts, metrics: createMetrics() },
    publicUrl: gateway.url,
    defaultClients: {},
  })
  const worker = startWorker({
    ...{ prisma, secrets, events, services, logger, now },
    keylessSettleSeconds: 630,
    pollMs: 20,
  })
  return async () => {
    await worker.stop(100)
    workspaces.close()
    await events.close()
    await services.integrations.close()
    await http.close()
    await database.close()
  }
}

test('what one process was told is shown by every other one', async () => {
  const org = { where: { provider: 'DYNAMICS' } } as const
  const shown = async () => {
    const { integrations } = await gateway.execute('{ integrations { provider limits { throttledUntil } } }')
    return integrations.find(({ provider }: { provider: string }) => provider === 'DYNAMICS').limits.throttledUntil
  }
  expect(await shown()).toBeNull()
  const pausedUntil = new Date(now() + 90_000)
  await gateway.database.integration.updateMany({ ...org, data: { pausedUntil, pauseCode: 'CRM_UNAVAILABLE' } })
  expect(await shown()).toBeNull()
  await gateway.database.integration.updateMany({ ...org, data: { pauseCode: 'CRM_RATE_LIMITED' } })
  expect(await shown()).toBe(pausedUntil.toISOString())
  skip(91_000)
  expect(await shown()).toBeNull()
})

test.each([
  { form: 'seconds', header: () => '120', seconds: 120 },
  { form: 'a date', header: () => new Date(now() + 121_000).toUTCString(), seconds: 120 },
  { form: 'nothing', header: () => null, seconds: 5 },
  { form: 'words', header: () => 'soon', seconds: 5 },
])('F12: a 429 that says $form keeps the workers of all processes away until then', async ({ header, seconds }) => {
  const { dynamics } = gateway.crm
  const found = await searchRecords(gateway, { phone: '+1 512 555 0143' })
  const record = found.hits.map((hit) => hit.record).find((it) => it.integration.provider === 'DYNAMICS')
  const threads = await Promise.all(Array.from({ length: 8 }, () => startConversation(gateway, 'SMS')))
  const pause = (pausedUntil: Date | null) =>
    gateway.database.integration.updateMany({
      where: { provider: 'DYNAMICS' },
      data: { pausedUntil, pauseCode: pausedUntil && 'CRM_UNAVAILABLE' },
    })
  await pause(new Date(now() + 3_600_000))
  await Promise.all(threads.map((thread) => tag(gateway, thread, [record?.id ?? ''])))
  const retryAfter = header()
  await dynamics.addFault(
    { path: '/api/data', times: 1_000 },
    {
      status: 429,
      body: { error: { code: '0x80072322', message: 'Number of requests exceeded the limit of 6000.' } },
      ...(retryAfter !== null && { headers: { 'retry-after': retryAfter } }),
    },
  )
  const began = now()
  await pause(null)
  await eventually(async () => {
    expect(await gateway.database.integration.count({ where: { pauseCode: 'CRM_RATE_LIMITED' } })).toBe(1)
    expect(await gateway.database.push.count({ where: { status: 'DELIVERING' } })).toBe(0)
  })
  const calls = async () => (await dynamics.calls()).filter(({ path }) => path.startsWith('/api/data')).length
  const asked = await calls()
  expect(asked).toBeGreaterThan(0)
  skip(began + seconds * 1_000 - now() - 3_000)
  await aWhile()
  expect(await calls()).toBe(asked)
  expect(await gateway.database.push.count({ where: { status: 'QUEUED', attempts: 0 } })).toBeGreaterThan(0)

  await dynamics.clearFaults()
  await eventually(async () => {
    skip(3_000)
    await aWhile()
    expect(await gateway.database.push.count({ where: { status: { not: 'DELIVERED' } } })).toBe(0)
  })
  for (const thread of threads) await delivered(gateway, thread, 1)
})
