import { expect, test } from 'vitest'
import { fromLocalTime, toLocalTime } from './zoned-time.ts'

test('a moment is entered and shown on the clock of the time zone, summer and winter', () => {
  expect(fromLocalTime('2026-02-28T10:00', 'Europe/Berlin')).toBe('2026-02-28T10:00:00+01:00')
  expect(fromLocalTime('2026-07-01T10:00', 'Europe/Berlin')).toBe('2026-07-01T10:00:00+02:00')
  expect(fromLocalTime('2026-01-01T00:30', 'America/St_Johns')).toBe('2026-01-01T00:30:00-03:30')
  expect(fromLocalTime('2026-01-01T00:30', 'UTC')).toBe('2026-01-01T00:30:00+00:00')
  expect(toLocalTime('2026-02-28T09:00:00Z', 'Europe/Berlin')).toBe('2026-02-28T10:00')
})

test('nothing is nothing', () => {
  expect(fromLocalTime('', 'Europe/Berlin')).toBe('')
  expect(toLocalTime('', 'Europe/Berlin')).toBe('')
})
