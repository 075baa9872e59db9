import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import { containsInOrder, isRecordId, literal, literals, name, select } from './soql.ts'

/**
 * Reads one literal by the rules of the SOQL reference, "Quoted String Escape Sequences", written from that page and not
 * from our escaper: answers what the literal means and what follows it. `%` and `_` that act as wildcards come back as
 * `wildcards`.
 */
function readLiteral(source: string, like = false): { text: string; wildcards: number; rest: string } {
  if (source[0] !== "'") throw new Error('no literal')
  const letters: Record<string, string> = {
    n: '\n',
    r: '\r',
    t: '\t',
    b: '\b',
    f: '\f',
    '"': '"',
    "'": "'",
    '\\': '\\',
  }
  let text = ''
  let wildcards = 0
  let at = 1
  while (at < source.length) {
    const character = source.charAt(at)
    if (character === "'") return { text, wildcards, rest: source.slice(at + 1) }
    if (character === '\\') {
      const next = source.charAt(at + 1)
      if (next === 'u') {
        const digits = source.slice(at + 2, at + 6)
        if (!/^[0-9a-fA-F]{4}$/.test(digits)) throw new Error('bad unicode escape')
        text += String.fromCharCode(Number.parseInt(digits, 16))
        at += 6
        continue
      }
      const meant = letters[next] ?? (like && (next === '%' || next === '_') ? next : undefined)
      if (meant === undefined) throw new Error(`unknown escape \\${next}`)
      text += meant
      at += 2
      continue
    }
    if (character < ' ') throw new Error('bare control character')
    if (like && (character === '%' || character === '_')) wildcards += 1
    else text += character
    at += 1
  }
  throw new Error('literal left open')
}

const hostile = [
  "O'Neil",
  '\\',
  "\\'",
  "\\\\'",
  "x\\' OR Name LIKE '%",
  "' OR IsDeleted = TRUE --",
  '%',
  '_',
  '100%_\\',
  'line\nbreak\r\n\ttab',
  '\u0000',
  '\u2028',
  '\ud83d\ude00',
  '\ud83d',
  '\ude00',
  'Ελένη',
  '李',
  '\\u0027',
  '"',
]

const anyText = fc.string({ unit: 'binary', maxLength: 60 })
const nasty = fc.string({ unit: fc.constantFrom('\\', "'", '"', '%', '_', 'u', '0', 'n', '\n', 'a', '\ud83d', '[') })

describe('literal', () => {
  it.each(hostile)('means exactly the text: %j', (text) => {
    expect(readLiteral(`${literal(text)} AND Id = null`)).toEqual({ text, wildcards: 0, rest: ' AND Id = null' })
  })

  it('means exactly the text, whatever it is, and never reaches what follows', () => {
    fc.assert(
      fc.property(fc.oneof(anyText, nasty), (text) => {
        expect(readLiteral(`${literal(text)}) LIMIT 1`)).toEqual({ text, wildcards: 0, rest: ') LIMIT 1' })
      }),
    )
  })

  it('can always be put into a URL', () => {
    fc.assert(fc.property(nasty, (text) => decodeURIComponent(encodeURIComponent(literal(text))) === literal(text)))
  })

  it('lists stay lists of the same length', () => {
    fc.assert(
      fc.property(fc.array(nasty, { minLength: 1, maxLength: 6 }), (texts) => {
        const list = literals(texts)
        expect(list[0]).toBe('(')
        let rest = list.slice(1)
        const read: string[] = []
        for (;;) {
          const one = readLiteral(rest)
          read.push(one.text)
          rest = one.rest
          if (rest === ')') break
          expect(rest[0]).toBe(',')
          rest = rest.slice(1)
        }
        expect(read).toEqual(texts)
      }),
    )
  })
})

describe('containsInOrder', () => {
  it('has wildcards only around and between the parts, whatever they hold', () => {
    fc.assert(
      fc.property(fc.array(fc.oneof(anyText, nasty), { minLength: 1, maxLength: 4 }), (parts) => {
        const read = readLiteral(`${containsInOrder(parts)} LIMIT 1`, true)
        expect(read).toEqual({ text: parts.join(''), wildcards: parts.length + 1, rest: ' LIMIT 1' })
      }),
    )
  })

  it('takes a percent sign and an underscore as themselves', () => {
    expect(containsInOrder(['50%_'])).toBe("'%50\\%\\_%'")
  })
})

describe('names', () => {
  it.each(['Name', 'Backchannel_Key__c', 'PersonEmail'])('lets %s through', (text) => expect(name(text)).toBe(text))

  it.each(['', ' ', 'Name, Id', "Name'", 'Name FROM User', '1st', 'Näme', 'Account.Name', 'a'.repeat(81)])(
    'refuses %j',
    (text) => expect(() => name(text)).toThrow('not the API name'),
  )

  it('are checked in every part of a query', () => {
    expect(select({ columns: ['Id', 'Account.Name'], from: 'Contact', where: 'Id = null', limit: 5 })).toBe(
      'SELECT Id,Account.Name FROM Contact WHERE Id = null LIMIT 5',
    )
    expect(() => select({ columns: ['Id'], from: 'Contact WHERE', where: 'Id = null' })).toThrow('not the API name')
    expect(() => select({ columns: ['(SELECT Id FROM Tasks)'], from: 'Contact', where: 'Id = null' })).toThrow(
      'not the API name',
    )
  })

  it('tells record ids from other text', () => {
    expect(isRecordId('003dM00001vWOXJ')).toBe(true)
    expect(isRecordId('003dM00001vWOXJQA4')).toBe(true)
    expect(isRecordId("003dM00001vWOXJ'A4")).toBe(false)
    expect(isRecordId('003dM00001vWOXJQ')).toBe(false)
  })
})
