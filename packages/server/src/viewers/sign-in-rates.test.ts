import { expect, test } from 'vitest'
import { createSignInRates } from './sign-in-rates.ts'

const rule = { window: 60, max: 3 }

test('more than a rule allows is refused, with how long to wait; another key is heard (T18)', async () => {
  const rates = createSignInRates()
  const ask = (key: string) => rates.consume(key, rule)
  for (let time = 0; time < rule.max; time++) expect(await ask('a')).toEqual({ allowed: true, retryAfter: null })
  const { allowed, retryAfter } = await ask('a')
  expect(allowed).toBe(false)
  expect(retryAfter).toBeGreaterThan(0)
  expect(retryAfter).toBeLessThanOrEqual(rule.window)
  expect(await ask('b')).toEqual({ allowed: true, retryAfter: null })
})

test('what is asked of one server is not counted against another of the same process', async () => {
  const [one, other] = [createSignInRates(), createSignInRates()]
  for (let time = 0; time <= rule.max; time++) await one.consume('a', rule)
  expect(await other.consume('a', rule)).toEqual({ allowed: true, retryAfter: null })
})
