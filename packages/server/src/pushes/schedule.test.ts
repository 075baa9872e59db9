import fc from 'fast-check'
import { expect, test } from 'vitest'
import { consequenceOf, retryAt } from './schedule.ts'

const seconds = (attempts: number, random: number, retryAfter: number | null = null) =>
  retryAt({ attempts, random, retryAfter, now: 0 }).getTime() / 1_000

test('the pause is at least a second, grows with the attempts and ends at a quarter of an hour', () => {
  expect(seconds(1, 0)).toBe(1)
  expect(seconds(1, 1)).toBe(2)
  expect(seconds(4, 1)).toBe(16)
  expect(seconds(500, 1)).toBe(900)
})

test('what the CRM asked for is never undercut, and a CRM that asks for days is asked again within the hour', () => {
  fc.assert(
    fc.property(
      fc.integer({ min: 1, max: 50 }),
      fc.double({ min: 0, max: 1, noNaN: true }),
      fc.nat(100_000),
      (attempts, random, retryAfter) => {
        const pause = seconds(attempts, random, retryAfter)
        expect(pause).toBeGreaterThanOrEqual(Math.min(retryAfter, 3_600))
        expect(pause).toBeLessThanOrEqual(3_610)
      },
    ),
  )
})

test('F19: what the CRM refused needs a person; what may pass is tried again', () => {
  expect(consequenceOf('CRM_REJECTED')).toBe('FAIL')
  expect(consequenceOf('CRM_FORBIDDEN')).toBe('FAIL')
  expect(consequenceOf('CRM_UNAVAILABLE')).toBe('RETRY')
  expect(consequenceOf('CRM_UNAUTHENTICATED')).toBe('RETRY')
})
