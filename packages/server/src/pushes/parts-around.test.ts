import fc from 'fast-check'
import { expect, test } from 'vitest'
import { partsAround } from './parts-around.ts'
import { bodyOf, movesPassages, splitPassages } from './split.ts'

const maxLength = 300
const passage = (arrival: number) => ({ arrival, text: `${arrival} ${'x'.repeat(20 + ((arrival * 37) % 90))}` })

/** A text of several parts, and the same with more messages anywhere in it. */
const texts = fc
  .tuple(fc.integer({ min: 6, max: 20 }), fc.array(fc.nat(1_000), { maxLength: 5 }))
  .map(([count, places]) => {
    const before = Array.from({ length: count }, (_, index) => passage(index + 1))
    const wanted = [...before]
    for (const [index, place] of places.entries())
      wanted.splice(place % (wanted.length + 1), 0, passage(count + index + 1))
    return { before: splitPassages(before, maxLength), wanted: splitPassages(wanted, maxLength) }
  })

const arrivalsOf = (parts: ReturnType<typeof splitPassages>) =>
  parts.flatMap((part) => part.passages.map(({ arrival }) => arrival))

test('whatever parts stay as they were, every message is there once, and every part that is ours fits', () => {
  fc.assert(
    fc.property(texts, fc.array(fc.nat(6), { minLength: 1, maxLength: 3 }), ({ before, wanted }, untouched) => {
      const fixed = new Map(untouched.map((index) => [index % before.length, 'BEFORE' as const]))
      const parts = partsAround({ before, wanted, fixed, maxLength })
      const arrivals = arrivalsOf(parts)
      expect(arrivals.toSorted((a, b) => a - b)).toEqual(arrivalsOf(wanted).toSorted((a, b) => a - b))
      expect(movesPassages(before, parts)).toBe(false)
      for (const part of parts) expect(bodyOf(part).length).toBeLessThanOrEqual(maxLength)
    }),
  )
})

test('what a fixed part holds already as wanted is nowhere else', () => {
  const before = splitPassages([passage(1), passage(2), passage(3), passage(4), passage(5), passage(6)], maxLength)
  const wanted = splitPassages(
    [passage(7), passage(8), passage(1), passage(2), passage(3), passage(4), passage(5), passage(6)],
    maxLength,
  )
  expect(movesPassages(before, wanted)).toBe(true)
  const parts = partsAround({ before, wanted, fixed: new Map([[0, 'WANTED']]), maxLength })
  expect(parts[0]?.passages).toEqual(wanted[0]?.passages)
  expect(arrivalsOf(parts).toSorted((a, b) => a - b)).toEqual([1, 2, 3, 4, 5, 6, 7, 8])
})
