/** What the address of the audit log says of which entries are wanted, and what that is in GraphQL. Pure. */
import { endOfDay, isDay, startOfDay } from '../../ui/zoned-day.ts'

export interface AuditSearch {
  action?: string
  /** A part of who did it. */
  actor?: string
  /** The first and the last day, such as "2026-01-31". */
  since?: string
  until?: string
}

/** What cannot be read is left out: a link that somebody has cut still opens the log. */
export function readAuditSearch(search: Record<string, unknown>): AuditSearch {
  const { action, actor, since, until } = search
  return {
    ...(typeof action === 'string' && action !== '' && { action }),
    ...(typeof actor === 'string' && actor !== '' && { actor }),
    ...(isDay(since) && { since }),
    ...(isDay(until) && { until }),
  }
}

/** @param timeZone in which the days begin and end */
export function toAuditFilter({ action, actor, since, until }: AuditSearch, timeZone: string) {
  return {
    action: action ?? null,
    actor: actor ?? null,
    from: since === undefined ? null : startOfDay(since, timeZone),
    until: until === undefined ? null : endOfDay(until, timeZone),
  }
}
