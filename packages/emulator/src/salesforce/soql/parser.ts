import type { parseQuery, Query } from '@jetstreamapp/soql-parser-js'
import { refused } from '../errors.ts'

let parse: typeof parseQuery | null = null
let loading: Promise<void> | null = null

/** Loads the parser, once. It builds its grammar as it loads, half a second that a start need not wait for. */
export function loadParser(): Promise<void> {
  loading ??= import('@jetstreamapp/soql-parser-js').then((module) => {
    parse = module.parseQuery
  })
  return loading
}

export function isParserLoaded(): boolean {
  return parse !== null
}

/** The tree of a statement; text that is not SOQL is refused with MALFORMED_QUERY. */
export function parseSoql(text: string): Query {
  if (!parse) throw new Error('loadParser() comes before parseSoql()')
  let query: Query
  try {
    // The parser ends a string at these line separators, which are ordinary characters in SOQL.
    query = parse(text.replace(/[\u2028\u2029]/g, (separator) => `\\u${separator.charCodeAt(0).toString(16)}`))
  } catch (error) {
    throw refused('MALFORMED_QUERY', parseMessage(error, text))
  }
  checkNegations(query, text)
  return query
}

/** The parser loses the middle one of three NOT that open one another; better no answer than a wrong one. */
function checkNegations(query: Query, text: string): void {
  const written = withoutStrings(text).match(/\bNOT\b(?!\s+IN\b)/gi)?.length ?? 0
  if (written < 3) return
  const read = JSON.stringify(query).match(/"operator":"NOT"/g)?.length ?? 0
  if (written !== read) throw refused('MALFORMED_QUERY', "unexpected token: 'NOT' (nested too deeply for the emulator)")
}

/** The statement with blanks in place of its string literals. */
export function withoutStrings(text: string): string {
  return text.replace(/'(?:[^'\\]|\\.)*'/gs, (literal) => ' '.repeat(literal.length))
}

/** The parser's complaint in the vendor's form: the token, a caret under it and where that is. */
function parseMessage(error: unknown, text: string): string {
  const message = error instanceof Error ? error.message : ''
  const found = /but found: '+(.*?)'+\s*$/s.exec(message)?.[1] ?? /->(.)<-/s.exec(message)?.[1] ?? ''
  if (found === '') return "unexpected token: '<EOF>'"
  const offset = Number(/at offset: (\d+)/.exec(message)?.[1] ?? text.lastIndexOf(found))
  const column = Math.max(0, offset)
  return `\n${text}\n${' '.repeat(column)}^\nERROR at Row:1:Column:${column + 1}\nunexpected token: '${found}'`
}
