import { setTimeout as wait } from 'node:timers/promises'

/** The database stayed locked by somebody else for longer than a caller should wait. */
export class DatabaseBusyError extends Error {
  override readonly name = 'DatabaseBusyError'
}

const PATIENCE_MS = 10_000
/** Shorter than the moment for which a busy process leaves the lock alone (`turns.ts`), so that it is not missed. */
const LONGEST_PAUSE_MS = 3

/**
 * Repeats work that had no effect because another process held SQLite's lock. The driver is synchronous and blocks the
 * event loop while it waits by itself, so the waiting happens here (toolchain.md, "Prisma 7"): a try costs some
 * microseconds, and who tries often meets the moment in which the lock is free.
 *
 * @throws DatabaseBusyError after about 10 seconds
 */
export async function withRetry<T>(work: () => Promise<T>, patienceMs = PATIENCE_MS): Promise<T> {
  const deadline = performance.now() + patienceMs
  for (;;) {
    try {
      return await work()
    } catch (error) {
      if (!isLocked(error)) throw error
      if (performance.now() > deadline) {
        throw new DatabaseBusyError('The database is locked by another process; try again in a moment', {
          cause: error,
        })
      }
      await wait(1 + Math.random() * (LONGEST_PAUSE_MS - 1))
    }
  }
}

/**
 * Whether nothing was kept because the database had too much to do, or was locked: the same may be asked again. P2028 is
 * Prisma's, for a transaction that waited or took too long.
 */
export function isBusyDatabase(error: unknown): boolean {
  return error instanceof DatabaseBusyError || (error instanceof Error && 'code' in error && error.code === 'P2028')
}

/** Whether SQLite refused because of a lock held elsewhere: a driver's own error, or what Prisma's adapter made of it. */
export function isLocked(error: unknown): boolean {
  if (!(error instanceof Error)) return false
  const code = 'code' in error ? error.code : (error.cause as { originalCode?: unknown } | undefined)?.originalCode
  return typeof code === 'string' && (code.startsWith('SQLITE_BUSY') || code.startsWith('SQLITE_LOCKED'))
}
