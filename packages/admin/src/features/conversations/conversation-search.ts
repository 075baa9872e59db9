/** What the address of the list says of which conversations are wanted, and what that is in GraphQL. Pure. */
import type { ConversationsPage_QueryQueryVariables } from '../../graphql/generated/graphql.ts'
import { isDay, startOfDay } from '../../ui/zoned-day.ts'

export interface ConversationSearch {
  /** Left out: those that are tagged to no record. */
  tagged?: 'yes' | 'all'
  channel?: 'CHAT' | 'SMS'
  status?: 'ACTIVE' | 'ENDED'
  /** The first day, such as "2026-01-31". */
  since?: string
}

/** What cannot be read is left out: a link that somebody has cut still opens the list. */
export function readConversationSearch(search: Record<string, unknown>): ConversationSearch {
  const { tagged, channel, status, since } = search
  return {
    ...((tagged === 'yes' || tagged === 'all') && { tagged }),
    ...((channel === 'CHAT' || channel === 'SMS') && { channel }),
    ...((status === 'ACTIVE' || status === 'ENDED') && { status }),
    ...(isDay(since) && { since }),
  }
}

/** @param timeZone in which the days begin */
export function toVariables(
  { tagged, channel, status, since }: ConversationSearch,
  timeZone: string,
): ConversationsPage_QueryQueryVariables {
  return {
    ...(tagged !== 'all' && { tagged: tagged === 'yes' }),
    ...(channel && { channel }),
    ...(status && { status }),
    ...(since !== undefined && { since: startOfDay(since, timeZone) }),
  }
}
