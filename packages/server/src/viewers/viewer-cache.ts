import type { Viewer } from './viewer.ts'

/** Who a credential belongs to, and until when that may be believed without asking again (milliseconds of the clock). */
export interface Identified {
  readonly viewer: Viewer
  readonly freshUntil: number
}

interface Entry {
  answer: Promise<Identified | null>
  freshUntil: number
}

export interface ViewerCacheOptions {
  now: () => number
  /** How many credentials are remembered; the one longest unused goes first. */
  capacity?: number
  /** How long an unknown credential stays unknown, in milliseconds: short, so that a new one works at once. */
  negativeMs?: number
  /** Told of each question whether it was answered from memory. */
  onAsked?: (found: boolean) => void
}

/** Remembers who is behind a credential, so that a warm request asks no database. Equal questions in flight are one. */
export interface ViewerCache {
  identify(credential: string, ask: () => Promise<Identified | null>): Promise<Identified | null>
  /** Forgets everything, also what is being asked right now. */
  clear(): void
}

export function createViewerCache(options: ViewerCacheOptions): ViewerCache {
  const { now, capacity = 10_000, negativeMs = 1_000, onAsked = () => {} } = options
  const entries = new Map<string, Entry>()

  function add(credential: string, ask: () => Promise<Identified | null>): Entry {
    const entry: Entry = { answer: ask(), freshUntil: Number.POSITIVE_INFINITY }
    entries.set(credential, entry)
    entry.answer.then(
      (identified) => {
        entry.freshUntil = identified?.freshUntil ?? now() + negativeMs
      },
      () => {
        if (entries.get(credential) === entry) entries.delete(credential)
      },
    )
    if (entries.size > capacity) {
      const [oldest] = entries.keys()
      if (oldest !== undefined) entries.delete(oldest)
    }
    return entry
  }

  return {
    identify(credential, ask) {
      const known = entries.get(credential)
      // Taken out and put back, so that the map's order is the order of use.
      if (known) entries.delete(credential)
      const isFresh = known !== undefined && known.freshUntil > now()
      onAsked(isFresh)
      if (!isFresh) return add(credential, ask).answer
      entries.set(credential, known)
      return known.answer
    },
    clear: () => entries.clear(),
  }
}
