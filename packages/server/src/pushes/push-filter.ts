/** Which pushes a caller asks for. */
import type { Prisma, PushStatus } from '../generated/prisma/client.ts'
import { type FieldError, ValidationError } from '../shared/errors.ts'

/** What is left out does not narrow. */
export interface PushFilter {
  status?: readonly PushStatus[] | null
  integrationId?: string | null
  conversationId?: string | null
  tagId?: string | null
  since?: Date | null
  until?: Date | null
}

/** An id that names nothing finds nothing: only one that is left out does not narrow. */
export function toWhere({
  status,
  integrationId,
  conversationId,
  tagId,
  since,
  until,
}: PushFilter): Prisma.PushWhereInput {
  return {
    ...(status && { status: { in: [...status] } }),
    ...(integrationId != null && { integrationId }),
    ...(conversationId != null && { conversationId }),
    ...(tagId != null && { tagId }),
    createdAt: { ...(since && { gte: since }), ...(until && { lt: until }) },
  }
}

/**
 * For what is done to all that a filter finds: one that can find nothing is a mistake.
 *
 * @throws ValidationError
 */
export function demandSoundFilter({ status, since, until }: PushFilter): void {
  const faults: FieldError[] = []
  if (status?.length === 0)
    faults.push({ path: ['filter', 'status'], message: 'Name a state, or leave it out for all.' })
  if (since && until && since >= until) {
    faults.push({ path: ['filter', 'until'], message: 'Name a moment after `since`.' })
  }
  if (faults.length > 0) throw new ValidationError(faults)
}

/** @throws ValidationError where it would find everything */
export function demandNarrowFilter({ status, integrationId, conversationId, since, until }: PushFilter): void {
  if ([status, integrationId, conversationId, since, until].some((it) => it != null)) return
  const message =
    'This would give up everything that waits. Say what is meant: a state, a CRM, a conversation or a time.'
  throw new ValidationError([{ path: ['filter'], message }])
}
