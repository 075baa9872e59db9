import { ProviderError } from '@backchannel/providers'
import { consequenceOf } from './schedule.ts'

/** What failed, as people and programs are told. */
export interface PushFault {
  readonly code: string
  readonly message: string
  readonly providerCode: string | null
  readonly retryAfter: number | null
}

export function toFault({ code, message, providerCode, retryAfter }: ProviderError): PushFault {
  return { code, message, providerCode: providerCode ?? null, retryAfter: retryAfter ?? null }
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
