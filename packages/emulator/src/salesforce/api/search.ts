import type { Row } from '../../store.ts'
import { methodNotAllowed, refused } from '../errors.ts'
import type { FieldDefinition } from '../metadata/definition.ts'
import type { SObject } from '../metadata/schema.ts'
import { planQuery } from '../soql/plan.ts'
import { type ApiAnswer, type ApiCall, type Org, queryContext } from './call.ts'

/** `GET search?q=FIND {…} IN … FIELDS RETURNING …` (crm-apis.md 2.6), without the vendor's delay of indexing. */
export function answerSearch(call: ApiCall, org: Org): ApiAnswer {
  if (call.method !== 'GET') throw methodNotAllowed(call.method, 'HEAD,GET')
  const search = parse(call.query.get('q') ?? '')
  const context = queryContext(call, org, false)
  const records: Record<string, unknown>[] = []
  for (const part of search.returning) {
    const plan = planQuery(part.soql, context.schema)
    const result = plan.run(context)
    if (result.kind !== 'rows') throw refused('MALFORMED_SEARCH', `unexpected token: '${part.soql}'`)
    const matches = result.rows.filter((row) => fits(row, plan.object, search))
    records.push(...matches.slice(0, part.limit).map((row) => result.project(row)))
  }
  return { status: 200, value: { searchRecords: records.slice(0, search.limit) } }
}

interface Search {
  words: RegExp[]
  digits: string
  scope: string
  returning: { soql: string; limit: number }[]
  limit: number
}

const maxRows = 2000
const statement =
  /^\s*FIND\s*\{((?:\\.|[^\\}])*)\}\s*(?:IN\s+(ALL|NAME|EMAIL|PHONE|SIDEBAR)\s+FIELDS\s*)?(?:RETURNING\s+(.+?)\s*)?(?:LIMIT\s+(\d+)\s*)?$/is

function parse(text: string): Search {
  const [whole, term = '', scope = 'ALL', returning, limit] = statement.exec(text) ?? []
  if (whole === undefined) {
    throw refused('MALFORMED_SEARCH', 'No search term found. The search term must be enclosed in braces.')
  }
  const plain = term.replace(/\\(.)/g, '$1')
  if (plain.replace(/[*?"\s]/g, '').length < 2) {
    throw refused('MALFORMED_SEARCH', 'search term must be longer than one character')
  }
  return {
    words: wordsOf(term).map(toPattern),
    digits: plain.replace(/\D/g, ''),
    scope: scope.toUpperCase(),
    returning:
      returning === undefined
        ? ['Account', 'Contact', 'Lead'].map((name) => toPart(name))
        : splitParts(returning).map(toPart),
    limit: limit === undefined ? maxRows : Math.min(maxRows, Number(limit)),
  }
}

/** At commas outside of parentheses. */
function splitParts(text: string): string[] {
  return text.match(/\w+\s*(?:\((?:[^()']|'(?:\\.|[^'\\])*'|\([^()]*\))*\))?/g) ?? []
}

function toPart(text: string): { soql: string; limit: number } {
  const [, name = '', inside = 'Id'] = /^(\w+)\s*(?:\((.*)\))?$/s.exec(text.trim()) ?? []
  const limit = /\bLIMIT\s+(\d+)\s*$/i.exec(inside)?.[1]
  const withoutLimit = inside.replace(/\bLIMIT\s+\d+\s*$/i, '')
  const at = withoutLimit.search(/\b(WHERE|ORDER\s+BY)\b/i)
  const fields = at < 0 ? withoutLimit : withoutLimit.slice(0, at)
  const rest = at < 0 ? '' : withoutLimit.slice(at)
  return { soql: `SELECT ${fields} FROM ${name} ${rest}`.trim(), limit: limit === undefined ? maxRows : Number(limit) }
}

/** Words and quoted phrases of a term, cut where the index cuts: all must match, so AND says nothing new. */
function wordsOf(term: string): string[] {
  return term
    .replace(/\\(.)/g, ' ')
    .split(/[^\p{L}\p{N}*?]+/u)
    .filter((word) => word !== '' && word.toUpperCase() !== 'AND')
}

function toPattern(word: string): RegExp {
  const source = word.replace(/\*/g, '.*').replace(/\?/g, '.')
  return new RegExp(`^${source}$`, 'iu')
}

const scopes: Record<string, (field: FieldDefinition) => boolean> = {
  ALL: (field) => ['string', 'textarea', 'phone', 'email', 'url', 'combobox'].includes(field.type),
  NAME: (field) => field.nameField,
  EMAIL: (field) => field.type === 'email',
  PHONE: (field) => field.type === 'phone',
}

function fits(row: Row, object: SObject, search: Search): boolean {
  const isInScope = scopes[search.scope] ?? scopes.ALL
  const fields = object.fields.filter((field) => isInScope?.(field))
  const phoneFits = fields.some((field) => field.type === 'phone' && samePhone(row[field.name], search.digits))
  if (phoneFits) return true
  const tokens = fields.flatMap((field) => tokensOf(row[field.name]))
  return search.words.every((word) => tokens.some((token) => word.test(token)))
}

const tokensOf = (value: unknown): string[] =>
  typeof value === 'string' ? value.split(/[^\p{L}\p{N}]+/u).filter((token) => token !== '') : []

/** The phone index compares digits, with or without the country before them. */
function samePhone(value: unknown, digits: string): boolean {
  if (typeof value !== 'string' || digits.length < 7) return false
  const held = value.replace(/\D/g, '')
  return held.length >= 7 && (held.endsWith(digits) || digits.endsWith(held))
}
