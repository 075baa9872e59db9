import { ProviderError, type ProviderErrorCode, type ProviderErrorOptions } from '@backchannel/providers'
import fc from 'fast-check'
import { expect, test } from 'vitest'
import { consequenceOf, isParked, pauseAfter, probeTime, retryAt, waitsForAdmin } from './schedule.ts'

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

const failure = (code: ProviderErrorCode, options: Partial<ProviderErrorOptions> = {}) =>
  new ProviderError(code, { message: 'No.', ...options })
const pause = (error: ProviderError, failuresInARow = 1, isProbe = false) =>
  pauseAfter(error, { failuresInARow, isProbe })

test('F12: a pause lasts as long as the CRM asks, a second at least and an hour at most', () => {
  const asked = (retryAfter?: number) =>
    pause(failure('CRM_RATE_LIMITED', retryAfter === undefined ? {} : { retryAfter }))
  expect(asked(17)).toEqual({ seconds: 17, code: 'CRM_RATE_LIMITED' })
  expect(asked(0)?.seconds).toBe(1)
  expect(asked(86_400)?.seconds).toBe(3_600)
  expect(asked()?.seconds).toBe(5)
})

test('F13: a 503 that names a time is a wish of the CRM like a 429; a pause that our own lane names is none', () => {
  expect(pause(failure('CRM_UNAVAILABLE', { retryAfter: 40, status: 503 }))).toEqual({
    seconds: 40,
    code: 'CRM_RATE_LIMITED',
  })
  expect(pause(failure('CRM_UNAVAILABLE', { retryAfter: 12 }))).toEqual({ seconds: 12, code: 'CRM_UNAVAILABLE' })
})

test('F8: ten failures in a row, or one of the push that tries, and the CRM is left alone for 30 s', () => {
  for (const code of ['CRM_UNREACHABLE', 'CRM_UNAVAILABLE', 'CRM_TIMEOUT'] as const) {
    expect(pause(failure(code), 9)).toBeNull()
    expect(pause(failure(code), 10)).toEqual({ seconds: 30, code })
    expect(pause(failure(code), 1, true)).toEqual({ seconds: 30, code })
  }
})

test('a used-up budget pauses for a quarter of an hour, a refusal of this push or an unknown outcome not at all', () => {
  expect(pause(failure('CRM_QUOTA_EXHAUSTED'))?.seconds).toBe(900)
  expect(pause(failure('CRM_REJECTED'), 9, true)).toBeNull()
  expect(pause(failure('CONFLICT'), 9, true)).toBeNull()
  expect(pause(failure('CRM_OUTCOME_UNKNOWN'), 9, true)).toBeNull()
})

test('the one push that tries has as long as its kind of pause lasts', () => {
  expect(probeTime('CRM_QUOTA_EXHAUSTED')).toBe(900)
  expect(probeTime('CRM_UNAUTHENTICATED')).toBe(300)
  expect(probeTime('CRM_UNAVAILABLE')).toBe(30)
})

test('what has failed for so long is parked; the time in which only an admin can help is not counted', () => {
  const times = { failingSince: new Date(0), now: 5_000, parkAfterMs: 5_000 }
  expect(isParked(times)).toBe(true)
  expect(isParked({ ...times, now: 4_999 })).toBe(false)
  expect(waitsForAdmin('CRM_UNAUTHENTICATED')).toBe(true)
  expect(waitsForAdmin('CRM_UNAVAILABLE')).toBe(false)
  expect(waitsForAdmin('INTERNAL')).toBe(false)
})
