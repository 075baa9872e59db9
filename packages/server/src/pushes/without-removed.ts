/** What a push can still do when messages were removed because the retention period was over (ruling 8). Pure. */

export type WithoutRemoved =
  /** Its activity holds what is kept of the messages behind `startsAfter`. */
  | { kind: 'PLAN'; startsAfter: number }
  /** Its activity holds messages that are not kept any more, so it is left as it is: what came since goes into another. */
  | { kind: 'MOVE_ON' }
  /** So is this one, and nothing came since. */
  | { kind: 'DONE' }

/** @param removed messages up to this one were removed */
export function withoutRemoved(
  push: { startsAfter: number; wantedMessages: number; activities: readonly unknown[] },
  removed: number,
): WithoutRemoved {
  if (removed <= push.startsAfter) return { kind: 'PLAN', startsAfter: push.startsAfter }
  if (push.activities.length === 0) return { kind: 'PLAN', startsAfter: removed }
  return { kind: push.wantedMessages > removed ? 'MOVE_ON' : 'DONE' }
}
