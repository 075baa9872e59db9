import { expect, test } from 'vitest'
import { dayAt, endOfDay, isDay, startOfDay } from './zoned-day.ts'

test.each([
  ['2026-01-31', 'UTC', '2026-01-31T00:00:00.000Z', '2026-02-01T00:00:00.000Z'],
  ['2026-01-31', 'America/Chicago', '2026-01-31T06:00:00.000Z', '2026-02-01T06:00:00.000Z'],
  ['2026-01-31', 'Asia/Kathmandu', '2026-01-30T18:15:00.000Z', '2026-01-31T18:15:00.000Z'],
  // The clock goes forward, and back.
  ['2026-03-29', 'Europe/Berlin', '2026-03-28T23:00:00.000Z', '2026-03-29T22:00:00.000Z'],
  ['2026-10-25', 'Europe/Berlin', '2026-10-24T22:00:00.000Z', '2026-10-25T23:00:00.000Z'],
  // A day without midnight, and one that follows a second 23:00.
  ['2018-11-04', 'America/Sao_Paulo', '2018-11-04T03:00:00.000Z', '2018-11-05T02:00:00.000Z'],
  ['2018-02-18', 'America/Sao_Paulo', '2018-02-18T03:00:00.000Z', '2018-02-19T03:00:00.000Z'],
])('%s in %s lasts from %s to %s', (day, timeZone, start, end) => {
  expect([startOfDay(day, timeZone), endOfDay(day, timeZone)]).toEqual([start, end])
  expect(dayAt(new Date(start), timeZone)).toBe(day)
})

test.each([
  ['2026-02-28', true],
  ['2026-13-01', false],
  ['yesterday', false],
  [20260228, false],
])('%s is a day: %s', (text, expected) => {
  expect(isDay(text)).toBe(expected)
})
