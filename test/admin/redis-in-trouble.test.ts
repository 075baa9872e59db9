/** What admins see of a Redis that is away: nothing that they do depends on it, but their operator should know. */
import { afterAll, afterEach, beforeAll, expect, test } from 'vitest'
import { ask } from '../gateway/running-gateway.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'
import { type AdminApp, startAdminApp } from './admin-app.ts'

let redis: RedisServer
let app: AdminApp

beforeAll(async () => {
  redis = await startRedis()
  app = await startAdminApp({ instance: { redisUrl: redis.url } })
})
afterEach(() => {
  expect(app.complaints.splice(0)).toEqual([])
})
afterAll(async () => {
  await app.stop()
  await redis.stop()
})

const hasTrouble = () => app.gateway.gateway.shared.trouble() !== null
const TROUBLE = '{ viewer { kind installationTrouble { since message } } }'

test('an admin is told that Redis is away, calmly and on every page, until it is back', async () => {
  const page = await app.open('/integrations')
  await page.clock.install()
  await page.reload()
  await page.getByRole('heading', { level: 1 }).waitFor()
  const notice = page.getByRole('group', { name: 'Part of the installation does not work' })
  await expect.poll(() => notice.count()).toBe(0)

  await redis.kill()
  await expect.poll(hasTrouble).toBe(true)
  await page.clock.fastForward(20_000)
  await notice.getByText('Redis cannot be used. Pushes go on').waitFor()
  await page.getByRole('link', { name: 'Pushes', exact: true }).click()
  await page.getByRole('heading', { level: 1, name: 'Pushes' }).waitFor()
  await notice.waitFor()

  await redis.start()
  await expect.poll(hasTrouble).toBe(false)
  await page.clock.fastForward(20_000)
  await expect.poll(() => notice.count()).toBe(0)
})

test('it is told to admins alone', async () => {
  const { execute, url, key } = app.gateway
  expect((await execute(TROUBLE)).viewer.installationTrouble).toBeNull()
  for (const scope of ['SERVICE', 'AGENT'] as const) {
    const { data, errors } = await ask(url, await key(scope), TROUBLE)
    expect(data.viewer).toEqual({ kind: 'API_KEY', installationTrouble: null })
    expect(errors).toMatchObject([{ extensions: { code: 'FORBIDDEN' } }])
  }
})
