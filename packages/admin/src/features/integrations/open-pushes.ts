import type { PushStatus } from '../../graphql/generated/graphql.ts'

/** On their way: some wait for the chat to end, for the org, or for another try. */
const onTheWay: ReadonlySet<PushStatus> = new Set([
  'QUEUED',
  'DELIVERING',
  'RETRYING',
  'WAITING_FOR_END',
  'WAITING_FOR_INTEGRATION',
])

/** How many pushes are on their way to an org, and how many need a person. */
export function openPushes(counts: readonly { status: PushStatus; count: number }[]) {
  const sum = (wanted: (status: PushStatus) => boolean) =>
    counts.reduce((total, { status, count }) => (wanted(status) ? total + count : total), 0)
  return { waiting: sum((status) => onTheWay.has(status)), failed: sum((status) => status === 'FAILED') }
}
