import { ProviderError } from '@backchannel/providers'
import type { ErrorCode } from '../shared/errors.ts'
import { consequenceOf } from './schedule.ts'

/** What failed, as people and programs are told. */
export interface PushFault {
  readonly code: ErrorCode
  readonly message: string
  readonly providerCode: string | null
  readonly retryAfter: number | null
}

export function toFault({ code, message, providerCode, retryAfter }: ProviderError): PushFault {
  return { code, message, providerCode: providerCode ?? null, retryAfter: retryAfter ?? null }
}

/**
 * Something that we did not foresee. It is nobody's answer, so none of the CRM's codes fits: CRM_UNAVAILABLE would send
 * people to look for the fault where it is not.
 */
export const ourFault: PushFault = {
  code: 'INTERNAL',
  message: 'This failed by a fault of our own, which is in the log of the server.',
  providerCode: null,
  retryAfter: null,
}

/** Two releases run on one database, and this one came first. */
export const ofLaterRelease: PushFault = {
  code: 'INTERNAL',
  message: 'A later release of the server has planned this: a worker of that release delivers it.',
  providerCode: null,
  retryAfter: null,
}

const DAY_MS = 24 * 60 * 60 * 1_000

/** What is said of a push that has failed for so long that it is left to a person. */
export function parked(fault: PushFault, parkAfterMs: number): PushFault {
  const days = Math.round(parkAfterMs / DAY_MS)
  const message = `${fault.message} It was tried for ${days} days and is not tried again by itself; retry it when the cause is gone.`
  return { ...fault, message, retryAfter: null }
}

/**
 * What the CRM refused for good; null where it did not.
 *
 * @throws whatever else it failed by
 */
export async function refusalOf(work: () => Promise<void>): Promise<PushFault | null> {
  try {
    await work()
    return null
  } catch (error) {
    if (error instanceof ProviderError && consequenceOf(error.code) === 'FAIL') return toFault(error)
    throw error
  }
}
