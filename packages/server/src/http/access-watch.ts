import type { Credentials } from '../viewers/service.ts'
import { rightsOf, type Viewer } from '../viewers/viewer.ts'
import { overLimit } from './refusal.ts'

/** What one token or session may have open at a time. A backend's key is not counted: it may stand for thousands of agents. */
const OPEN_EACH = 200

/** Who opened a stream, and by what it was known. */
export interface Caller {
  readonly viewer: Viewer
  readonly credentials: Credentials
}

/**
 * Looks again, every now and then and when it is told to, at who opened a stream: what was opened with a key that was revoked, a session that was
 * signed out or a token that has expired ends within seconds, also where another instance ended it. That asks no database
 * as long as nothing has changed.
 */
export interface AccessWatch {
  /**
   * Calls `onEnded` once, when the caller's credentials are nobody's any more, or open something else. Returns how to stop.
   *
   * @throws Refusal when a browser has opened too much with them already
   */
  watch(caller: Caller, onEnded: () => void): () => void
}

export interface AccessWatchOptions {
  authenticate(credentials: Credentials): Promise<Viewer | null>
  /** How often it looks, in milliseconds. */
  checkMs: number
  /** Calls its listener where somebody's rights have changed, on any instance: then it looks at once. */
  onAccessChanged?: (listener: () => void) => void
}

/** However many streams one caller has open, each look asks for it once. */
export function createAccessWatch({ authenticate, checkMs, onAccessChanged }: AccessWatchOptions): AccessWatch {
  const watched = new Map<string, { credentials: Credentials; rights: string; listeners: Set<() => void> }>()
  let timer: NodeJS.Timeout | undefined
  onAccessChanged?.(() => void check())

  async function check(): Promise<void> {
    for (const [key, entry] of watched) {
      const { credentials, rights, listeners } = entry
      // A look that fails is repeated: a database that is down for a moment cuts nobody off.
      const ended = await authenticate(credentials).then(
        (viewer) => viewer === null || describeRights(viewer) !== rights,
        () => false,
      )
      // Another look may have been quicker.
      if (!ended || watched.get(key) !== entry) continue
      watched.delete(key)
      for (const onEnded of listeners) onEnded()
    }
    rest()
  }

  function rest(): void {
    if (watched.size > 0) return
    clearInterval(timer)
    timer = undefined
  }

  return {
    watch({ viewer, credentials }, onEnded) {
      const rights = describeRights(viewer)
      const key = JSON.stringify([credentials.authorization, credentials.cookie, rights])
      const entry = watched.get(key) ?? { credentials, rights, listeners: new Set<() => void>() }
      if (viewer.kind !== 'API_KEY' && entry.listeners.size >= OPEN_EACH) {
        const hit = { name: 'openSubscriptions', most: OPEN_EACH, found: OPEN_EACH + 1 } as const
        throw overLimit(429, hit, `One token or session may have ${OPEN_EACH} subscriptions at a time.`)
      }
      watched.set(key, entry)
      // One listener for each call, also where two calls bring the same function.
      const listener = () => onEnded()
      entry.listeners.add(listener)
      timer ??= setInterval(() => void check(), checkMs).unref()
      return () => {
        entry.listeners.delete(listener)
        if (entry.listeners.size === 0 && watched.get(key) === entry) watched.delete(key)
        rest()
      }
    },
  }
}

function describeRights(viewer: Viewer): string {
  return JSON.stringify(rightsOf(viewer))
}
