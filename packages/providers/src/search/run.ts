/** Drives a search: decides what is asked next, and of whom, so that a search is one request wherever it can be. */
import type { SearchRequest, SearchResult } from '../model/index.ts'
import type { TargetCandidates } from './candidates.ts'
import { matchesOf, toSearchResult, winningIdentifier } from './cascade.ts'
import { askedTargets, type KnownIdentifier, knownIdentifiers, type SearchQuestion } from './question.ts'
import { passOverMissing, type TargetAnswer } from './tolerance.ts'

/** Without the parts that may fail. */
type Ask = (question: SearchQuestion) => Promise<readonly TargetCandidates[]>

/**
 * Asks the CRM through `askCrm`, one HTTP request each time, and decides the cascade.
 *
 * Round EXACT holds all identifiers and all targets. BROAD follows only when nothing at all was hit and a pattern may
 * find more. NARROW follows only for targets whose full page may have hidden hits of the identifier that counts.
 */
export async function runSearch(
  request: SearchRequest,
  askCrm: (question: SearchQuestion) => Promise<readonly TargetAnswer[]>,
): Promise<SearchResult> {
  const ask: Ask = async (question) => passOverMissing(await askCrm(question))
  const known = knownIdentifiers(request)
  if (known.length === 0 || request.targets.length === 0 || request.first < 1) {
    return toSearchResult(request, null, [])
  }

  const exact = await ask({
    round: 'EXACT',
    targets: askedTargets(request),
    criteria: known.map((identifier) => identifier.exact),
    limit: pageFor(request.first, known.length),
  })
  const winner = winningIdentifier(known, exact)
  if (winner !== null) return settle(request, known, winner, exact, ask)

  const broader = known.filter((identifier) => identifier.broad !== null)
  if (broader.length === 0) return toSearchResult(request, null, exact)
  const broad = await ask({
    round: 'BROAD',
    targets: askedTargets(request),
    criteria: broader.flatMap((identifier) => identifier.broad ?? []),
    limit: pageFor(request.first, 2),
  })
  return toSearchResult(request, winningIdentifier(broader, broad), broad)
}

/** Rows of several identifiers share a page; one more than wanted tells whether there are more. */
function pageFor(first: number, identifiers: number): number {
  return first * identifiers + 1
}

/** Makes sure that a full page has hidden neither an earlier identifier's hit nor the winner's own. */
async function settle(
  request: SearchRequest,
  known: readonly KnownIdentifier[],
  winner: KnownIdentifier,
  answers: readonly TargetCandidates[],
  ask: Ask,
): Promise<SearchResult> {
  const crowded = request.targets.filter((target) => answers.find((a) => a.entityName === target.entityName)?.full)
  const earlier = known.slice(0, known.indexOf(winner))

  if (crowded.length > 0 && earlier.length > 0) {
    const narrowed = await ask({
      round: 'NARROW',
      targets: crowded,
      criteria: earlier.map((identifier) => identifier.exact),
      limit: pageFor(request.first, earlier.length),
    })
    const better = winningIdentifier(earlier, narrowed)
    if (better !== null) return settle(request, earlier, better, merge(answers, narrowed), ask)
  }

  const short = crowded.filter((target) => {
    const rows = answers.find((answer) => answer.entityName === target.entityName)?.rows ?? []
    return known.length > 1 && matchesOf(rows, winner).length <= request.first
  })
  if (short.length === 0) return toSearchResult(request, winner, answers)
  const narrowed = await ask({
    round: 'NARROW',
    targets: short,
    criteria: [winner.exact],
    limit: pageFor(request.first, 1),
  })
  return toSearchResult(request, winner, merge(answers, narrowed))
}

/** The newer answers in place of the older ones. */
function merge(older: readonly TargetCandidates[], newer: readonly TargetCandidates[]): TargetCandidates[] {
  const kept = older.filter((answer) => !newer.some(({ entityName }) => entityName === answer.entityName))
  return [...kept, ...newer]
}
