/**
 * The text of notes. The field is rich text (crm-apis.md 1.10): what is written must not become markup, and what comes
 * back may have been made into HTML by the CRM or by a person. Everybody else compares plain text.
 */

/** Plain text → what is stored. Line breaks stay line breaks. */
export function toNoteText(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;')
}

const namedEntities: Record<string, string> = { amp: '&', lt: '<', gt: '>', quot: '"', apos: "'", nbsp: ' ' }

/** What is stored → plain text. The opposite of `toNoteText` for what it wrote. */
export function fromNoteText(stored: string): string {
  const isMarkup = /<\/?[a-z][^<>]*>/i.test(stored)
  const text = isMarkup ? stripMarkup(stored) : stored
  return text.replaceAll(/&(?:#(\d{1,7})|#x([0-9a-f]{1,6})|([a-z]{2,5}));/gi, decodeEntity)
}

function decodeEntity(whole: string, decimal?: string, hex?: string, name?: string): string {
  if (name !== undefined) return namedEntities[name.toLowerCase()] ?? whole
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal)
  return code > 0 && code <= 0x10ffff ? String.fromCodePoint(code) : whole
}

/**
 * Blocks and breaks end a line; white space in the source of a page means nothing. Each expression begins where another
 * try cannot begin again, and a script that nothing ends goes on to the end, so that no text takes long.
 */
function stripMarkup(html: string): string {
  return html
    .replaceAll(/(?<!\s)\s*\n\s*/g, ' ')
    .replaceAll(/<br\b[^<>]*>/gi, '\n')
    .replaceAll(/<\/(?:p|div|li|tr|h[1-6]|blockquote)\s*>/gi, '\n')
    .replaceAll(/<(style|script)\b[\s\S]*?(?:<\/\1\s*>|$)/gi, '')
    .replaceAll(/<\/?[a-z!][^<>]*>/gi, '')
    .replaceAll(/(?<![ \t])[ \t]+(?=\n)/g, '')
    .replaceAll(/\n[ \t]+/g, '\n')
    .trim()
}
