import fc from 'fast-check'
import { expect, test } from 'vitest'
import { type Ordered, orderMessages } from './message-order.ts'

const message = (arrival: number, second: number, sequence: number | null = null): Ordered => ({
  arrival,
  sequence,
  sentAt: new Date(second * 1000),
})
const arrivals = (messages: readonly Ordered[]) => orderMessages(messages).map((it) => it.arrival)

test('A-51: a sequence decides, whatever the clocks say', () => {
  expect(arrivals([message(1, 30, 2), message(2, 10, 3), message(3, 20, 1)])).toEqual([3, 1, 2])
})

test('A-51: without a sequence the time of sending decides, and arrival where it is the same', () => {
  expect(arrivals([message(1, 20), message(2, 10), message(3, 20), message(4, 10)])).toEqual([2, 4, 1, 3])
})

test('a message without a sequence finds its place by time among those that have one', () => {
  expect(arrivals([message(1, 10, 1), message(2, 30, 2), message(3, 20), message(4, 40)])).toEqual([1, 3, 2, 4])
})

test('the order does not depend on the order of asking, loses nothing and respects every sequence', () => {
  const anyMessages = fc.uniqueArray(
    fc.record({
      arrival: fc.integer({ min: 1, max: 500 }),
      sentAt: fc.integer({ min: 0, max: 20 }).map((second) => new Date(second * 1000)),
      sequence: fc.option(fc.integer({ min: 0, max: 20 })),
    }),
    { selector: (it) => it.arrival, maxLength: 30 },
  )
  fc.assert(
    fc.property(anyMessages, (messages) => {
      const ordered = orderMessages(messages)
      expect(orderMessages([...messages].reverse())).toEqual(ordered)
      expect(ordered.map((it) => it.arrival).sort((a, b) => a - b)).toEqual(
        messages.map((it) => it.arrival).sort((a, b) => a - b),
      )
      const sequences = ordered.flatMap((it) => (it.sequence === null ? [] : [it.sequence]))
      expect(sequences).toEqual([...sequences].sort((a, b) => a - b))
    }),
  )
})
