/** Signing in where two gateways share a database and a Redis: guesses count together, and what ends on one has ended on the other. */
import { createClient } from 'graphql-sse'
import { afterAll, beforeAll, expect, test } from 'vitest'
import { startConversation } from '../gateway/conversing.ts'
import { type RunningGateway, startGateway } from '../gateway/running-gateway.ts'
import { type SecondGateway, startSecondGateway } from '../gateway/second-gateway.ts'
import { addMember, holderOf, post, type SignedIn, signIn } from '../gateway/signing-in.ts'
import { type RedisServer, startRedis } from '../support/redis-server.ts'

const account = { email: 'owner@example.com', password: 'a long password' }

let redis: RedisServer
let one: RunningGateway
let other: SecondGateway
let owner: SignedIn

beforeAll(async () => {
  redis = await startRedis()
  // Neither looks for the other's news by itself.
  const instance = { redisUrl: redis.url, eventPollMs: 3_600_000 }
  one = await startGateway({ people: 1, instance })
  other = await startSecondGateway(one, instance)
  await one.gateway.entrance.ensureFirstOwner(account)
  owner = await signIn(one, account)
})
afterAll(async () => {
  await other.stop()
  await one.stop()
  await redis.stop()
})

const ME = '{ viewer { user { email } } }'
const guess = (at: { url: string }, password: string) =>
  post(at, '/sign-in/email', { ...account, password }).then(async (answer) => ({
    status: answer.status,
    retryAfter: answer.headers.get('retry-after'),
    body: await answer.json(),
  }))

/** Somebody who listens on the other gateway, and what they are told when it is over. */
async function listen(cookie: string): Promise<{ ended: Promise<unknown> }> {
  const chat = await startConversation(one, 'CHAT')
  const client = createClient({ url: `${other.url}/graphql`, headers: { cookie }, retryAttempts: 0 })
  const results = client.iterate({
    query: 'subscription ($ids: [ID!]!) { conversationEvents(conversationIds: $ids, after: "0") { id } }',
    variables: { ids: [chat.id] },
  })
  expect((await results.next()).value).toMatchObject({ data: {} })
  return { ended: results.next().then(({ value }) => value?.errors?.[0]?.extensions?.['code']) }
}

const statusOnOther = (cookie: string) => async () =>
  (
    await fetch(`${other.url}/graphql`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', cookie },
      body: JSON.stringify({ query: ME }),
    })
  ).status

test('a session that is signed out on one gateway opens nothing on the other, and what it listens to ends (T19)', async () => {
  const { cookie } = await signIn(one, account)
  expect(await statusOnOther(cookie)()).toBe(200)
  const { ended } = await listen(cookie)
  expect((await post(one, '/sign-out', {}, { cookie })).status).toBe(200)
  await expect.poll(statusOnOther(cookie)).toBe(401)
  expect(await ended).toBe('UNAUTHENTICATED')
})

test('a member who is removed on one gateway is out on the other, and what they listen to ends (T19)', async () => {
  const ines = await addMember(one, owner, 'ines@example.com', 'ADMIN')
  const { ended } = await listen(ines.cookie)
  const { members } = await owner.execute('{ members { id email } }')
  const { id } = members.find(({ email }: { email: string }) => email === 'ines@example.com')
  await owner.execute('mutation ($id: ID!) { removeMember(userId: $id) { __typename } }', { id })
  await expect.poll(statusOnOther(ines.cookie)).toBe(401)
  expect(await ended).toBe('UNAUTHENTICATED')
})

test('a session that began on one gateway is one on the other', async () => {
  expect(await holderOf(other, owner.cookie).execute(ME)).toEqual({ viewer: { user: { email: account.email } } })
})

test('wrong passwords are counted over both: ten of them close the account for this network on either (T18)', async () => {
  for (let tries = 0; tries < 5; tries++) {
    for (const at of [one, other]) expect((await guess(at, 'a wrong guess')).status).toBe(401)
  }
  for (const at of [one, other]) {
    const refused = await guess(at, account.password)
    expect(refused).toMatchObject({ status: 429, body: { code: 'TOO_MANY_TRIES' } })
    expect(Number(refused.retryAfter)).toBeGreaterThan(800)
  }
})

test('requests below /auth are counted over both: thirty in a minute, then both say when to come back (T18)', async () => {
  const ask = (at: { url: string }) => post(at, '/invite', { token: 'none' })
  const statuses: number[] = []
  for (let round = 0; round < 15; round++) for (const at of [one, other]) statuses.push((await ask(at)).status)
  expect(statuses).not.toContain(429)
  for (const at of [one, other]) {
    const refused = await ask(at)
    expect([refused.status, await refused.json()]).toMatchObject([429, { limit: { name: 'signInRequests' } }])
  }
})
