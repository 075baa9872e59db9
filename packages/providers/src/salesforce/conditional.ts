/**
 * The header that makes a write depend on what was read (crm-apis.md 2.10); none where no version is expected. It counts
 * whole seconds; the next one never makes a conflict of what we read ourselves.
 *
 * @param version when the row was last changed, ISO 8601
 */
export function ifUnmodifiedSince(version: string | null | undefined): Record<string, string> {
  const time = Date.parse(version ?? '')
  if (Number.isNaN(time)) return {}
  return { 'if-unmodified-since': new Date(Math.ceil(time / 1_000) * 1_000).toUTCString() }
}
