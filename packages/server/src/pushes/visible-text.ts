/**
 * Text without characters that XML 1.0 cannot hold, and with it either CRM. They are shown instead of dropped: control
 * characters by the pictures that Unicode has of them (U+2400 for NUL, U+2421 for DEL), what has no picture and halves of
 * characters by U+FFFD. A tab is a blank.
 */
export function toVisible(line: string): string {
  return line.replaceAll(/[\p{Cc}\p{Cs}\uFFFE\uFFFF]/gu, (character) => {
    if (character === '\t') return ' '
    const code = character.charCodeAt(0)
    if (code < 0x20) return String.fromCharCode(0x2400 + code)
    return code === 0x7f ? '\u2421' : '\uFFFD'
  })
}
