import { badQuery } from '../errors.ts'

export type TokenKind =
  | 'word'
  | 'number'
  | 'string'
  | 'json'
  | 'guid'
  | 'date'
  | 'dateTime'
  | 'enum'
  | 'alias'
  | '('
  | ')'
  | ','
  | '='
  | '/'
  | ':'
  | '['
  | ']'
  | 'end'

export interface Token {
  kind: TokenKind
  /** As written; for strings and enum values what stands between the quotes, unescaped. */
  text: string
  /** The type before the quotes of an enum value. */
  type?: string
  /** In the whole text, from 0. */
  position: number
}

const guid = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const dateTime = /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,7})?)?(Z|[+-]\d\d:\d\d)$/
const date = /^\d{4}-\d\d-\d\d$/
const number = /^-?\d+(\.\d+)?([eE][+-]?\d+)?$/
const word = /^[A-Za-z_][A-Za-z0-9_]*(\.[A-Za-z_][A-Za-z0-9_]*)*$/
/** Everything that a bare literal or a name can be made of; `:` only inside a time. */
const bare = /(?:[A-Za-z0-9_.+-]|(?<=\d):(?=\d))+/y
const space = /[ \t\r\n]+/y

/** Cuts an OData expression into tokens, with the server's errors for what is none. Ends with an `end` token. */
export function tokenize(text: string): Token[] {
  const tokens: Token[] = []
  let at = 0

  /** Reads from the quote at `at` to its end; `''` is a quote. */
  function readQuoted(): string {
    let value = ''
    let start = at + 1
    for (;;) {
      const end = text.indexOf("'", start)
      if (end === -1) throw badQuery(`There is an unterminated literal at position ${text.length} in '${text}'.`)
      value += text.slice(start, end)
      if (text[end + 1] !== "'") {
        at = end + 1
        return value
      }
      value += "'"
      start = end + 2
    }
  }

  /** Values of lists may stand in double quotes, with a backslash before what would end them. */
  function readDoubleQuoted(): string {
    let end = at + 1
    while (end < text.length && text[end] !== '"') end += text[end] === '\\' ? 2 : 1
    if (end >= text.length) throw badQuery(`There is an unterminated literal at position ${text.length} in '${text}'.`)
    const raw = text.slice(at, end + 1)
    at = end + 1
    try {
      return JSON.parse(
        raw.replace(/\p{Cc}/gu, (control) => `\\u${control.charCodeAt(0).toString(16).padStart(4, '0')}`),
      )
    } catch {
      throw badQuery(`Unrecognized 'Edm.String' literal '${raw}' at '${end - raw.length + 1}' in '${text}'.`)
    }
  }

  while (at < text.length) {
    space.lastIndex = at
    if (space.test(text)) {
      at = space.lastIndex
      continue
    }
    const position = at
    const character = text.charAt(at)
    if (character === "'") {
      tokens.push({ kind: 'string', text: readQuoted(), position })
    } else if (character === '"') {
      tokens.push({ kind: 'json', text: readDoubleQuoted(), position })
    } else if (isPunctuation(character)) {
      tokens.push({ kind: character, text: character, position })
      at += 1
    } else {
      const alias = character === '@' ? 1 : 0
      bare.lastIndex = at + alias
      const found = bare.exec(text)?.[0]
      if (found === undefined)
        throw badQuery(`Syntax error: character '${character}' is not valid at position ${at} in '${text}'.`)
      at += alias + found.length
      if (alias) {
        tokens.push({ kind: 'alias', text: `@${found}`, position })
      } else if (text[at] === "'") {
        tokens.push(readTyped(found, position))
      } else {
        tokens.push({ kind: kindOf(found, position), text: found, position })
      }
    }
  }
  tokens.push({ kind: 'end', text: '', position: text.length })
  return tokens

  /** A quoted text right after a word: an enum value, or one of OData version 2's typed literals, which are gone. */
  function readTyped(type: string, position: number): Token {
    const value = readQuoted()
    if (!type.startsWith('Microsoft.Dynamics.CRM.')) {
      throw badQuery(`Unrecognized 'Edm.String' literal '${text.slice(position, at)}' at '${position}' in '${text}'.`)
    }
    return { kind: 'enum', text: value, type, position }
  }

  function kindOf(found: string, position: number): TokenKind {
    if (guid.test(found)) return 'guid'
    if (word.test(found)) return 'word'
    if (number.test(found)) return 'number'
    if (dateTime.test(found)) return 'dateTime'
    if (date.test(found)) return 'date'
    throw badQuery(`Syntax error at position ${position} in '${text}'.`)
  }
}

function isPunctuation(character: string): character is '(' | ')' | ',' | '=' | '/' | ':' | '[' | ']' {
  return '(),=/:[]'.includes(character)
}
