/** Lengths are in UTF-16 units, which is the strictest way in which either CRM counts. Pure. */

/** A text cut to a length, not inside a character. */
export function cutText(text: string, maxLength: number): string {
  if (text.length <= maxLength) return text
  return text.slice(0, endsInsideCharacter(text, maxLength) ? maxLength - 1 : maxLength)
}

export function endsInsideCharacter(text: string, end: number): boolean {
  return /[\uD800-\uDBFF]/.test(text.charAt(end - 1)) && /[\uDC00-\uDFFF]/.test(text.charAt(end))
}
