/**
 * The one place where text becomes SOQL (crm-apis.md 2.5). Values become literals here, names pass an allow-list here;
 * nothing else in this folder puts quotes around anything.
 */
import { ProviderError } from '../errors.ts'

const apiName = /^[A-Za-z]\w{0,79}$/
const recordId = /^[A-Za-z0-9]{15}(?:[A-Za-z0-9]{3})?$/

/** Escapes that SOQL knows by a letter. Any other backslash sequence but `\uXXXX` is an error there. */
const lettered: Record<string, string> = {
  '\\': '\\\\',
  "'": "\\'",
  '"': '\\"',
  '\n': '\\n',
  '\r': '\\r',
  '\t': '\\t',
  '\b': '\\b',
  '\f': '\\f',
}

// What a literal may not hold as it is: its own delimiters, control characters, and halves of surrogate pairs, which no
// URL can carry.
const special = /[\\'"\p{Cc}\p{Zl}\p{Zp}\p{Cs}]/gu
const wildcard = /[%_]/g

function escapeText(text: string): string {
  return text.replace(
    special,
    (character) => lettered[character] ?? `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`,
  )
}

/** A string literal that means exactly `text`. */
export function literal(text: string): string {
  return `'${escapeText(text)}'`
}

/** A literal for LIKE that matches what holds all `parts` in this order, with anything around and between them. */
export function containsInOrder(parts: readonly string[]): string {
  return `'%${parts.map((part) => escapeText(part).replace(wildcard, '\\$&')).join('%')}%'`
}

/** A list of literals for IN. */
export function literals(texts: readonly string[]): string {
  return `(${texts.map(literal).join(',')})`
}

/** A number as SOQL has it, or CRM_REJECTED where the text is none. */
export function number(text: string): string {
  if (/^-?\d{1,18}(\.\d{1,18})?$/.test(text)) return text
  throw new ProviderError('CRM_REJECTED', { message: 'This is not a number that Salesforce can compare.' })
}

/** A day, `2026-01-31`, or CRM_REJECTED where the text is none. */
export function day(text: string): string {
  if (/^\d{4}-\d{2}-\d{2}$/.test(text)) return text
  throw new ProviderError('CRM_REJECTED', { message: 'This is not a day that Salesforce can compare.' })
}

/** A moment to the second, from milliseconds since 1970. */
export function time(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z')
}

export function flag(truth: boolean): string {
  return truth ? 'TRUE' : 'FALSE'
}

/** A path of names over lookups, such as `Account.Name`, each of them checked. */
export function path(text: string): string {
  return text.split('.').map(name).join('.')
}

/** Whether this can be the key of a row: 15 or 18 letters and digits. */
export function isRecordId(text: string): boolean {
  return recordId.test(text)
}

const checkLetters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ012345'

/**
 * Whether this can be nothing but the key of a row, where it might be a name as well: the last three of 18 letters say
 * which of the others are capitals; 15 without a digit are a word.
 */
export function isSurelyRecordId(text: string): boolean {
  if (!isRecordId(text) || !/\d/.test(text)) return false
  const check = [0, 5, 10].map((from) => {
    const capitals = [...text.slice(from, from + 5)].map((letter, at) => (/[A-Z]/.test(letter) ? 2 ** at : 0))
    return checkLetters.charAt(capitals.reduce((sum, bit) => sum + bit, 0))
  })
  return text.length === 15 || text.slice(15).toUpperCase() === check.join('')
}

/** Whether this can be the API name of an object or a field. */
export function isName(text: string): boolean {
  return apiName.test(text)
}

/** An object's or a field's API name, unchanged, or CRM_REJECTED where it cannot be one. */
export function name(text: string): string {
  if (isName(text)) return text
  throw new ProviderError('CRM_REJECTED', {
    message: 'This is not the API name of an object or a field in Salesforce. Copy it from Setup, Object Manager.',
    fields: [{ name: text, message: 'Not an API name of Salesforce.' }],
  })
}

/** `SELECT … FROM … WHERE …`: names are checked, `where` and `orderBy` come ready from this module's parts. */
export function select(query: {
  columns: readonly string[]
  from: string
  where: string
  orderBy?: string
  limit?: number
}): string {
  const columns = query.columns.map(path).join(',')
  const orderBy = query.orderBy === undefined ? '' : ` ORDER BY ${query.orderBy}`
  const limit = query.limit === undefined ? '' : ` LIMIT ${query.limit}`
  return `SELECT ${columns} FROM ${name(query.from)} WHERE ${query.where}${orderBy}${limit}`
}
