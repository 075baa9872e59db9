import { hasExtension, type PhoneNumber, parsePhone } from './parse.ts'

/**
 * Compares a CRM field's text with a number.
 *
 * EXACT: the text is this number in full. LOOSE: it is this number behind an extension, beside another number, or
 * without a country code where the region does not settle it. Null: it is another number, or too short to tell.
 */
export function matchPhone(stored: string, number: PhoneNumber, region: string): 'EXACT' | 'LOOSE' | null {
  const whole = parsePhone(stored, region)
  if (whole !== null) {
    if (!isSame(whole, number)) return null
    return whole.callingCode === number.callingCode && !hasExtension(stored) ? 'EXACT' : 'LOOSE'
  }
  const parts = stored.split(separators)
  if (parts.length === 1) return null
  return parts.some((part) => isSameText(part, number, region)) ? 'LOOSE' : null
}

// "512 555 0143 / 512 555 0187": only looked at when the whole is too long to be one number.
const separators = /[/;,|&\n]|\bor\b/i

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
  return number.callingCode === null ? [national] : [national, number.callingCode + national]
}
