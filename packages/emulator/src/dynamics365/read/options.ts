import { badQuery } from '../errors.ts'

/** The system query options of a request or of one `$expand`, still as text. */
export interface QueryOptions {
  select?: string
  filter?: string
  orderby?: string
  expand?: string
  top?: string
  count?: string
  skiptoken?: string
}

const known = ['select', 'filter', 'orderby', 'expand', 'top', 'count', 'skiptoken'] as const
type OptionName = (typeof known)[number]

/** Names what the server refuses: `$skip`, misspelt options, and what this emulated org does not offer. */
export function readOptions(pairs: Iterable<readonly [name: string, value: string]>): QueryOptions {
  const options: QueryOptions = {}
  for (const [name, value] of pairs) {
    if (name.startsWith('@')) continue
    if (name === '$skip') throw badQuery('Skip Clause is not supported in CRM')
    const option = known.find((candidate): candidate is OptionName => `$${candidate}` === name)
    if (!option) throw badQuery(`The query parameter ${name} is not supported.`)
    if (options[option] !== undefined)
      throw badQuery(`Query option '${name}' was specified more than once, but it must be specified at most once.`)
    options[option] = value
  }
  return options
}

/** One item of `$expand`: `primarycontactid($select=fullname;$expand=…)`. */
export interface ExpandItem {
  name: string
  options: QueryOptions
}

export function readExpand(text: string): ExpandItem[] {
  return splitOutside(text, ',').map((item) => {
    const open = item.indexOf('(')
    if (open === -1) return { name: item.trim(), options: {} }
    if (!item.trimEnd().endsWith(')')) throw badQuery(`Syntax error at position ${item.length} in '${text}'.`)
    const inside = item.slice(open + 1, item.lastIndexOf(')'))
    const pairs = splitOutside(inside, ';').map((option): [string, string] => {
      const equals = option.indexOf('=')
      if (equals === -1) throw badQuery(`Syntax error at position ${open + 1} in '${text}'.`)
      return [option.slice(0, equals).trim(), option.slice(equals + 1)]
    })
    return { name: item.slice(0, open).trim(), options: readOptions(pairs) }
  })
}

/** Cuts at the separator where it stands neither in parentheses nor in quotes. Empty pieces are a syntax error. */
function splitOutside(text: string, separator: string): string[] {
  const pieces: string[] = []
  let depth = 0
  let quoted = false
  let start = 0
  for (let at = 0; at < text.length; at += 1) {
    const character = text[at]
    if (character === "'") quoted = !quoted
    else if (quoted) continue
    else if (character === '(') depth += 1
    else if (character === ')') depth -= 1
    else if (character === separator && depth === 0) {
      pieces.push(text.slice(start, at))
      start = at + 1
    }
    if (depth < 0) break
  }
  if (depth !== 0 || quoted) throw badQuery(`Found an unbalanced bracket expression in '${text}'.`)
  pieces.push(text.slice(start))
  if (pieces.some((piece) => piece.trim() === '')) throw badQuery(`Syntax error: an empty item was found in '${text}'.`)
  return pieces
}
