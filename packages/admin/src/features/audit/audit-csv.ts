/** Entries of the audit log as a file for spreadsheets. Pure. */
export interface CsvEntry {
  /** ISO 8601. */
  readonly at: string
  readonly actor: string
  readonly action: string
  readonly subject: string | null
  readonly address: string | null
}

const columns = ['at', 'actor', 'action', 'subject', 'address'] as const

/** RFC 4180, with a line of names first. */
export function toCsv(entries: readonly CsvEntry[]): string {
  const lines = [columns, ...entries.map((entry) => columns.map((column) => entry[column] ?? ''))]
  return lines.map((cells) => `${cells.map(cell).join(',')}\r\n`).join('')
}

/** What a spreadsheet would take for a formula (a key may be named "=1+1") begins with an apostrophe, as text does there. */
function cell(text: string): string {
  const safe = /^[=+\-@\t\r\n]/.test(text) ? `'${text}` : text
  return `"${safe.replaceAll('"', '""')}"`
}
