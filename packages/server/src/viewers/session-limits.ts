const MINUTE_MS = 60_000
const DAY_MS = 24 * 60 * MINUTE_MS

/** How long a session lives at most, in milliseconds. */
export const sessionLimits = {
  /** Since somebody signed in. */
  wholeMs: 30 * DAY_MS,
  /** Since it was last used. */
  idleMs: 7 * DAY_MS,
  /** How exactly its last use is written down. */
  notedEachMs: 60 * MINUTE_MS,
} as const

/**
 * What is to be done with a session that somebody brings.
 *
 * @param session `updatedAt`: when its use was last written down
 * @param now milliseconds since 1970
 */
export function judgeSession(
  { createdAt, updatedAt }: { createdAt: Date; updatedAt: Date },
  now: number,
): 'END' | 'NOTE_USE' | 'USE' {
  const { wholeMs, idleMs, notedEachMs } = sessionLimits
  if (now >= createdAt.getTime() + wholeMs || now >= updatedAt.getTime() + idleMs) return 'END'
  return now >= updatedAt.getTime() + notedEachMs ? 'NOTE_USE' : 'USE'
}
