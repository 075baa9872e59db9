import { createHash } from 'node:crypto'

/** How values are kept: a time as `2024-01-31T08:15:00Z`, to the second, so that texts compare as times do. */

/** Any ISO 8601 time or date to the kept form; undefined when it is no real time. */
export function toDateTime(text: string): string | undefined {
  const time = Date.parse(text)
  return Number.isNaN(time) ? undefined : fromTime(time)
}

/** Milliseconds since 1970 to the kept form. */
export function fromTime(time: number): string {
  return `${new Date(time).toISOString().slice(0, 19)}Z`
}

/** The same guid for the same name, always. */
export function stableGuid(name: string): string {
  const hex = createHash('sha1').update(name).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-5${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

export const guidPattern = /^[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}$/i
