/** The search plan of one integration (decision 1): what is asked of its CRM, from settings and what is known. Pure. */
import { type EntityKind, providerDefinitions, type SearchBy, type SearchRequest } from '@backchannel/providers'
import type { EntityTypeSnapshot, IntegrationSnapshot } from '../integrations/snapshot.ts'
import { recordSelection, type SelectedAttributes } from '../records/selection.ts'

/** The order in which identifiers are tried; the first that finds anybody wins. The admin's own order is a setting to come. */
const searchOrder = ['PHONE', 'EMAIL', 'FULL_NAME'] as const

export interface SearchTerms {
  readonly phone?: string | null | undefined
  readonly email?: string | null | undefined
  readonly fullName?: string | null | undefined
  /** What the agent typed: any searchable field. Stands alone. */
  readonly term?: string | null | undefined
}

export interface SearchPlanInput {
  integration: IntegrationSnapshot
  terms: SearchTerms
  /** Null: all. */
  entityTypeIds: readonly string[] | null
  kinds: readonly EntityKind[] | null
  first: number
  region: string
  selected: SelectedAttributes
}

export interface SearchPlan {
  readonly entityTypes: readonly EntityTypeSnapshot[]
  readonly request: SearchRequest
}

export function planSearch(input: SearchPlanInput): SearchPlan {
  const { integration, terms, first, region, selected } = input
  const { descriptor } = providerDefinitions[integration.provider]
  const entityTypes = integration.entityTypes.filter(
    (entityType) =>
      entityType.searchable &&
      (input.entityTypeIds?.includes(entityType.id) ?? true) &&
      (input.kinds?.includes(entityType.kind) ?? true),
  )
  const targets = entityTypes.map(({ name, kind, primaryField }) => ({
    entityName: name,
    kind,
    primaryField,
    selection: recordSelection(selected, kind, descriptor),
  }))
  return { entityTypes, request: { by: searchBy(terms), targets, first, region } }
}

/** Values that are known, in the order in which they are tried; nothing known, nothing asked (D-ORD-08). */
export function searchBy({ phone, email, fullName, term }: SearchTerms): SearchBy[] {
  if (term?.trim()) return [{ identifier: 'TERM', value: term.trim() }]
  const values = { PHONE: phone?.trim(), EMAIL: email?.trim(), FULL_NAME: fullName?.trim() }
  return searchOrder.flatMap((identifier) => {
    const value = values[identifier]
    return value ? [{ identifier, value }] : []
  })
}
