/** What a search asks of an object's fields, as SOQL conditions (crm-apis.md 2.5). Values become literals in `soql.ts` only. */
import type { FieldType } from '../model/index.ts'
import type { FieldTest, SearchCriterion, SearchedFields } from '../search/index.ts'
import type { ObjectMetadata } from './metadata.ts'
import { containsInOrder, day, flag, isSurelyRecordId, literal, literals, name, number, path, time } from './soql.ts'

/** What of an object can be compared as the identifiers are: as text. */
export type ComparedFields = Omit<SearchedFields, 'terms'>

const texts: ReadonlySet<FieldType> = new Set(['TEXT', 'PHONE', 'EMAIL', 'URL', 'MULTILINE_TEXT'])

/** Long texts are not filterable: one of them would have the whole query refused. */
function isText(object: ObjectMetadata, name: string): boolean {
  const field = object.fields.get(name)
  return field?.filterable === true && texts.has(field.type)
}

/** Any of several conditions; null where there is none. */
export function anyOf(conditions: readonly string[]): string | null {
  const different = [...new Set(conditions)]
  if (different.length < 2) return different[0] ?? null
  return `(${different.join(' OR ')})`
}

/**
 * The conditions of which any makes a row a hit.
 *
 * @param terms the tests of TERM
 * @param sameAs the test that a field is this value, whatever its type; null where it cannot be
 */
export function conditionsOf(
  criterion: SearchCriterion,
  fields: ComparedFields,
  object: ObjectMetadata,
  { terms, sameAs }: { terms: readonly FieldTest[]; sameAs: (field: string, value: string) => FieldTest | null },
): string[] {
  const textsOf = (candidates: readonly string[]) => candidates.filter((field) => isText(object, field))
  const phones = textsOf(fields.phones)
  const equals = (candidates: readonly string[], value: string) =>
    candidates.flatMap((field) => {
      const test = sameAs(field, value)
      return test === null ? [] : toCondition(test, object)
    })
  switch (criterion.kind) {
    case 'PHONE_SPELLINGS':
      return phones.map((field) => `${name(field)} IN ${literals(criterion.spellings)}`)
    case 'PHONE_PATTERNS':
      return phones.flatMap((field) =>
        criterion.patterns.map((parts) => `${name(field)} LIKE ${containsInOrder(parts)}`),
      )
    case 'EMAIL':
      return equals(fields.emails, criterion.value)
    case 'FULL_NAME':
      return equals(fields.names, criterion.value)
    case 'ACCOUNT_ID':
      return equals(fields.accountIds, criterion.value)
    case 'TERM': {
      const part = containsInOrder([criterion.value])
      const { phonePattern } = criterion
      return [
        ...textsOf([...fields.names, ...fields.emails]).map((field) => `${name(field)} LIKE ${part}`),
        ...(phonePattern === null ? [] : phones.map((field) => `${name(field)} LIKE ${containsInOrder(phonePattern)}`)),
        ...terms.flatMap((test) => toCondition(test, object)),
      ]
    }
    case 'VALUES':
      return []
  }
}

/**
 * One test, as a condition that can stand beside others; none where it cannot be asked: a lookup that has neither a name
 * nor a key to compare, a day that Salesforce does not know.
 */
export function toCondition(test: FieldTest, object: ObjectMetadata): string[] {
  const field = name(test.field)
  const type = object.fields.get(test.field)?.type
  switch (test.kind) {
    case 'TEXT':
      return [test.part ? `${field} LIKE ${containsInOrder([test.text])}` : `${field} = ${literal(test.text)}`]
    case 'NUMBER':
      return [`${field} = ${number(test.number)}`]
    case 'DAY': {
      const condition = `${field} = ${day(test.day)}`
      const from = Date.parse(`${test.day}T00:00:00Z`)
      if (!isKnown(from)) return []
      return [type === 'DATE_TIME' ? during(field, from, dayMs) : condition]
    }
    case 'TIME': {
      const from = Math.floor(Date.parse(test.time) / 1_000) * 1_000
      return isKnown(from) ? [during(field, from, 1_000)] : []
    }
    case 'TRUTH':
      return [`${field} = ${flag(test.truth)}`]
    case 'OPTIONS':
      return [`${field} ${type === 'MULTI_OPTION_SET' ? 'INCLUDES' : 'IN'} ${literals(test.options)}`]
    case 'LOOKUP':
      return lookupCondition(test, object)
  }
}

const dayMs = 86_400_000

/** Salesforce keeps moments from 1700 to the end of 4000, and refuses a query that names another. */
const isKnown = (ms: number) => ms >= Date.UTC(1700, 0, 1) && ms < Date.UTC(4001, 0, 1)

/** A moment is kept to the second; times of day are part of what is compared. */
const during = (field: string, from: number, length: number) =>
  `(${field} >= ${time(from)} AND ${field} < ${time(from + length)})`

function lookupCondition(test: Extract<FieldTest, { kind: 'LOOKUP' }>, object: ObjectMetadata): string[] {
  const { text, part, relatedEntity } = test
  const namePath = object.namePaths.get(test.field)
  const named =
    namePath === undefined
      ? []
      : [part ? `${path(namePath)} LIKE ${containsInOrder([text])}` : `${path(namePath)} = ${literal(text)}`]
  const keyed = !part && isSurelyRecordId(text) ? [`${name(test.field)} = ${literal(text)}`] : []
  const either = anyOf([...named, ...keyed])
  if (either === null) return []
  const targets = object.fields.get(test.field)?.targets ?? []
  if (namePath === undefined || relatedEntity === null || targets.length < 2) return [either]
  // A lookup that may point to several objects tells which by a pseudo-field of theirs.
  const [relationship = ''] = namePath.split('.')
  return [`(${either} AND ${path(`${relationship}.Type`)} = ${literal(relatedEntity)})`]
}
