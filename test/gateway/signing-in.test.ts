/** What signing in and out does to what is open, through the gateway as it runs. */
import { afterAll, beforeAll, expect, it } from 'vitest'
import { type RunningGateway, startGateway } from './running-gateway.ts'
import { cookieOf, post, signIn } from './signing-in.ts'

const account = { email: 'owner@example.com', password: 'correct horse battery' }
let gateway: RunningGateway

beforeAll(async () => {
  gateway = await startGateway({ people: 1 })
  await gateway.gateway.entrance.ensureFirstOwner(account)
})
afterAll(() => gateway.stop())

it('signing out everywhere ends what is open elsewhere too, soon (T19)', async () => {
  const [here, there] = [await signIn(gateway, account), await signIn(gateway, account)]
  const stream = await fetch(`${gateway.url}/graphql`, {
    method: 'POST',
    headers: { 'content-type': 'application/json', accept: 'text/event-stream', cookie: there.cookie },
    body: JSON.stringify({ query: 'subscription { integrationEvents { __typename } }' }),
  })
  expect(stream.status).toBe(200)
  const ended = stream.text()
  expect((await post(gateway, '/revoke-sessions', {}, { cookie: here.cookie })).status).toBe(200)
  await ended
  for (const { execute } of [here, there])
    await expect(execute('{ viewer { kind } }')).rejects.toThrow('UNAUTHENTICATED')
})

it('a session is a cookie that scripts and other sites do not get, and no answer repeats it (T19)', async () => {
  const answer = await post(gateway, '/sign-in/email', account)
  const cookies = answer.headers.getSetCookie()
  expect(cookies.length).toBeGreaterThan(0)
  for (const cookie of cookies) expect(cookie).toMatch(/; HttpOnly; SameSite=Lax$/i)
  expect(await answer.text()).toBe('{}')
  const [session] = await gateway.database.session.findMany({ orderBy: { createdAt: 'desc' } })
  // What is kept is no cookie: it is a hash of the token, and the token is signed.
  const forged = `backchannel.session_token=${session?.token}`
  const { status } = await fetch(`${gateway.url}/auth/second-factor`, { headers: { cookie: forged } })
  expect(status).toBe(401)
  const right = await fetch(`${gateway.url}/auth/second-factor`, { headers: { cookie: cookieOf(answer) } })
  expect(await right.json()).toEqual({ on: false, possible: true })
})
