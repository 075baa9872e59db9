import { hasExtension, mostDigits, type PhoneNumber, parsePhone } from './parse.ts'

/**
 * EXACT: the text is this number in full. LOOSE: it is this number behind an extension, beside another number, or
 * without a country code where the region does not settle it. Null: it is another number, or too short to tell.
 */
export type PhoneMatch = 'EXACT' | 'LOOSE' | null

/** Compares a CRM field's text with a number. */
export function matchPhone(stored: string, number: PhoneNumber, region: string): PhoneMatch {
  return createPhoneMatcher(number, region)(stored)
}

/**
 * A `matchPhone` for many texts. Reading a number costs about 50 us, so texts that end otherwise are told apart by
 * their digits, and what was decided once for the same digits holds again.
 */
export function createPhoneMatcher(number: PhoneNumber, region: string): (stored: string) => PhoneMatch {
  const ending = number.national.slice(-7)
  const decided = new Map<string, PhoneMatch>()

  return (stored) => {
    const digits = stored.replace(/\D+/g, '')
    // No way of writing a number changes its last seven digits, and an extension only stands behind them.
    if (!digits.includes(ending)) return null
    if (!undecorated.test(stored) || digits.length > mostDigits) return compare(stored, number, region)
    const reduced = stored.includes('+') ? `+${digits}` : digits
    let match = decided.get(reduced)
    if (match === undefined) {
      match = compare(reduced, number, region)
      if (decided.size < maxDecided) decided.set(reduced, match)
    }
    return match
  }
}

const maxDecided = 100
// Nothing but digits and what people put between them: only the digits and a plus count.
const undecorated = /^\+?[\d\s().\-/]*$/
// "512 555 0143 / 512 555 0187": only looked at when the whole is too long to be one number.
const separators = /[/;,|&\n]|\bor\b/i

function compare(stored: string, number: PhoneNumber, region: string): PhoneMatch {
  const whole = parsePhone(stored, region)
  if (whole !== null) {
    if (!isSame(whole, number)) return null
    return whole.callingCode === number.callingCode && !hasExtension(stored) ? 'EXACT' : 'LOOSE'
  }
  const parts = stored.split(separators)
  if (parts.length === 1) return null
  return parts.some((part) => isSameText(part, number, region)) ? 'LOOSE' : null
}

function isSameText(text: string, number: PhoneNumber, region: string): boolean {
  const parsed = parsePhone(text, region)
  return parsed !== null && isSame(parsed, number)
}

function isSame(a: PhoneNumber, b: PhoneNumber): boolean {
  if (a.callingCode !== null && b.callingCode !== null) {
    return a.callingCode === b.callingCode && a.national === b.national
  }
  const spelt = new Set(bareForms(a))
  return bareForms(b).some((form) => spelt.has(form))
}

/** The digits with and without the country code; leading zeros are trunk or dialling prefixes. */
function bareForms(number: PhoneNumber): string[] {
  const national = number.national.replace(/^0+/, '')
  return number.callingCode === null ? [national] : [national, number.callingCode + number.national]
}
