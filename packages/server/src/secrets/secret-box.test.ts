import { randomBytes } from 'node:crypto'
import fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import { parseKeyRing } from './key-ring.ts'
import { createSecretBox } from './secret-box.ts'

const key = (id: string) => `${id}:${randomBytes(32).toString('base64')}`
const [k1, k2] = [key('k1'), key('k2')]
const box = createSecretBox(k1)
const unreadable = expect.objectContaining({ name: 'UnreadableSecretError' })
const text = fc.string({ unit: 'grapheme' })

describe('a secret box', () => {
  test('opens what it sealed, under the same identity', () => {
    fc.assert(
      fc.property(text, text, (identity, plaintext) => {
        expect(box.open(identity, box.seal(identity, plaintext))).toBe(plaintext)
      }),
    )
  })

  test('never seals the same text to the same bytes', () => {
    expect(box.seal('Row:1', 'secret')).not.toBe(box.seal('Row:1', 'secret'))
  })

  test('refuses text that was moved to another row', () => {
    fc.assert(
      fc.property(text, text, text, (identity, other, plaintext) => {
        fc.pre(identity !== other)
        expect(() => box.open(other, box.seal(identity, plaintext))).toThrow(unreadable)
      }),
    )
  })

  test('refuses text of which any one character was changed', () => {
    fc.assert(
      fc.property(text, fc.nat(), fc.constantFrom(...'AZaz09-_.=+/ '), (plaintext, place, character) => {
        const sealed = box.seal('Row:1', plaintext)
        const at = place % sealed.length
        fc.pre(sealed.charAt(at) !== character)
        const changed = sealed.slice(0, at) + character + sealed.slice(at + 1)
        expect(() => box.open('Row:1', changed)).toThrow(unreadable)
      }),
      { numRuns: 500 },
    )
  })

  test('refuses text that was cut anywhere', () => {
    const sealed = box.seal('Row:1', 'a secret')
    for (let length = 0; length < sealed.length; length += 1) {
      expect(() => box.open('Row:1', sealed.slice(0, length))).toThrow(unreadable)
    }
  })

  test('seals with the newest key and still opens what an older one sealed', () => {
    const rotated = createSecretBox(`${k2},${k1}`)
    expect(rotated.open('Row:1', box.seal('Row:1', 'before'))).toBe('before')
    expect(rotated.seal('Row:1', 'after')).toMatch(/^1\.k2\./)
  })

  test('says which key is missing, and nothing of the content', () => {
    const sealed = createSecretBox(k2).seal('Row:1', 'content')
    expect(() => box.open('Row:1', sealed)).toThrow('Row:1 is sealed with key "k2", which BACKCHANNEL_KEYS lacks')
  })

  test('hashes the same for the same label and value, whatever newer key was put in front', () => {
    fc.assert(
      fc.property(text, text, (label, value) => {
        expect(createSecretBox(`${k2},${k1}`).hash(label, value)).toBe(box.hash(label, value))
      }),
      { numRuns: 20 },
    )
  })

  test('hashes differently under another label, value or key', () => {
    const hash = box.hash('state', 'a')
    expect(
      new Set([hash, box.hash('phone', 'a'), box.hash('state', 'b'), createSecretBox(k2).hash('state', 'a')]),
    ).toHaveLength(4)
  })
})

describe('BACKCHANNEL_KEYS', () => {
  test.each([
    ['', 'at least one key'],
    ['nokey', 'entry 1 must be id:base64'],
    [`${k1},k2:AAAA`, 'entry 2 must hold the base64 of exactly 32 bytes'],
    [`k1:${Buffer.alloc(32, 7).toString('base64')}`, 'is no random key'],
    [`${k1},${key('k1')}`, 'two keys carry the same id'],
  ])('%# is refused with a sentence that repeats no key', (keys, sentence) => {
    expect(() => parseKeyRing(keys)).toThrow(sentence)
    expect(() => parseKeyRing(keys)).not.toThrow(k1.slice(3))
  })
})
