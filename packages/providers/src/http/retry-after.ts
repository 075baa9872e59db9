/** No CRM means more: a header that says so would put an integration out of use. */
const longestSeconds = 60 * 60

/**
 * Reads a `Retry-After` header: seconds, or an HTTP date (RFC 9110 10.2.3).
 * @param now milliseconds since 1970
 * @returns whole seconds to wait, at most an hour; null where the header is missing or means nothing
 */
export function parseRetryAfter(header: string | undefined, now: number): number | null {
  const text = header?.trim()
  if (!text) return null
  const seconds = /^\d+(\.\d+)?$/.test(text) ? Math.ceil(Number(text)) : Math.ceil((Date.parse(text) - now) / 1_000)
  return Number.isNaN(seconds) ? null : Math.min(Math.max(seconds, 0), longestSeconds)
}
