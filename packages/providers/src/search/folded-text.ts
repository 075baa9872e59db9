/** Text as both CRMs take it and compare it. */

/** Control characters (a NUL breaks a query, a line break never stands in these fields) and blanks become one blank. */
export function cleanText(text: string): string {
  return text.replace(/[\s\p{Cc}]+/gu, ' ').trim()
}

/** Case ignored, outer blanks ignored, inner ones as one. */
export function foldText(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim()
}

/** Both CRMs may ignore accents where we do not. */
export function withoutAccents(folded: string): string {
  return folded.normalize('NFD').replace(/\p{Mn}+/gu, '')
}
