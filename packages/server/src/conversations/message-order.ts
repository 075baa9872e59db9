/** Where a message stands in its conversation (ruling 7). */
export interface Ordered {
  readonly sequence: number | null
  readonly sentAt: Date
  readonly arrival: number
}

/**
 * Messages in the order of the conversation: by `sequence`, else by `sentAt`, else by arrival. A message without a
 * sequence among others that have one goes before the first that was sent later, and never changes the others' order.
 */
export function orderMessages<T extends Ordered>(messages: readonly T[]): T[] {
  const numbered = messages.filter((message) => message.sequence !== null).sort(bySequence)
  const others = messages.filter((message) => message.sequence === null).sort(byTime)
  const ordered: T[] = []
  for (const message of numbered) {
    while (others[0] && byTime(others[0], message) < 0) ordered.push(...others.splice(0, 1))
    ordered.push(message)
  }
  return ordered.concat(others)
}

function bySequence(a: Ordered, b: Ordered): number {
  return (a.sequence ?? 0) - (b.sequence ?? 0) || byTime(a, b)
}

function byTime(a: Ordered, b: Ordered): number {
  return a.sentAt.getTime() - b.sentAt.getTime() || a.arrival - b.arrival
}
