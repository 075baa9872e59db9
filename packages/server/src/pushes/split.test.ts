import fc from 'fast-check'
import { expect, test } from 'vitest'
import { cutText } from '../shared/cut-text.ts'
import { bodyOf, splitPassages } from './split.ts'

const passages = (texts: readonly string[]) => texts.map((text, index) => ({ arrival: index + 1, text }))
const lineText = fc.string({ unit: 'grapheme', maxLength: 300 }).map((text) => text.replaceAll(/[\r\n]/g, ''))
const anyText = fc.array(lineText, { minLength: 1, maxLength: 4 }).map((lines) => lines.join('\n'))
const anyTexts = fc.array(anyText, { maxLength: 25 })

test('a text that fits is one part without a word about parts', () => {
  expect(splitPassages(passages(['a', 'b']), 200).map(bodyOf)).toEqual(['a\nb'])
})

test('a text that does not fit continues in a further part, and each says so', () => {
  const bodies = splitPassages(passages(['a'.repeat(120), 'b'.repeat(120)]), 200).map(bodyOf)
  expect(bodies).toEqual([`${'a'.repeat(120)}\n(continues in part 2)`, `(part 2, continued)\n${'b'.repeat(120)}`])
})

test('every part fits, nothing is lost, and the order is kept', () => {
  fc.assert(
    fc.property(
      anyTexts,
      fc.integer({ min: 200, max: 600 }),
      fc.option(lineText.map((it) => it.slice(0, 80))),
      (texts, maxLength, opening) => {
        const parts = splitPassages(passages(texts), maxLength, opening)
        for (const part of parts) expect(bodyOf(part).length).toBeLessThanOrEqual(maxLength)
        const pieces = parts.flatMap((part) => part.passages)
        expect(pieces.map((piece) => piece.arrival)).toEqual(
          [...pieces.map((piece) => piece.arrival)].sort((a, b) => a - b),
        )
        const found = texts.map((_, index) =>
          pieces
            .filter((it) => it.arrival === index + 1)
            .map((it) => it.text)
            .join(''),
        )
        expect(found.map((text) => text.replaceAll('\n', ''))).toEqual(texts.map((text) => text.replaceAll('\n', '')))
      },
    ),
  )
})

test('no character is cut in two', () => {
  fc.assert(
    fc.property(fc.string({ unit: fc.constantFrom('😀', 'é', 'a'), minLength: 200, maxLength: 800 }), (text) => {
      for (const part of splitPassages(passages([text]), 200))
        expect(() => encodeURIComponent(bodyOf(part))).not.toThrow()
    }),
  )
  expect(cutText('a😀', 2)).toBe('a')
})

test('a message of 100,000 characters is whole over the parts, whatever it is made of', () => {
  const characters = fc.constantFrom('a', '😀', 'ש', 'é', ' ', '\n')
  fc.assert(
    fc.property(
      fc.array(characters, { minLength: 1, maxLength: 30 }),
      fc.constantFrom(2_000, 20_000, 32_000),
      (some, maxLength) => {
        const unit = some.join('')
        const text = cutText(unit.repeat(Math.ceil(100_000 / unit.length)), 100_000)
        const parts = splitPassages(passages(['before', text, 'after']), maxLength)
        for (const part of parts) expect(bodyOf(part).length).toBeLessThanOrEqual(maxLength)
        const pieces = parts.flatMap((part) => part.passages).filter(({ arrival }) => arrival === 2)
        const joined = pieces.map((piece) => piece.text).join('')
        expect(joined.replaceAll('\n', '') === text.replaceAll('\n', '')).toBe(true)
      },
    ),
    { numRuns: 30 },
  )
})

test('what is appended later leaves every part before the last as it is, but for the line that says it continues', () => {
  fc.assert(
    fc.property(anyTexts, anyTexts, (texts, more) => {
      const before = splitPassages(passages(texts), 300)
      const after = splitPassages(passages([...texts, ...more]), 300)
      for (const [index, part] of before.slice(0, -1).entries()) expect(after[index]).toEqual(part)
      const last = before.at(-1)
      expect(after[before.length - 1]?.passages.slice(0, last?.passages.length)).toEqual(last?.passages)
    }),
  )
})
