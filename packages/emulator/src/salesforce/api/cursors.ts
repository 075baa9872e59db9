import type { Row } from '../../store.ts'

/** The rest of a result that did not fit one page. */
export interface Cursor {
  rows: readonly Row[]
  project(row: Row): Record<string, unknown>
  pageSize: number
}

export interface Cursors {
  /** Keeps a result and answers its locator without the offset. */
  keep(cursor: Cursor): string
  /** Undefined: unknown, or older than two days. */
  find(locator: string): Cursor | undefined
}

const lifetimeMs = 2 * 24 * 3_600_000
const maxKept = 100

/** Query cursors, in memory only: like the vendor's they do not last. */
export function createCursors(now: () => number): Cursors {
  const kept = new Map<string, Cursor & { expiresAt: number }>()
  let count = 0
  return {
    keep(cursor) {
      count++
      const locator = `0r8dM${String(count).padStart(10, '0')}AAA`
      kept.set(locator, { ...cursor, expiresAt: now() + lifetimeMs })
      for (const oldest of kept.keys()) {
        if (kept.size <= maxKept) break
        kept.delete(oldest)
      }
      return locator
    },
    find(locator) {
      const cursor = kept.get(locator)
      return cursor && cursor.expiresAt > now() ? cursor : undefined
    },
  }
}
