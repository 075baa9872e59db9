/** Two gateways on one database and one Redis. Neither looks for the other's news by itself: all of it comes over Redis. */
import { afterAll, beforeAll, expect, test } from 'vitest'
import { usualLimits } from '../../packages/server/src/http/limit-values.ts'
import { ask, type RunningGateway, startGateway } from '../gateway/running-gateway.ts'
import { type SecondGateway, startSecondGateway } from '../gateway/second-gateway.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'

let redis: RedisServer
let one: RunningGateway
let other: SecondGateway

beforeAll(async () => {
  redis = await startRedis()
  const limits = { ...usualLimits, keyOperations: 40, windowSeconds: 600 }
  const instance = { redisUrl: redis.url, eventPollMs: 3_600_000, limits }
  one = await startGateway({ people: 10, instance })
  other = await startSecondGateway(one, instance)
})
afterAll(async () => {
  await other.stop()
  await one.stop()
  await redis.stop()
})

test('what is set on one is seen on the other', async () => {
  const key = await one.key('ADMIN')
  const name = async () => (await ask(other.url, key, '{ viewer { workspace { name } } }')).data.viewer.workspace.name
  expect(await name()).not.toBe('Corner Shop')
  const { data } = await ask(
    one.url,
    key,
    'mutation { updateWorkspace(input: { name: "Corner Shop" }) { __typename } }',
  )
  expect(data.updateWorkspace.__typename).toMatch(/Success$/)
  await expect.poll(name, { interval: 200 }).toBe('Corner Shop')
})

test('a key that is revoked on one ends on the other', async () => {
  const key = await one.key('ADMIN')
  const status = async () => (await ask(other.url, key, '{ workspace { id } }')).status
  expect(await status()).toBe(200)
  const apiKeys = await one.gateway.services.viewers.listApiKeys(one.viewer('ADMIN'))
  const last = apiKeys.toSorted((a, b) => b.createdAt.getTime() - a.createdAt.getTime() || (b.id > a.id ? 1 : -1))[0]
  await one.gateway.services.viewers.revokeApiKey(one.viewer('ADMIN'), last?.id ?? '')
  await expect.poll(status, { interval: 200 }).toBe(401)
})

test('operations of one key are counted over both', async () => {
  const key = await one.key('SERVICE')
  const statuses: number[] = []
  for (let round = 0; round < 21; round++) {
    for (const { url } of [one, other]) statuses.push((await ask(url, key, '{ __typename }')).status)
  }
  expect(statuses).toEqual([...Array.from({ length: 40 }, () => 200), 429, 429])
})

test('of two gateways whose token has expired one renews it, for both', async () => {
  const key = await one.key('ADMIN')
  const { dynamics } = one.crm
  const search = ({ url }: { url: string }) =>
    ask(
      url,
      key,
      `{ searchRecords(input: { phone: "+1 512 555 0143" }) {
        ... on SearchRecordsSuccess { integrations { failure { code } } }
      } }`,
    )
  // Both know the token that is in force.
  for (const at of [one, other]) await search(at)
  await dynamics.setSwitches({ expireTokens: true })
  const before = (await dynamics.calls()).length
  const answers = await Promise.all([one, other, one, other].map(search))
  for (const { data } of answers) {
    expect(data.searchRecords.integrations).toEqual([{ failure: null }, { failure: null }])
  }
  const calls = (await dynamics.calls()).slice(before)
  expect(calls.filter(({ path }) => path.includes('/oauth2/'))).toHaveLength(1)
  expect(calls.filter(({ status }) => status === 401).length).toBeGreaterThan(0)
})

test('what a CRM asked one for by Retry-After the other heeds (R6)', async () => {
  const key = await one.key('ADMIN')
  const { dynamics } = one.crm
  const search = (url: string) =>
    ask(
      url,
      key,
      `{ searchRecords(input: { phone: "+1 512 555 0143" }) {
        ... on SearchRecordsSuccess { integrations { integration { provider } failure { code } } }
      } }`,
    )
  const failureOf = async (url: string) =>
    (await search(url)).data.searchRecords.integrations.find(
      ({ integration }: { integration: { provider: string } }) => integration.provider === 'DYNAMICS',
    ).failure
  expect(await failureOf(other.url)).toBeNull()
  await dynamics.throttle({ times: 1, retryAfter: 120 })
  expect(await failureOf(one.url)).toMatchObject({ code: 'CRM_RATE_LIMITED' })
  const calls = async () => (await dynamics.calls()).filter(({ path }) => path.startsWith('/api/data')).length
  const before = await calls()
  expect(await failureOf(other.url)).toMatchObject({ code: 'CRM_RATE_LIMITED' })
  expect(await calls()).toBe(before)
})
