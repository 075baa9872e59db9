import { setTimeout as wait } from 'node:timers/promises'

/** The database stayed locked by somebody else for longer than a caller should wait. */
export class DatabaseBusyError extends Error {
  override readonly name = 'DatabaseBusyError'
}

const PATIENCE_MS = 5_000
const LONGEST_PAUSE_MS = 100

/**
 * Repeats work that had no effect because another process held SQLite's lock. The driver is synchronous and blocks the
 * event loop while it waits by itself, so the waiting happens here, with jitter (toolchain.md, "Prisma 7").
 *
 * @throws DatabaseBusyError after about 5 seconds
 */
export async function withRetry<T>(work: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const deadline = performance.now() + patienceMs
  for (let longestPause = 5; ; longestPause = Math.min(longestPause * 2, LONGEST_PAUSE_MS)) {
    try {
      return await work()
    } catch (error) {
      if (!isBusy(error)) throw error
      if (performance.now() > deadline) {
        throw new DatabaseBusyError('The database is locked by another process; try again in a moment', {
          cause: error,
        })
      }
      await wait(Math.random() * longestPause)
    }
  }
}

/** Whether SQLite refused because of a lock held elsewhere: a driver's own error, or what Prisma's adapter made of it. */
function isBusy(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? error.code : (error.cause as { originalCode?: unknown } | undefined)?.originalCode
  return typeof code === 'string' && (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
}
