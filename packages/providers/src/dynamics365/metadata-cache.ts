/** Keeps what is slow to ask and seldom changes: answers at once, asks again in the background. */
import { type Deadline, shareWork, waitWithin } from '../http/index.ts'

export interface MetadataCache<T> {
  /** What is kept, however old; otherwise asks, once for all who wait. */
  get(key: string, deadline: Deadline): Promise<T>
  /** Asks, whatever is kept; joins those who are asking for the first time. */
  getAnew(key: string, deadline: Deadline): Promise<T>
  /** What is kept and still fresh, without asking. */
  peek(key: string): T | undefined
  /** The next `get` asks again: what was kept turned out to be wrong. */
  forget(key: string): void
}

interface Entry<T> {
  value: { of: T } | null
  freshUntil: number
  refresh: () => Promise<T>
}

export interface MetadataCacheParts<T> {
  load: (key: string) => Promise<T>
  /** How long an answer counts as fresh, in milliseconds. */
  freshMs: (value: T) => number
  /** Milliseconds since 1970. */
  now: () => number
}

export function createMetadataCache<T>({ load, freshMs, now }: MetadataCacheParts<T>): MetadataCache<T> {
  const entries = new Map<string, Entry<T>>()

  function entryOf(key: string): Entry<T> {
    const known = entries.get(key)
    if (known !== undefined) return known
    const entry: Entry<T> = {
      value: null,
      freshUntil: 0,
      refresh: shareWork(async () => {
        const value = await load(key)
        entry.value = { of: value }
        entry.freshUntil = now() + freshMs(value)
        return value
      }),
    }
    entries.set(key, entry)
    return entry
  }

  async function get(key: string, deadline: Deadline): Promise<T> {
    const entry = entryOf(key)
    if (entry.value === null) return waitWithin(entry.refresh(), deadline)
    // A CRM that is down keeps nobody from what is known; the next call tries again.
    if (entry.freshUntil <= now()) entry.refresh().catch(() => {})
    return entry.value.of
  }

  return {
    get,
    async getAnew(key, deadline) {
      if (entries.get(key)?.value != null) entries.delete(key)
      return get(key, deadline)
    },
    peek(key) {
      const entry = entries.get(key)
      return entry?.value != null && entry.freshUntil > now() ? entry.value.of : undefined
    },
    forget(key) {
      entries.delete(key)
    },
  }
}
