/** Which parts of a search may fail without failing all of it. */
import type { ProviderError } from '../errors.ts'
import type { TargetCandidates } from './candidates.ts'

/** One entity type that could not be searched. */
interface TargetFailure {
  entityName: string
  error: ProviderError
}

/** What became of one entity type that the CRM was asked for. */
export type TargetAnswer = TargetCandidates | TargetFailure

/**
 * An entity type that the org lacks, or that we may not read, holds no hits, and the check of the integration names it.
 * Any other failure is told: hits that are missing without a word would make an agent enter people who are there already.
 *
 * @throws ProviderError what failed for another reason, or that nothing at all may be read
 */
export function passOverMissing(answers: readonly TargetAnswer[]): TargetCandidates[] {
  const failures = answers.flatMap((answer) => ('error' in answer ? [answer.error] : []))
  const serious = failures.find(({ code }) => code !== 'NOT_FOUND' && code !== 'CRM_FORBIDDEN')
  if (serious !== undefined) throw serious
  const forbidden = failures.find(({ code }) => code === 'CRM_FORBIDDEN')
  if (forbidden !== undefined && failures.length === answers.length) throw forbidden
  return answers.flatMap((answer) => ('error' in answer ? [] : [answer]))
}
