import { expect, test } from 'vitest'
import { ourFault, parked } from './fault.ts'

const DAYS = 24 * 60 * 60 * 1_000

test('a push that is given up after days of a fault of ours does not say that it is tried again', () => {
  expect(parked(ourFault, 5 * DAYS).message).toBe(
    'This failed by a fault of our own, which is in the log of the server. It was tried for 5 days and is not tried again by itself; retry it when the cause is gone.',
  )
})
