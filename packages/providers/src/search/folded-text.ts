/** Text as both CRMs compare it. */

/** Case ignored, outer blanks ignored, inner ones as one. */
export function foldText(text: string): string {
  return text.normalize('NFC').toLowerCase().replace(/\s+/g, ' ').trim()
}

/** Both CRMs may ignore accents where we do not. */
export function withoutAccents(folded: string): string {
  return folded.normalize('NFD').replace(/\p{Mn}+/gu, '')
}
