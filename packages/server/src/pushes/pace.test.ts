import fc from 'fast-check'
import { expect, test } from 'vitest'
import { firstPace, paceAfter } from './pace.ts'
import type { Sign } from './schedule.ts'

const after = (signs: readonly Sign[], most = 5) => signs.reduce((pace, sign) => paceAfter(pace, sign, most), firstPace)
const times = (count: number, sign: Sign): Sign[] => Array.from({ length: count }, () => sign)

test('it begins low, grows by one place for each round of answers, and no further than it may', () => {
  expect(firstPace.places).toBe(2)
  expect(after(times(1, 'ANSWERED')).places).toBe(2)
  expect(after(times(2, 'ANSWERED')).places).toBe(3)
  expect(after(times(5, 'ANSWERED')).places).toBe(4)
  expect(after(times(9, 'ANSWERED')).places).toBe(5)
  expect(after(times(500, 'ANSWERED')).places).toBe(5)
})

test('each wish for a pause halves it', () => {
  expect(after([...times(9, 'ANSWERED'), 'THROTTLED']).places).toBe(2)
  expect(after([...times(9, 'ANSWERED'), ...times(7, 'THROTTLED')]).places).toBe(1)
  expect(after([...times(7, 'THROTTLED'), 'ANSWERED']).places).toBe(2)
})

test('failures of the CRM are counted in a row, and what comes after them begins low again', () => {
  expect(after([...times(9, 'ANSWERED'), ...times(3, 'DOWN')])).toMatchObject({ places: 2, failures: 3 })
  expect(after([...times(3, 'DOWN'), 'UNCLEAR', 'DOWN']).failures).toBe(4)
  expect(after([...times(3, 'DOWN'), 'ANSWERED', 'DOWN']).failures).toBe(1)
  expect(after([...times(9, 'ANSWERED'), 'SPENT']).places).toBe(2)
})

test('there is always a place, and never more than there may be', () => {
  const sign = fc.constantFrom<Sign>('ANSWERED', 'THROTTLED', 'SPENT', 'DOWN', 'LOCKED', 'UNCLEAR')
  fc.assert(
    fc.property(fc.array(sign, { maxLength: 60 }), fc.integer({ min: 2, max: 9 }), (signs, most) => {
      const { places } = after(signs, most)
      expect(places).toBeGreaterThanOrEqual(1)
      expect(places).toBeLessThanOrEqual(most)
    }),
  )
})
