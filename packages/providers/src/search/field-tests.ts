/** What one field of any type is asked, and whether a text can be of that type at all. Pure. */
import type { FieldCondition, FieldDescriptor } from '../model/index.ts'
import { cleanText, foldText, withoutAccents } from './folded-text.ts'

/** What a vendor's metadata says of a field; its type counts, not the one that a setting gives. */
export type TestedField = Pick<
  FieldDescriptor,
  'name' | 'type' | 'options' | 'restricted' | 'filterable' | 'minimum' | 'maximum'
>

/**
 * A question to one field, with a value that is good for its type. `part`: the text stands somewhere in the field or name;
 * otherwise it is the whole. Text is compared ignoring case.
 */
export type FieldTest =
  | { kind: 'TEXT'; field: string; text: string; part: boolean }
  /** Digits with a dot and no grouping. */
  | { kind: 'NUMBER'; field: string; number: string }
  /** `YYYY-MM-DD`; a moment passes on that day in UTC. */
  | { kind: 'DAY'; field: string; day: string }
  /** ISO 8601, UTC. */
  | { kind: 'TIME'; field: string; time: string }
  | { kind: 'TRUTH'; field: string; truth: boolean }
  /** Any of these is chosen; several where options share a label. */
  | { kind: 'OPTIONS'; field: string; options: readonly string[] }
  /** The name of the row that the field points to; whole, the text may also be its key. */
  | { kind: 'LOOKUP'; field: string; text: string; part: boolean; relatedEntity: string | null }

/** The tests that find a term in these fields. A field whose type the term cannot be of is left out. */
export function termTests(term: string, fields: readonly TestedField[]): FieldTest[] {
  return fields.flatMap((field) => toTest(field, term, { part: true, relatedEntity: null }) ?? [])
}

/** The test that a condition comes to; null where no row can hold its value. */
export function conditionTest({ value, relatedEntity }: FieldCondition, field: TestedField): FieldTest | null {
  return toTest(field, value, { part: false, relatedEntity })
}

/** A field that holds what was looked for. */
export interface TermHit {
  field: string
  /** It is the term, rather than contains it. */
  exact: boolean
}

/**
 * Which of the tests a row passes. `textsOf` gives what a field holds as text: a number's digits, `true` or `false`, options
 * by value, a lookup by the name that it points to.
 */
export function termHits(tests: readonly FieldTest[], textsOf: (field: string) => readonly string[]): TermHit[] {
  return tests.flatMap((test): TermHit[] => {
    const outcomes = textsOf(test.field).map((text) => outcomeOf(test, text))
    if (outcomes.includes('EXACT')) return [{ field: test.field, exact: true }]
    return outcomes.includes('PART') ? [{ field: test.field, exact: false }] : []
  })
}

interface TestManner {
  part: boolean
  relatedEntity: string | null
}

function toTest(field: TestedField, given: string, manner: TestManner): FieldTest | null {
  const text = cleanText(given)
  if (text === '' || !field.filterable) return null
  const { name } = field
  switch (field.type) {
    case 'TEXT':
    case 'EMAIL':
    case 'PHONE':
    case 'URL':
    case 'MULTILINE_TEXT':
      return { kind: 'TEXT', field: name, text, part: manner.part }
    case 'WHOLE_NUMBER':
      return /^-?\d{1,15}$/.test(text) && isWithin(text, field) ? { kind: 'NUMBER', field: name, number: text } : null
    case 'CURRENCY':
    case 'DECIMAL':
      return /^-?\d{1,15}(\.\d{1,10})?$/.test(text) && isWithin(text, field)
        ? { kind: 'NUMBER', field: name, number: text }
        : null
    case 'DATE':
      return isDay(text) ? { kind: 'DAY', field: name, day: text } : null
    case 'DATE_TIME':
      if (isDay(text)) return { kind: 'DAY', field: name, day: text }
      return isMoment(text) ? { kind: 'TIME', field: name, time: new Date(text).toISOString() } : null
    case 'TWO_OPTIONS':
      return truthTest(field, text, manner)
    case 'OPTION_SET':
    case 'STATUS_REASON':
    case 'MULTI_OPTION_SET':
      return optionsTest(field, text, manner)
    case 'LOOKUP':
      return { kind: 'LOOKUP', field: name, text, ...manner }
    case 'OTHER':
      return null
  }
}

function isWithin(text: string, { minimum, maximum }: TestedField): boolean {
  const number = Number(text)
  return number >= (minimum ?? -Infinity) && number <= (maximum ?? Infinity)
}

function isDay(text: string): boolean {
  if (!/^\d{4}-\d{2}-\d{2}$/.test(text)) return false
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text)
}

function isMoment(text: string): boolean {
  return /^\d{4}-\d{2}-\d{2}T[\d:.]+(Z|[+-]\d{2}:?\d{2})$/.test(text) && !Number.isNaN(Date.parse(text))
}

const truths: ReadonlyMap<string, boolean> = new Map([
  ['yes', true],
  ['true', true],
  ['no', false],
  ['false', false],
])

/** A condition names a value, which a label of another must not stand in for; a person types what is shown. */
function truthTest({ name, options }: TestedField, text: string, { part }: TestManner): FieldTest | null {
  const folded = foldText(text)
  if (!part && (folded === 'true' || folded === 'false'))
    return { kind: 'TRUTH', field: name, truth: folded === 'true' }
  const chosen = options.filter(({ label }) => foldText(label) === folded)
  const truth = chosen.length === 1 ? chosen[0]?.value === 'true' : truths.get(folded)
  return truth === undefined ? null : { kind: 'TRUTH', field: name, truth }
}

function optionsTest({ name, options, restricted }: TestedField, text: string, { part }: TestManner): FieldTest | null {
  const folded = foldText(text)
  const byValue = options.filter(({ value }) => foldText(value) === folded)
  const either = options.filter((option) => byValue.includes(option) || foldText(option.label) === folded)
  const chosen = !part && byValue.length > 0 ? byValue : either
  if (chosen.length > 0) return { kind: 'OPTIONS', field: name, options: chosen.map(({ value }) => value) }
  // Where other values are accepted too, one that was asked for may be there without being listed.
  return restricted || part ? null : { kind: 'OPTIONS', field: name, options: [text] }
}

function outcomeOf(test: FieldTest, text: string): 'EXACT' | 'PART' | 'NONE' {
  const sameIf = (same: boolean) => (same ? 'EXACT' : 'NONE')
  switch (test.kind) {
    case 'TEXT':
    case 'LOOKUP': {
      const [held, wanted] = [foldText(text), foldText(test.text)]
      if (held === wanted) return 'EXACT'
      return withoutAccents(held).includes(withoutAccents(wanted)) ? 'PART' : 'NONE'
    }
    case 'NUMBER':
      return sameIf(text !== '' && Number(text) === Number(test.number))
    case 'DAY':
      return sameIf(text.startsWith(test.day))
    case 'TIME':
      return sameIf(Date.parse(text) === Date.parse(test.time))
    case 'TRUTH':
      return sameIf(text === String(test.truth))
    case 'OPTIONS':
      return sameIf(test.options.includes(text))
  }
}
