import { refused } from '../errors.ts'

/** Backslash sequences of a SOQL string; a LIKE pattern knows `\_` and `\%` besides (crm-apis.md 2.5). */
const escapes: Record<string, string> = {
  n: '\n',
  N: '\n',
  r: '\r',
  R: '\r',
  t: '\t',
  T: '\t',
  b: '\b',
  B: '\b',
  f: '\f',
  F: '\f',
  '"': '"',
  "'": "'",
  '\\': '\\',
}

/** The text of a quoted literal. The parser lets any backslash sequence pass; Salesforce does not. */
export function readString(literal: string): string {
  let text = ''
  scan(literal, (character) => {
    text += character
  })
  return text
}

/** A LIKE pattern: character codes, and the two wildcards as numbers below zero. */
export type LikePattern = readonly number[]

const anyRun = -1
const anyOne = -2

/** Reads a quoted literal as a LIKE pattern, in lower case. */
export function readPattern(literal: string): LikePattern {
  const pattern: number[] = []
  scan(
    literal,
    (character, escaped) => {
      if (!escaped && character === '%') pattern.push(anyRun)
      else if (!escaped && character === '_') pattern.push(anyOne)
      else for (const unit of character.toLowerCase()) pushUnits(pattern, unit)
    },
    { like: true },
  )
  return pattern
}

/** Whether a text in lower case fits the pattern, in time proportional to their lengths multiplied at worst. */
export function matchesPattern(pattern: LikePattern, text: string): boolean {
  let at = 0
  let position = 0
  let runAt = -1
  let runPosition = 0
  while (position < text.length) {
    const expected = pattern[at]
    if (expected === anyRun) {
      runAt = at
      runPosition = position
      at++
    } else if (expected === anyOne || expected === text.charCodeAt(position)) {
      at++
      position++
    } else if (runAt >= 0) {
      at = runAt + 1
      runPosition++
      position = runPosition
    } else {
      return false
    }
  }
  while (pattern[at] === anyRun) at++
  return at === pattern.length
}

function pushUnits(pattern: number[], text: string): void {
  for (let index = 0; index < text.length; index++) pattern.push(text.charCodeAt(index))
}

function scan(
  literal: string,
  take: (character: string, escaped: boolean) => void,
  { like }: { like: boolean } = { like: false },
): void {
  const inner = literal.slice(1, -1)
  for (let index = 0; index < inner.length; index++) {
    const character = inner.charAt(index)
    if (character !== '\\') {
      take(character, false)
      continue
    }
    index++
    const next = inner.charAt(index)
    const meant = escapes[next]
    if (meant !== undefined) take(meant, true)
    else if (like && (next === '_' || next === '%')) take(next, true)
    else if (next === 'u' && /^[0-9a-fA-F]{4}$/.test(inner.slice(index + 1, index + 5))) {
      take(String.fromCharCode(Number.parseInt(inner.slice(index + 1, index + 5), 16)), true)
      index += 4
    } else {
      throw refused(
        'MALFORMED_QUERY',
        `Invalid string literal ${literal}. Illegal character sequence '\\${next}' in string literal.`,
      )
    }
  }
}
