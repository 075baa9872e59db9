/** What is asked of a search and what comes back. */
import type { EntityKind, FieldType } from './entity.ts'
import type { CrmRecord, RecordSelection } from './record.ts'

export type SearchIdentifier = 'PHONE' | 'EMAIL' | 'FULL_NAME' | 'ACCOUNT_ID' | 'TERM'

/** One known value to look for. Identifiers come in the admin's order; the first that hits anything wins. */
export interface SearchBy {
  identifier: SearchIdentifier
  value: string
}

/** A field that is searched, by the CRM's own name, with the type that decides how a text is compared. */
export interface SearchedField {
  name: string
  type: FieldType
}

/**
 * A row holds this value. Written by ruling 21. LOOKUP: the key or, where it is none, the name of a `relatedEntity` row.
 * MULTI_OPTION_SET: the value is among those chosen. Text is compared whole, ignoring case.
 */
export interface FieldCondition extends SearchedField {
  value: string
  relatedEntity: string | null
}

/** One entity type to search in. */
export interface SearchTarget {
  entityName: string
  kind: EntityKind
  selection: RecordSelection
  /** CUSTOM: the field that names a record, which FULL_NAME and TERM look into. */
  primaryField?: string
  /**
   * Where TERM looks besides: text that contains it, and any other type that equals it. A term that cannot be of a
   * field's type leaves that field out.
   */
  termFields?: readonly SearchedField[]
  /**
   * Only these fields are looked into, instead of those that the vendor would choose; an identifier that has none here is
   * not asked of this target. PHONE finds a number however it is written there.
   */
  identifierFields?: Partial<Record<SearchIdentifier, readonly SearchedField[]>>
  /**
   * All of them hold, whatever is looked for. A field that the entity type lacks, or that cannot hold the value, is
   * CRM_REJECTED and named.
   */
  filters?: readonly FieldCondition[]
  /** All of them hold: what an agent asked of single fields. With `by` empty they are the search, as TERM. */
  values?: readonly FieldCondition[]
}

export interface SearchRequest {
  /** In the admin's order. TERM stands alone. Empty: only targets with `values` are asked. */
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
