/** What the address of the list says of which pushes are wanted, and what that is in GraphQL. Pure. */
import type { PushFilter, PushStatus } from '../../graphql/generated/graphql.ts'
import { endOfDay, isDay, startOfDay } from '../../ui/zoned-day.ts'
import { isPushStatus } from './push-status.ts'

export interface PushSearch {
  /** States, with commas between them. */
  status?: string
  /** The global ID of an integration. */
  integration?: string
  /** The global ID of a conversation. */
  conversation?: string
  /** The first day, such as "2026-01-31". */
  since?: string
  /** The last day. */
  until?: string
}

/** What cannot be read is left out: a link that somebody has cut still opens the list. */
export function readPushSearch(search: Record<string, unknown>): PushSearch {
  const { status, integration, conversation, since, until } = search
  const statuses = typeof status === 'string' ? statusesOf({ status }) : []
  return {
    ...(statuses.length > 0 && { status: statuses.join(',') }),
    ...(typeof integration === 'string' && { integration }),
    ...(typeof conversation === 'string' && { conversation }),
    ...(isDay(since) && { since }),
    ...(isDay(until) && { until }),
  }
}

export function statusesOf({ status = '' }: PushSearch): PushStatus[] {
  return status.split(',').filter(isPushStatus)
}

/** @param timeZone in which the days begin and end */
export function toPushFilter(search: PushSearch, timeZone: string): PushFilter {
  const { integration, conversation, since, until } = search
  const statuses = statusesOf(search)
  return {
    ...(statuses.length > 0 && { status: statuses }),
    ...(integration !== undefined && { integrationId: integration }),
    ...(conversation !== undefined && { conversationId: conversation }),
    ...(since !== undefined && { since: startOfDay(since, timeZone) }),
    ...(until !== undefined && { until: endOfDay(until, timeZone) }),
  }
}
