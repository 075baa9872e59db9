/** The cascade of features.md (D-ORD, S-ORD), decided in code over rows that are there already. */
import type { SearchMatch, SearchRequest, SearchResult } from '../model/index.ts'
import type { CandidateRow, FieldText, TargetCandidates } from './candidates.ts'
import { foldText, withoutAccents } from './folded-text.ts'
import type { KnownIdentifier } from './question.ts'

/** The first identifier that any row of any target matches; null where none does (A-07: all targets together). */
export function winningIdentifier(
  known: readonly KnownIdentifier[],
  answers: readonly TargetCandidates[],
): KnownIdentifier | null {
  return (
    known.find((identifier) => answers.some(({ rows }) => rows.some((row) => matchRow(row, identifier) !== null))) ??
    null
  )
}

/** The rows of a target that match, exact ones first, otherwise in the CRM's order; each row once. */
export function matchesOf(rows: readonly CandidateRow[], identifier: KnownIdentifier): SearchMatch[] {
  const exact: SearchMatch[] = []
  const loose: SearchMatch[] = []
  const seen = new Set<string>()
  for (const row of rows) {
    if (seen.has(row.record.remoteId)) continue
    const match = matchRow(row, identifier)
    if (match === null) continue
    seen.add(row.record.remoteId)
    ;(match.exact ? exact : loose).push(match)
  }
  return [...exact, ...loose]
}

/**
 * The result in the order of the request's targets, `first` of each. A last page that is full of rows which the CRM took
 * for hits and our code did not may hide true ones behind it. Looking there would take request after request, so the
 * answer says that there may be more.
 */
export function toSearchResult(
  request: SearchRequest,
  winner: KnownIdentifier | null,
  answers: readonly TargetCandidates[],
): SearchResult {
  return {
    matchedBy: winner?.identifier ?? null,
    targets: request.targets.map(({ entityName }) => {
      const answer = answers.find((candidates) => candidates.entityName === entityName)
      const matches = winner && answer ? matchesOf(answer.rows, winner) : []
      const more = matches.length > request.first || answer?.full === true
      return { entityName, matches: matches.slice(0, request.first), more }
    }),
  }
}

function matchRow(row: CandidateRow, identifier: KnownIdentifier): SearchMatch | null {
  const hit = findHit(row, identifier)
  return hit === null
    ? null
    : { record: row.record, identifier: identifier.identifier, field: hit.field, exact: hit.exact }
}

interface Hit {
  field: string | null
  exact: boolean
}

function findHit(row: CandidateRow, known: KnownIdentifier): Hit | null {
  // The CRM compared whole values, and gives the row for no other reason.
  if (known.exact.kind === 'VALUES') return { field: null, exact: true }
  switch (known.identifier) {
    case 'PHONE':
      return phoneHit(row.phones, known)
    case 'EMAIL':
      return textHit(row.emails, known.folded)
    case 'FULL_NAME':
      return textHit(row.names, known.folded)
    case 'ACCOUNT_ID':
      return textHit(row.accountIds, known.folded)
    case 'TERM':
      return termHit(row, known)
  }
}

function phoneHit(phones: readonly FieldText[], known: KnownIdentifier): Hit | null {
  let loose: Hit | null = null
  for (const { field, value } of phones) {
    const match = known.matchPhone?.(value)
    if (match === 'EXACT') return { field, exact: true }
    if (match === 'LOOSE') loose ??= { field, exact: false }
  }
  return loose
}

function textHit(texts: readonly FieldText[], folded: string): Hit | null {
  const same = texts.find(({ value }) => foldText(value) === folded)
  if (same) return { field: same.field, exact: true }
  // Both CRMs may ignore accents where we do not; such a row is a hit, though not the text itself.
  const bare = withoutAccents(folded)
  const alike = texts.find(({ value }) => withoutAccents(foldText(value)) === bare)
  return alike ? { field: alike.field, exact: false } : null
}

/**
 * What the CRM found for a term is a hit, in whichever field; only digits may have been found that stand in this order but
 * apart, and those are none.
 */
function termHit(row: CandidateRow, known: KnownIdentifier): Hit | null {
  const texts = [...row.names, ...row.emails]
  const same = textHit(texts, known.folded)
  if (same?.exact) return same
  const ofItsOwn = row.terms?.find(({ exact }) => exact)
  if (ofItsOwn !== undefined) return ofItsOwn
  const phone = phoneHit(row.phones, known)
  if (phone !== null) return phone
  const part = texts.find(({ value }) => withoutAccents(foldText(value)).includes(withoutAccents(known.folded)))
  if (part !== undefined) return { field: part.field, exact: false }
  const [inItsOwn] = row.terms ?? []
  if (inItsOwn !== undefined) return inItsOwn
  if (known.termDigits === null) return { field: null, exact: false }
  const { termDigits } = known
  const inside = row.phones.find(({ value }) => value.replace(/\D/g, '').includes(termDigits))
  return inside === undefined ? null : { field: inside.field, exact: false }
}
