/**
 * The one place where text becomes OData. Whatever a person typed reaches the CRM through these functions, and nothing
 * outside this file puts a quote around anything.
 *
 * Encoding happens in three steps that must keep their order (crm-apis.md 1.5): brackets around LIKE wildcards (only in
 * the functions that match patterns), doubled quotes, percent-encoding of the whole query value.
 */

/** A logical name, set name, navigation property or a path of two such (`primarycontactid/fullname`). */
const namePattern = /^[A-Za-z_][A-Za-z0-9_]{0,127}(\/[A-Za-z_][A-Za-z0-9_]{0,127})?$/
const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
const numberPattern = /^-?\d{1,28}(\.\d{1,10})?$/
const datePattern = /^\d{4}-\d{2}-\d{2}$/
/** What may stand in the JSON array of a query function without any escape. */
const plainListValue = /^[^"'\\\p{Cc}]*$/u

/** Whether the text may stand in a request as a name. Names come from metadata or settings, never from a visitor. */
export function isName(text: string): boolean {
  return namePattern.test(text)
}

/** The name itself; throws `RangeError` for text that is none, so that it never reaches a request. */
function toName(text: string): string {
  if (!isName(text)) throw new RangeError('Not a name of the Web API')
  return text
}

export function isGuid(text: string): boolean {
  return guidPattern.test(text)
}

/** Lower case, bare, as OData v4 wants it. Throws `RangeError` for text that is no GUID. */
export function toGuid(text: string): string {
  if (!isGuid(text)) throw new RangeError('Not a GUID')
  return text.toLowerCase()
}

/** `O'Neil` → `'O''Neil'`. Evaluates to exactly the text. */
export function toStringLiteral(text: string): string {
  return `'${text.replaceAll("'", "''")}'`
}

/** The literal of a number written with a dot and no grouping; null for anything else. */
export function toNumberLiteral(text: string): string | null {
  return numberPattern.test(text) ? text : null
}

/** `2024-01-31`; null for anything else, the 31st of February included. */
export function toDateLiteral(text: string): string | null {
  if (!datePattern.test(text)) return null
  const time = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(time) && new Date(time).toISOString().startsWith(text) ? text : null
}

/** Takes the meaning from the wildcards that are live inside `contains`, `startswith` and `endswith` (crm-apis.md 1.5). */
export function toLikeText(text: string): string {
  return text.replaceAll(/[[%_]/g, '[$&]')
}

/** `field eq 'text'`. */
export function equals(field: string, text: string): string {
  return `${toName(field)} eq ${toStringLiteral(text)}`
}

/** `field eq 500`, with a number written with a dot and no grouping. Throws `RangeError` for text that is none. */
export function equalsNumber(field: string, number: string): string {
  const literal = toNumberLiteral(number)
  if (literal === null) throw new RangeError('Not a number')
  return `${toName(field)} eq ${literal}`
}

/** `field eq true`. */
export function equalsTruth(field: string, truth: boolean): string {
  return `${toName(field)} eq ${truth}`
}

/** A field that holds bare dates is this day. Throws `RangeError` for text that is no day. */
export function equalsDay(field: string, day: string): string {
  return `${toName(field)} eq ${toDay(day)}`
}

/** A moment on this day in UTC. Throws `RangeError` for text that is no day. */
export function isOnDay(field: string, day: string): string {
  const name = toName(field)
  // There is no next one to name.
  if (day === '9999-12-31') return `(${name} ge ${day}T00:00:00Z and ${name} le ${day}T23:59:59Z)`
  const next = new Date(Date.parse(`${toDay(day)}T00:00:00Z`) + 86_400_000).toISOString().slice(0, 10)
  return `(${name} ge ${day}T00:00:00Z and ${name} lt ${next}T00:00:00Z)`
}

/** The moment itself. Throws `RangeError` for text that is none. */
export function equalsTime(field: string, time: string): string {
  return `${toName(field)} eq ${new Date(time).toISOString()}`
}

/** Any of these numbers of options is the choice. */
export function equalsAnyOption(field: string, options: readonly string[]): string {
  const numbers = options.map(toOption)
  return numbers.length === 1 && numbers[0] !== undefined
    ? equalsNumber(field, numbers[0])
    : `Microsoft.Dynamics.CRM.In(PropertyName='${toName(field)}',PropertyValues=["${numbers.join('","')}"])`
}

/** Any of these numbers of options is among those chosen. */
export function containsAnyOption(field: string, options: readonly string[]): string {
  const numbers = options.map((option) => toStringLiteral(toOption(option)))
  return `Microsoft.Dynamics.CRM.ContainValues(PropertyName='${toName(field)}',PropertyValues=[${numbers.join(',')}])`
}

function toDay(text: string): string {
  const day = toDateLiteral(text)
  if (day === null) throw new RangeError('Not a day')
  return day
}

function toOption(text: string): string {
  if (!/^-?\d{1,10}$/.test(text)) throw new RangeError('Not the number of an option')
  return text
}

/** Any of the texts. The query function is shorter and cheaper than a chain of `eq`; texts that would need an escape inside its array use the chain. */
export function equalsAny(field: string, texts: readonly string[]): string {
  const name = toName(field)
  const listed = texts.filter((text) => plainListValue.test(text))
  const chained = texts.filter((text) => !plainListValue.test(text))
  const terms = chained.map((text) => equals(name, text))
  const [only] = listed
  if (listed.length === 1 && only !== undefined) terms.push(equals(name, only))
  if (listed.length > 1) {
    terms.push(`Microsoft.Dynamics.CRM.In(PropertyName='${name}',PropertyValues=["${listed.join('","')}"])`)
  }
  return anyOf(terms)
}

/** Any of the GUIDs, in a lookup or primary key. */
export function equalsAnyGuid(field: string, guids: readonly string[]): string {
  const name = toName(field)
  return guids.length === 1 && guids[0] !== undefined
    ? `${name} eq ${toGuid(guids[0])}`
    : `Microsoft.Dynamics.CRM.In(PropertyName='${name}',PropertyValues=["${guids.map(toGuid).join('","')}"])`
}

/** The text somewhere in the field; its wildcards stand for themselves. */
export function contains(field: string, text: string): string {
  return `contains(${toName(field)},${toStringLiteral(toLikeText(text))})`
}

/** The parts in this order with anything between them: `['512', '555', '1234']` also finds `(512) 555-1234`. */
export function containsParts(field: string, parts: readonly string[]): string {
  return `contains(${toName(field)},${toStringLiteral(parts.map(toLikeText).join('%'))})`
}

/** `(a or b)`; a single term stays bare. Throws on an empty list, which would otherwise match every row. */
export function anyOf(terms: readonly string[]): string {
  if (terms.length === 0) throw new RangeError('A filter needs at least one term')
  return terms.length === 1 && terms[0] !== undefined ? terms[0] : `(${terms.join(' or ')})`
}

/** Terms that must all hold; each is a comparison, a function or what `anyOf` made of several. */
export function allOf(terms: readonly string[]): string {
  if (terms.length === 0) throw new RangeError('A filter needs at least one term')
  return terms.join(' and ')
}

/** Percent-encodes a query value. Half a surrogate pair, which has no encoding, becomes the replacement character. */
export function encodeQueryValue(text: string): string {
  try {
    return encodeURIComponent(text)
  } catch {
    return encodeURIComponent(text.replaceAll(/\p{Surrogate}/gu, '\uFFFD'))
  }
}

/** `{ $select: 'name', $top: '5' }` → `?$select=name&$top=5`; entries without a value are left out. */
export function toQueryString(options: Record<string, string | undefined>): string {
  let text = ''
  for (const name in options) {
    const value = options[name]
    if (value !== undefined) text += `${text === '' ? '?' : '&'}${name}=${encodeQueryValue(value)}`
  }
  return text
}
