import type { PushFilter, PushStatus } from '../../graphql/generated/graphql.ts'
import type { PushCount } from './push-list.ts'
import { pushStatuses } from './push-status.ts'
import type { PushAction } from './use-push-action.ts'

/** What is tried again where the filter names no state. */
const troubled: readonly PushStatus[] = ['FAILED', 'RETRYING']

/**
 * How many of those that a filter finds an action can change; the server decides for each.
 *
 * @returns none where giving up would take everything that waits: the server wants to be told which
 */
export function countActable(action: PushAction, filter: PushFilter, counts: readonly PushCount[]): number {
  if (action === 'DISCARD' && Object.keys(filter).length === 0) return 0
  const isMeant = (status: PushStatus) =>
    filter.status?.includes(status) ?? (action === 'DISCARD' || troubled.includes(status))
  const isPossible = (status: PushStatus) =>
    action === 'RETRY' ? pushStatuses[status].canRetry : pushStatuses[status].canDiscard
  return counts.filter(({ status }) => isMeant(status) && isPossible(status)).reduce((sum, { count }) => sum + count, 0)
}
