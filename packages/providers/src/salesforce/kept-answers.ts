/** Answers of the org that seldom change: asked once for all who wait, then at hand while they are asked anew in the background. */
import { type Deadline, shareWork, startDeadline, waitWithin } from '../http/index.ts'

interface KeptAnswers<T> {
  /** What is kept, however old; otherwise asks. */
  get(key: string, deadline: Deadline): Promise<T>
  /** The next `get` asks: something that was kept turned out to be wrong. */
  forget(): void
}

const staleAfterMs = 10 * 60_000
/** Shared by all who wait, so none of their deadlines counts. */
const loadTimeoutMs = 30_000

/** @param now milliseconds since 1970 */
export function keepAnswers<T>(
  ask: (key: string, deadline: Deadline) => Promise<T>,
  now: () => number,
): KeptAnswers<T> {
  const kept = new Map<string, { value: T; readAt: number }>()

  const load = shareWork(async (key: string, force: boolean): Promise<T> => {
    const value = await ask(key, startDeadline({ timeoutMs: loadTimeoutMs, force }))
    kept.set(key, { value, readAt: now() })
    return value
  })

  return {
    async get(key, deadline) {
      const held = kept.get(key)
      if (held === undefined) return waitWithin(load(key, deadline.force), deadline)
      if (now() - held.readAt > staleAfterMs) load(key, false).catch(() => undefined)
      return held.value
    },
    forget: () => kept.clear(),
  }
}
