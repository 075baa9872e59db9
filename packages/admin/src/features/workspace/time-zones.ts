/**
 * All time zones that the browser knows, and the one that is set.
 *
 * @param set may be spelled as only the server knows it
 */
export function listTimeZones(set: string): string[] {
  return [...new Set(['UTC', ...Intl.supportedValuesOf('timeZone'), set])]
}
