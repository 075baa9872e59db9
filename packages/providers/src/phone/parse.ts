/** Reads phone numbers out of what people type into CRM fields. */
import { type CountryCode, isSupportedCountry, parsePhoneNumberFromString } from 'libphonenumber-js/min'

export interface PhoneNumber {
  /** Country calling code in digits; null where neither the text nor the region gives one that makes sense. */
  callingCode: string | null
  /** The national significant number, digits only: without trunk prefix, without extension. */
  national: string
  /** As people write it inside the country and from abroad; null without a calling code. */
  written: { national: string; international: string } | null
}

/** Shorter numbers are too weak to tell one person from another (crm-apis.md 3.1). */
const fewestDigits = 7
/** E.164 allows 15; the longest dialling prefix in front of them has 3. */
export const mostDigits = 18

// "x12", "ext. 12", "extension 12", "#12" and RFC 3966's ";ext=12", with whatever follows.
const extension = /(?:;\s*ext=|\bext(?:ension|n)?\b\.?|\bx|(?<=\d)x|#)\s*[.:]?\s*\d{1,7}\b.*$/is
// "(after 5pm)", "[mobile]": a bracketed remark, not an area code.
const remark = /[([{](?![^()[\]{}]*\d{3})[^()[\]{}]*\p{L}[^()[\]{}]*[)\]}]/gu

export function hasExtension(text: string): boolean {
  return extension.test(text)
}

/**
 * @param text any text; an extension and remarks around the number are left out
 * @param region ISO 3166 alpha-2 for numbers without a prefix; an unknown one counts as none
 * @returns null where the text holds fewer than 7 digits, or more than a phone number can have
 */
export function parsePhone(text: string, region: string): PhoneNumber | null {
  const core = text.replace(remark, ' ').replace(extension, ' ')
  const digits = core.replace(/\D/g, '')
  if (digits.length < fewestDigits || digits.length > mostDigits) return null

  const prefixed = /\+[\s(]*\d/.test(core)
  const parsed = parsePhoneNumberFromString(prefixed ? `+${digits}` : digits, toCountry(region))
  // A number without a prefix is read in the region only where that gives a real number: "0191 495 6203" in a workspace
  // of the US stays a number of an unknown country. With a prefix the writer has said which country it is.
  if (parsed && (prefixed ? parsed.isPossible() : parsed.isValid())) {
    return {
      callingCode: parsed.countryCallingCode,
      national: parsed.nationalNumber,
      written: { national: parsed.formatNational(), international: parsed.formatInternational() },
    }
  }
  return { callingCode: null, national: digits, written: null }
}

/** Whether numbers without a prefix can be read as of this country: ISO 3166 alpha-2, in capitals. */
export function isPhoneRegion(code: string): boolean {
  return isSupportedCountry(code)
}

function toCountry(region: string): CountryCode | undefined {
  const code = region.toUpperCase()
  return isSupportedCountry(code) ? code : undefined
}
