/** Metadata is kept for a while (decision 3), so a plan may name what the org does not have any more. */
import { ProviderError } from '@backchannel/providers'
import { CrmError } from '../shared/errors.ts'

/**
 * Plans and acts; where the CRM lacks what the plan names, plans and acts once more from metadata that is read anew, so
 * that one stale name holds up nothing but what uses it.
 *
 * @param work plans with `describe(…, { fresh })` and acts
 */
export async function withFreshMetadata<T>(work: (fresh: boolean) => Promise<T>): Promise<T> {
  try {
    return await work(false)
  } catch (error) {
    const cause = error instanceof CrmError ? error.cause : error
    if (cause instanceof ProviderError && cause.metadataDoubtful && cause.outcome === 'NOT_APPLIED') return work(true)
    throw error
  }
}
