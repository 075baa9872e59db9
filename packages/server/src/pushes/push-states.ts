/** Which pushes a person can have tried again or give up, and why not the others, in words for them. Pure. */
import type { Prisma, PushStatus } from '../generated/prisma/client.ts'

/** Its attempts have come to an end: those behind it need not wait for it. */
export const endStatuses = ['DELIVERED', 'PARTIAL', 'FAILED', 'DISCARDED'] as const satisfies PushStatus[]

/** Something of it is not done, and no attempt is under way. */
export const undoneStatuses = [
  'WAITING_FOR_END',
  'WAITING_FOR_INTEGRATION',
  'QUEUED',
  'RETRYING',
  'FAILED',
] as const satisfies PushStatus[]

/** What one push can come from when it is tried again, as far as its state alone says. */
export const retryableStatuses = [
  'QUEUED',
  'RETRYING',
  'PARTIAL',
  'FAILED',
  'DISCARDED',
] as const satisfies PushStatus[]

/** Of many, those that are in trouble. Others are tried again where they are named. */
export const troubledStatuses = ['RETRYING', 'FAILED'] as const satisfies PushStatus[]

export const discardableStatuses = [...undoneStatuses, 'DELIVERING'] as const satisfies PushStatus[]

/** What is read of a push to judge it. */
export const pushStateColumns = {
  ...{ status: true, generation: true, nextAttemptAt: true, errorCode: true, errorSealed: true },
  tag: { select: { removedAt: true } },
} as const satisfies Prisma.PushSelect

export interface PushState {
  readonly status: PushStatus
  readonly generation: number
  /** Null: it is due at no time. */
  readonly nextAttemptAt: Date | null
  readonly errorCode: string | null
  /** Null: nothing went wrong, or what did is not kept any more. */
  readonly errorSealed: string | null
  readonly tag: { readonly removedAt: Date | null }
}

/** Why it cannot be tried again, and what to do instead; null where it can. */
export function refusalToRetry(push: PushState): string | null {
  const { status, generation, nextAttemptAt, errorCode, errorSealed, tag } = push
  if (status === 'DELIVERED') return 'It is delivered: there is nothing to try again.'
  if (status === 'DELIVERING') return 'It is being delivered at this moment. Look again when that has ended.'
  if (tag.removedAt !== null) {
    return 'The record was taken off the conversation. Tag the conversation to it again to have it delivered.'
  }
  if (status === 'WAITING_FOR_END') {
    return 'The chat is still running: it is delivered by itself when the chat has ended.'
  }
  if (status === 'WAITING_FOR_INTEGRATION') {
    return 'The CRM is disconnected. Connect it again, and it is delivered by itself.'
  }
  if (status === 'PARTIAL' && errorCode === 'CRM_NOT_CLOSABLE') {
    return 'Its text is in the CRM, and an activity of this type cannot be completed there: trying again would change nothing.'
  }
  if (status === 'PARTIAL' && errorSealed === null) {
    return 'Its text is in the CRM. What was missing beside it is not known any more, since the retention period is over: tag the conversation to the record again to have its fields written.'
  }
  if (status === 'QUEUED' && nextAttemptAt === null && generation === 1) {
    return 'Nothing has been said yet: the first message has it delivered by itself.'
  }
  if (status === 'QUEUED' && nextAttemptAt === null) {
    return 'It waits for the activity before it, since they are made in their order. Retry or discard that one.'
  }
  return null
}

/** Why it cannot be given up, and what to do instead; null where it can, or was before. */
export function refusalToDiscard({ status }: Pick<PushState, 'status'>): string | null {
  if (status !== 'DELIVERED' && status !== 'PARTIAL') return null
  return 'Its text is in the CRM already, and stays there. To stop later messages, take the record off the conversation.'
}
