import { expect, test } from 'vitest'
import { createInProcessState } from '../shared-state/in-process.ts'
import { setUpSigningIn } from '../testing/signing-in.ts'
import { createSignInRates } from './sign-in-rates.ts'

const rule = { window: 60, max: 3 }

test('more than a rule allows is refused, with how long to wait; another key is heard (T18)', async () => {
  const rates = createSignInRates(createInProcessState())
  const ask = (key: string) => rates.consume(key, rule)
  for (let time = 0; time < rule.max; time++) expect(await ask('a')).toEqual({ allowed: true, retryAfter: null })
  const { allowed, retryAfter } = await ask('a')
  expect(allowed).toBe(false)
  expect(retryAfter).toBeGreaterThan(0)
  expect(retryAfter).toBeLessThanOrEqual(rule.window)
  expect(await ask('b')).toEqual({ allowed: true, retryAfter: null })
})

test('what is asked of one server is not counted against another of the same process', async () => {
  const [one, other] = [createSignInRates(createInProcessState()), createSignInRates(createInProcessState())]
  for (let time = 0; time <= rule.max; time++) await one.consume('a', rule)
  expect(await other.consume('a', rule)).toEqual({ allowed: true, retryAfter: null })
})

test('an address that asks to sign in too often is told which limit it is, and when to come back (T18)', async () => {
  const { post } = await setUpSigningIn()
  const ask = () => post('/invite', { token: 'none' })
  for (let time = 0; time < 30; time++) expect((await ask()).status).not.toBe(429)
  const refused = await ask()
  expect(refused.status).toBe(429)
  const seconds = Number(refused.headers.get('retry-after'))
  expect(seconds).toBeGreaterThan(0)
  expect(seconds).toBeLessThanOrEqual(60)
  expect(await refused.json()).toEqual({
    code: 'LIMIT_EXCEEDED',
    message: `Too many requests from this address. Try again in ${seconds} seconds.`,
    limit: { name: 'signInRequests' },
  })
})
