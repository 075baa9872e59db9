import fc from 'fast-check'
import { describe, expect, it } from 'vitest'
import {
  anyOf,
  contains,
  containsParts,
  encodeQueryValue,
  equals,
  equalsAny,
  equalsAnyGuid,
  isName,
  toDateLiteral,
  toGuid,
  toLikeText,
  toNumberLiteral,
  toQueryString,
  toStringLiteral,
} from './odata.ts'

/** Reads one OData string literal off the start of the text, as a server does: what it means, and what follows it. */
function readLiteral(text: string): { value: string; rest: string } {
  expect(text[0]).toBe("'")
  let value = ''
  let at = 1
  for (;;) {
    if (at >= text.length) throw new Error('unterminated literal')
    if (text[at] !== "'") value += text[at++]
    else if (text[at + 1] === "'") {
      value += "'"
      at += 2
    } else return { value, rest: text.slice(at + 1) }
  }
}

/** Whether T-SQL LIKE matches: `%`, `_`, `[set]`; case does not count. */
function like(pattern: string, text: string): boolean {
  const source = pattern.replaceAll(/\[([^\]])\]|[%_]|[\s\S]/g, (token, bracketed?: string) => {
    if (bracketed !== undefined) return bracketed.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
    if (token === '%') return '[\\s\\S]*'
    if (token === '_') return '[\\s\\S]'
    return token.replaceAll(/[\\^$.*+?()[\]{}|/]/g, '\\$&')
  })
  return new RegExp(`^${source}$`, 'i').test(text)
}

/** The texts that a filter of `equalsAny('telephone1', …)` asks for, read as a server does. */
function readTerms(filter: string): string[] {
  const texts: string[] = []
  let rest = filter.startsWith('(') ? filter.slice(1) : filter
  while (rest !== '' && rest !== ')') {
    rest = rest.replace(/^ or /, '')
    if (rest.startsWith('telephone1 eq ')) {
      const literal = readLiteral(rest.slice('telephone1 eq '.length))
      texts.push(literal.value)
      rest = literal.rest
    } else {
      const list = rest.slice("Microsoft.Dynamics.CRM.In(PropertyName='telephone1',PropertyValues=".length)
      const end = list.lastIndexOf('"])') + 2
      texts.push(...(JSON.parse(list.slice(0, end)) as string[]))
      rest = list.slice(end + 1)
    }
  }
  return texts
}

const hostile = [
  "O'Brien",
  "''",
  "' or 1 eq 1 or '",
  'a\\',
  '\\',
  'a"b',
  '"],x="',
  '50%_[a-z]',
  '[',
  ']]',
  'line\r\nbreak',
  'nul\u0000',
  '😀',
  'Ω̈',
  ')',
  '&$filter=1',
  '#',
  '+15125551234',
  '',
]
const anyText = fc.oneof(
  fc.string({ unit: 'grapheme' }),
  fc.string({ unit: 'binary' }),
  fc.constantFrom(...hostile),
  fc.string({ unit: fc.constantFrom("'", '"', '\\', '%', '_', '[', ']', 'a') }),
)

describe('string literals', () => {
  it('evaluate to the text they were made of and end where they end', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        expect(readLiteral(toStringLiteral(text))).toEqual({ value: text, rest: '' })
      }),
    )
  })

  it('survive percent-encoding unless half of a surrogate pair stands alone', () => {
    fc.assert(
      fc.property(anyText, (text) => {
        const encoded = encodeQueryValue(toStringLiteral(text))
        expect(encoded).not.toMatch(/[\s&#+"]/)
        if (!/\p{Surrogate}/u.test(text)) expect(readLiteral(decodeURIComponent(encoded)).value).toBe(text)
      }),
    )
    expect(encodeQueryValue('a\ud800b')).toBe('a%EF%BF%BDb')
  })
})

describe('patterns', () => {
  it('match the text itself literally, wildcards and all', () => {
    fc.assert(
      fc.property(anyText, anyText, (text, other) => {
        const pattern = `%${toLikeText(text)}%`
        expect(like(pattern, `before${text}after`)).toBe(true)
        if (like(pattern, other)) expect(other.toLowerCase()).toContain(text.toLowerCase())
      }),
    )
  })

  it('bracket what the server would read as a wildcard', () => {
    expect(contains('fullname', "100%_[O'x]")).toBe("contains(fullname,'100[%][_][[]O''x]')")
    expect(containsParts('telephone1', ['512', '555', '1234'])).toBe("contains(telephone1,'512%555%1234')")
  })
})

describe('lists', () => {
  it('hold every text, whichever form each takes', () => {
    fc.assert(
      fc.property(fc.array(anyText, { minLength: 1, maxLength: 6 }), (texts) => {
        expect(readTerms(equalsAny('telephone1', texts)).toSorted()).toEqual(texts.toSorted())
      }),
    )
  })

  it('use the query function for plain texts only', () => {
    expect(equalsAny('telephone1', ['+15125551234', '(512) 555-1234'])).toBe(
      `Microsoft.Dynamics.CRM.In(PropertyName='telephone1',PropertyValues=["+15125551234","(512) 555-1234"])`,
    )
    expect(equalsAny('name', ['a"b', "O'B"])).toBe(`(name eq 'a"b' or name eq 'O''B')`)
  })

  it('of ids take GUIDs only', () => {
    const id = '70BF4D48-34cb-ed11-b596-0022481d68cd'
    expect(equalsAnyGuid('contactid', [id])).toBe('contactid eq 70bf4d48-34cb-ed11-b596-0022481d68cd')
    expect(() => equalsAnyGuid('contactid', [id, "x'"])).toThrow(RangeError)
  })

  it('are never empty', () => {
    expect(() => anyOf([])).toThrow(RangeError)
  })
})

describe('names and bare literals', () => {
  it('let nothing through that could end a name', () => {
    for (const text of ['', 'a b', "a'", 'a)', 'a,b', 'a&b', '1a', 'a/b/c', 'a/', 'ä', 'a\n', '$select']) {
      expect(isName(text)).toBe(false)
      expect(() => equals(text, 'x')).toThrow(RangeError)
    }
    expect(isName('primarycontactid/fullname')).toBe(true)
    expect(isName('new_Account')).toBe(true)
  })

  it('are refused when they are not what they claim', () => {
    expect(() => toGuid("guid'70bf4d48-34cb-ed11-b596-0022481d68cd'")).toThrow(RangeError)
    expect(toNumberLiteral('12.50')).toBe('12.50')
    expect(toNumberLiteral('1,000')).toBeNull()
    expect(toNumberLiteral('1 or 1 eq 1')).toBeNull()
    expect(toNumberLiteral('NaN')).toBeNull()
    expect(toDateLiteral('2024-02-29')).toBe('2024-02-29')
    expect(toDateLiteral('2024-02-31')).toBeNull()
    expect(toDateLiteral('2024-01-31T00:00')).toBeNull()
  })

  it('make a query string in which only values are encoded', () => {
    expect(toQueryString({ $select: 'a,b', $filter: "x eq '+'", $top: undefined })).toBe(
      "?$select=a%2Cb&$filter=x%20eq%20'%2B'",
    )
  })
})
