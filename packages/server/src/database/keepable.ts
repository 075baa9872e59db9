/**
 * What a statement is asked with, so that PostgreSQL can keep it: it refuses the character NUL in texts, and with it all that
 * came along. Its sign ␀ is kept in its place, and looked for in its place.
 */
export function keepable(value: unknown): unknown {
  if (typeof value === 'string') return value.replaceAll('\u0000', '␀')
  if (Array.isArray(value)) return value.map(keepable)
  if (typeof value !== 'object' || value === null || Object.getPrototypeOf(value) !== Object.prototype) return value
  return Object.fromEntries(Object.entries(value).map((entry) => entry.map(keepable)))
}
