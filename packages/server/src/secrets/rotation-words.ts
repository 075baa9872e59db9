/** What is said at the end of a rotation. */
import type { RotationReport } from './rotation.ts'

/** How many texts that no key opens are named one by one. */
const MOST_NAMED = 20

/**
 * @param newest the id of the key that everything is sealed with
 * @param older the ids of the other keys in BACKCHANNEL_KEYS
 */
export function rotationSentences(
  { rotated, left, unreadable }: RotationReport,
  newest: string,
  older: readonly string[],
): string[] {
  const done = `${rotated} sealed anew with "${newest}"; ${left} left.`
  if (left === 0) return [done, ...whatNext(older)]
  const named = unreadable.slice(0, MOST_NAMED).map((sentence) => `  ${sentence}`)
  if (unreadable.length > named.length) named.push(`  and ${unreadable.length - named.length} more`)
  const closed = unreadable.length > 0 ? [`${unreadable.length} cannot be opened:`, ...named] : []
  const open =
    left > unreadable.length ? ['Run it again: it goes on with what is left. Keep the older keys until then.'] : []
  return [done, ...closed, ...open]
}

function whatNext(older: readonly string[]): string[] {
  if (older.length === 0) return ['There is no older key in BACKCHANNEL_KEYS.']
  const names = older.map((id) => `"${id}"`).join(', ')
  return [
    `Nothing needs ${names} any more but tokens of agents, which live for a day at most.`,
    `Run this again tomorrow: a server or worker that still runs with ${names} alone goes on sealing with it, and what it sealed is found then. Start such a process anew first.`,
    `Where that finds nothing, take ${names} out of BACKCHANNEL_KEYS.`,
  ]
}
