import { expect, test } from 'vitest'
import { parseRetryAfter } from './retry-after.ts'

const now = Date.parse('2024-01-31T10:00:00Z')

test.each([
  ['30', 30],
  ['0', 0],
  ['2.5', 3],
  [' 7 ', 7],
  ['Wed, 31 Jan 2024 10:00:30 GMT', 30],
  ['Wed, 31 Jan 2024 09:00:00 GMT', 0],
  ['999999999999', 3_600],
  ['9'.repeat(400), 3_600],
  ['Fri, 31 Dec 9999 23:59:59 GMT', 3_600],
  ['-5', 0],
  ['soon', null],
  ['', null],
  [undefined, null],
])('%j means %j seconds', (header, seconds) => {
  expect(parseRetryAfter(header, now)).toBe(seconds)
})
