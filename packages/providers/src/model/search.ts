/** What is asked of a search and what comes back. */
import type { EntityKind } from './entity.ts'
import type { CrmRecord, RecordSelection } from './record.ts'

export type SearchIdentifier = 'PHONE' | 'EMAIL' | 'FULL_NAME' | 'ACCOUNT_ID' | 'TERM'

/** One known value to look for. Identifiers come in the admin's order; the first that hits anything wins. */
export interface SearchBy {
  identifier: SearchIdentifier
  value: string
}

/** One entity type to search in. */
export interface SearchTarget {
  entityName: string
  kind: EntityKind
  selection: RecordSelection
  /** CUSTOM: the field that names a record, which FULL_NAME and TERM look into. */
  primaryField?: string
}

export interface SearchRequest {
  /** In the admin's order. TERM stands alone. Empty: nothing is asked, the answer is empty. */
  by: readonly SearchBy[]
  targets: readonly SearchTarget[]
  /** How many hits per entity type. */
  first: number
  /** Region for phone numbers without a prefix, ISO 3166 alpha-2. */
  region: string
}

export interface SearchMatch {
  record: CrmRecord
  identifier: SearchIdentifier
  /** The CRM's name of the field that matched. */
  field: string | null
  /** The stored value is the identifier itself: same number in full, same address, same name. */
  exact: boolean
}

export interface SearchTargetResult {
  entityName: string
  matches: SearchMatch[]
  /** There are more than these, or may be: the CRM gave a full page in which not every row was a hit. */
  more: boolean
}

export interface SearchResult {
  /** Which identifier hit; null where none did. */
  matchedBy: SearchIdentifier | null
  targets: SearchTargetResult[]
}
