/** The search plan of one integration (decision 1): what is asked of its CRM, from settings and what is known. Pure. */
import type { EntityDescriptor, EntityKind, SearchBy, SearchRequest, SearchTarget } from '@backchannel/providers'
import type { SearchOrderIdentifier } from '../integrations/settings.ts'
import type { EntityTypeSnapshot, IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { PlanNote } from '../plans/plan.ts'
import { type Column, columnsOf } from '../records/columns.ts'
import { recordSelection, type SelectedAttributes } from '../records/selection.ts'
import type { FieldError } from '../shared/errors.ts'
import { type AskedValue, toConditions } from './field-values.ts'
import { readSearchedFields, type SearchedFields } from './searched-fields.ts'

export interface SearchTerms {
  readonly phone?: string | null | undefined
  readonly email?: string | null | undefined
  readonly fullName?: string | null | undefined
  /** What the agent typed: any searchable field. Stands alone. */
  readonly term?: string | null | undefined
}

/** What narrows a search to some entity types. Null: all. */
export interface SearchScope {
  readonly entityTypeIds: readonly string[] | null
  readonly kinds: readonly EntityKind[] | null
}

/** By the CRM's name of the entity type; null: the org has none. Those that no setting speaks of need not be there. */
export type SearchMetadata = ReadonlyMap<string, EntityDescriptor | null>

export interface SearchPlanInput extends SearchScope {
  integration: IntegrationSnapshot
  metadata: SearchMetadata
  terms: SearchTerms
  asked: readonly AskedValue[]
  first: number
  region: string
  selected: SelectedAttributes
}

export interface PlannedEntityType {
  readonly entityType: EntityTypeSnapshot
  readonly columns: readonly Column[]
}

export interface SearchPlan {
  readonly entityTypes: readonly PlannedEntityType[]
  readonly request: SearchRequest
  /** Entity types that cannot be searched as they are set up, and why. */
  readonly refusals: readonly PlanNote[]
  readonly notes: readonly PlanNote[]
  /** What is wrong with the values that were asked for. */
  readonly faults: readonly FieldError[]
}

/** The entity types that an agent's search covers, in the admin's order. */
export function searchedEntityTypes(
  { entityTypes }: IntegrationSnapshot,
  { entityTypeIds, kinds }: SearchScope,
): EntityTypeSnapshot[] {
  return entityTypes.filter(
    ({ id, kind, searchable }) =>
      searchable && (entityTypeIds?.includes(id) ?? true) && (kinds?.includes(kind) ?? true),
  )
}

/** Whether the plan needs to know what fields the org has. */
export function needsMetadata({ settings }: IntegrationSnapshot, { id }: EntityTypeSnapshot): boolean {
  return [settings.searchFields, settings.detailFields].some((fields) => fields.some((it) => it.entityTypeId === id))
}

export function planSearch(input: SearchPlanInput): SearchPlan {
  const { integration, asked, first, region } = input
  const by = searchBy(input.terms, integration.settings.searchOrder)
  const isByTerm = by.some(({ identifier }) => identifier === 'TERM')
  const entityTypes: PlannedEntityType[] = []
  const targets: SearchTarget[] = []
  const refusals: PlanNote[] = []
  const notes: PlanNote[] = []
  const faults: FieldError[] = []
  for (const entityType of searchedEntityTypes(integration, input)) {
    const own = asked.filter(({ field }) => field.entityTypeId === entityType.id)
    // An entity type without any of the fields that were asked for has no record that would answer.
    if (asked.length > 0 && own.length === 0) continue
    const metadata = input.metadata.get(entityType.name)
    if (metadata === null) {
      notes.push(unknownToOrg(integration, entityType))
      continue
    }
    // What metadata has just shown counts for more than the mark of an older look.
    if (metadata === undefined && entityType.check === 'BROKEN') {
      const text = `${entityType.displayName} is left out: ${entityType.problem}`
      notes.push({ code: 'ENTITY_MISSING', text })
      continue
    }
    const fields = metadata ? readSearchedFields(integration, entityType, metadata) : nothingCustom
    notes.push(...fields.notes)
    if (fields.refusal !== null) {
      refusals.push(fields.refusal)
      continue
    }
    const values = metadata ? toConditions(own, metadata) : { conditions: [], faults: [] }
    faults.push(...values.faults)
    const { name, kind, primaryField } = entityType
    const known = metadata ?? null
    entityTypes.push({ entityType, columns: columnsOf(integration, entityType, 'SEARCH', known) })
    targets.push({
      entityName: name,
      kind,
      primaryField,
      selection: recordSelection(input.selected, entityType, integration, known),
      // Whoever looks for somebody by phone is not held up by them.
      termFields: isByTerm ? fields.termFields : [],
      filters: fields.filters,
      values: values.conditions,
    })
  }
  return { entityTypes, request: { by, targets, first, region }, refusals, notes, faults }
}

const nothingCustom: SearchedFields = { termFields: [], filters: [], refusal: null, notes: [] }

/** Values that are known, in the order in which they are tried; nothing known, nothing asked (D-ORD-08). */
export function searchBy(
  { phone, email, fullName, term }: SearchTerms,
  order: readonly SearchOrderIdentifier[],
): SearchBy[] {
  if (term?.trim()) return [{ identifier: 'TERM', value: term.trim() }]
  const values = { PHONE: phone?.trim(), EMAIL: email?.trim(), FULL_NAME: fullName?.trim() }
  return order.flatMap((identifier) => {
    const value = values[identifier]
    return value ? [{ identifier, value }] : []
  })
}

function unknownToOrg({ name }: IntegrationSnapshot, { displayName, name: entityName }: EntityTypeSnapshot): PlanNote {
  const text = `${displayName} is left out: ${name} has no ${entityName}, or our user there may not see it.`
  return { code: 'ENTITY_MISSING', text }
}
