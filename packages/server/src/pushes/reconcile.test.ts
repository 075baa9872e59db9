import fc from 'fast-check'
import { expect, test } from 'vitest'
import { comparableText, reconcile } from './reconcile.ts'
import { bodyOf, type Part } from './split.ts'

const hash = (text: string) => `#${comparableText(text)}`
const part = (...texts: string[]): Part => ({
  opening: null,
  ending: null,
  passages: texts.map((text, index) => ({ arrival: index + 1, text })),
})
const decide = (held: string, wanted: Part, known: Partial<Parameters<typeof reconcile>[0]> = {}) =>
  reconcile({ held, part: wanted, ours: [], shared: false, delivered: 0, maxLength: 1_000, hash, ...known })

test('what is there already is left alone, also when the CRM tidied its blanks and line ends', () => {
  expect(decide('a  b\r\n\r\nc ', part('a b', 'c'))).toEqual({ kind: 'DONE' })
})

test('a text that is ours alone is replaced whole', () => {
  expect(decide('a', part('a', 'b'), { ours: [hash('a')] })).toEqual({ kind: 'REPLACE', body: 'a\nb' })
  expect(decide('a', part('a', 'b'), { ours: [hash('b'), hash('a')] })).toEqual({ kind: 'REPLACE', body: 'a\nb' })
})

test('what a person wrote stays, and only messages that were not confirmed before are added', () => {
  const held = 'called back, a is settled'
  expect(decide(held, part('a', 'b'), { ours: [hash('a')], delivered: 1 })).toEqual({
    kind: 'ADD',
    body: 'called back, a is settled\nb',
  })
})

test('messages that an attempt of unknown outcome did add are not added again', () => {
  expect(decide('note\na\nb', part('a', 'b', 'c'), { shared: true, delivered: 1 })).toEqual({
    kind: 'ADD',
    body: 'note\na\nb\nc',
  })
})

test('of messages that read the same, each must be there by itself', () => {
  expect(decide('note\nok', part('ok', 'ok'), { shared: true })).toEqual({ kind: 'ADD', body: 'note\nok\nok' })
})

test('a message is not taken for another that only begins like it', () => {
  expect(decide('note\nokay', part('ok'), { shared: true })).toEqual({ kind: 'ADD', body: 'note\nokay\nok' })
})

test('a text that a person wrote into is never replaced, even when it reads like ours', () => {
  expect(decide('a', part('a', 'b'), { ours: [hash('a')], shared: true })).toEqual({ kind: 'ADD', body: 'a\nb' })
})

test('what does not fit behind what a person wrote goes elsewhere', () => {
  expect(decide('x'.repeat(90), part('y'.repeat(20)), { maxLength: 100 })).toEqual({ kind: 'FULL' })
})

test('repeating a decision after it was carried out changes nothing, whatever a person wrote before', () => {
  const anyText = fc.constantFrom('a', 'b', 'a b', 'c\n  d', 'd', 'e')
  const texts = fc.array(anyText, { minLength: 1, maxLength: 8 })
  const differentTexts = fc.uniqueArray(anyText, { minLength: 1 })
  fc.assert(
    fc.property(differentTexts, texts, fc.nat(4), fc.boolean(), (wanted, theirs, delivered, shared) => {
      const first = decide(theirs.join('\n'), part(...wanted), { delivered, shared })
      if (first.kind !== 'ADD') return
      expect(decide(first.body, part(...wanted), { delivered, shared: true })).toEqual({ kind: 'DONE' })
      expect(first.body.startsWith(theirs.join('\n'))).toBe(true)
      for (const passage of part(...wanted).passages.slice(delivered)) expect(first.body).toContain(passage.text)
    }),
  )
})

test('an empty activity takes the whole text', () => {
  expect(decide('', part('a'), { ours: [hash('')] })).toEqual({ kind: 'REPLACE', body: bodyOf(part('a')) })
})
