/** Salesforce writes the time with an offset without colon, which is not RFC 3339 (crm-apis.md 2.4). */
export function toSalesforceTime(ms: number): string {
  return new Date(ms).toISOString().replace('Z', '+0000')
}

/** Milliseconds of an ISO 8601 time with `Z`, `+0100` or `+01:00`; null when it is none. */
export function parseTime(text: string): number | null {
  if (!/^\d{4}-\d\d-\d\d[Tt]\d\d:\d\d(:\d\d(\.\d+)?)?([Zz]|[+-]\d\d:?\d\d)$/.test(text)) return null
  const ms = Date.parse(text.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
  return Number.isNaN(ms) ? null : ms
}

/** Whether the text is a day of the calendar, `2026-02-28`. */
export function isDate(text: string): boolean {
  if (!/^\d{4}-\d\d-\d\d$/.test(text)) return false
  const ms = Date.parse(`${text}T00:00:00Z`)
  return !Number.isNaN(ms) && new Date(ms).toISOString().startsWith(text)
}
