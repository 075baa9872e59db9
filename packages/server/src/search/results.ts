/** What a CRM answered, as results: hits by entity type, and how the search goes on. Pure. */
import type { SearchIdentifier, SearchResult } from '@backchannel/providers'
import type { EntityTypeSnapshot, IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { PlanNote } from '../plans/plan.ts'
import type { Column } from '../records/columns.ts'
import { type RecordNode, toRecordNode } from '../records/record-node.ts'
import type { ActionableError } from '../shared/errors.ts'
import type { SearchTerms } from './plan.ts'

export interface SearchHit {
  readonly record: RecordNode
  readonly matchedBy: SearchIdentifier
  readonly matchedField: string | null
  readonly exact: boolean
  readonly alreadyTagged: boolean
}

export interface EntitySearchResult {
  readonly entityType: EntityTypeSnapshot
  readonly columns: readonly Column[]
  readonly hits: readonly SearchHit[]
  /** Null: there are no more. */
  readonly moreCursor: string | null
}

export interface IntegrationSearchResult {
  readonly integration: IntegrationSnapshot
  readonly matchedBy: SearchIdentifier | null
  /** Why there is no answer, or not a whole one. */
  readonly failure: ActionableError | null
  readonly entityTypes: readonly EntitySearchResult[]
  readonly notes: readonly PlanNote[]
}

/** @param tagged global IDs of the records that the conversation is tagged with */
export function toHits(
  integration: IntegrationSnapshot,
  entityType: EntityTypeSnapshot,
  result: SearchResult,
  tagged: ReadonlySet<string>,
): SearchHit[] {
  const found = result.targets.find(({ entityName }) => entityName === entityType.name)
  return (found?.matches ?? []).map((match) => {
    const record = toRecordNode(integration, entityType, match.record)
    return {
      record,
      matchedBy: match.identifier,
      matchedField: match.field,
      exact: match.exact,
      alreadyTagged: tagged.has(record.nodeId),
    }
  })
}

export function hasMore({ targets }: SearchResult, { name }: EntityTypeSnapshot): boolean {
  return targets.find(({ entityName }) => entityName === name)?.more ?? false
}

/** Exact ones first, otherwise in the order of integrations and entity types. */
export function inOrder(results: readonly IntegrationSearchResult[]): SearchHit[] {
  const exact: SearchHit[] = []
  const loose: SearchHit[] = []
  for (const { entityTypes } of results) {
    for (const { hits } of entityTypes) {
      for (const hit of hits) (hit.exact ? exact : loose).push(hit)
    }
  }
  return exact.concat(loose)
}

/** The one of these that found somebody; nothing where values of single fields did. */
export function winningTerms(terms: SearchTerms, matchedBy: SearchIdentifier | null): SearchTerms {
  switch (matchedBy) {
    case 'PHONE':
      return { phone: terms.phone }
    case 'EMAIL':
      return { email: terms.email }
    case 'FULL_NAME':
      return { fullName: terms.fullName }
    case 'TERM':
      return { term: terms.term }
    default:
      return {}
  }
}
