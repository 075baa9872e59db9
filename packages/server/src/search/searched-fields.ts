/**
 * What the admin's search and detail fields make of a search: where a term looks, and what narrows it. Pure.
 */
import {
  conditionTest,
  type EntityDescriptor,
  type FieldCondition,
  type FieldDescriptor,
  type FieldType,
  type SearchedField,
} from '@backchannel/providers'
import { fieldsByName } from '../integrations/metadata-fields.ts'
import type { EntityTypeSnapshot, ShownField } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import type { PlanNote } from '../plans/plan.ts'
import { encodeId } from '../shared/global-id.ts'

export interface SearchedFields {
  readonly termFields: readonly SearchedField[]
  readonly filters: readonly FieldCondition[]
  /** Why it must not be searched at all: a filter that cannot be kept would let through what it should hold back. */
  readonly refusal: PlanNote | null
  readonly notes: readonly PlanNote[]
}

type List = 'SearchField' | 'DetailField'

/** Search fields, then detail fields of one entity type, each in the admin's order. */
function fieldsOf({ settings }: IntegrationSnapshot, entityTypeId: string): [List, ShownField][] {
  const of = (list: List, fields: readonly ShownField[]): [List, ShownField][] =>
    fields.filter((field) => field.entityTypeId === entityTypeId).map((field) => [list, field])
  return [...of('SearchField', settings.searchFields), ...of('DetailField', settings.detailFields)]
}

/** The search fields of one entity type that are boxes of the search form: a filtered one is none (D-SEA-12). */
export function searchBoxes(integration: IntegrationSnapshot, entityTypeId: string): ShownField[] {
  return integration.settings.searchFields.filter(
    (field) => field.entityTypeId === entityTypeId && field.filter === null,
  )
}

/** Settings and metadata stay as they are for many searches, so what they come to is worked out once. */
const known = new WeakMap<IntegrationSnapshot, WeakMap<EntityDescriptor, SearchedFields>>()

export function readSearchedFields(
  integration: IntegrationSnapshot,
  entityType: EntityTypeSnapshot,
  metadata: EntityDescriptor,
): SearchedFields {
  const ofIntegration = known.get(integration) ?? new WeakMap<EntityDescriptor, SearchedFields>()
  known.set(integration, ofIntegration)
  const kept = ofIntegration.get(metadata)
  if (kept !== undefined) return kept
  const fields = workOut(integration, entityType, metadata)
  ofIntegration.set(metadata, fields)
  return fields
}

function workOut(
  integration: IntegrationSnapshot,
  entityType: EntityTypeSnapshot,
  metadata: EntityDescriptor,
): SearchedFields {
  const inOrg = fieldsByName(metadata)
  const termFields = new Map<string, SearchedField>()
  const filters = new Map<string, FieldCondition>()
  const notes: PlanNote[] = []
  let refusal: PlanNote | null = null

  for (const [list, field] of fieldsOf(integration, entityType.id)) {
    const found = inOrg.get(field.name)
    if (found === undefined) notes.push(missing(integration, field, encodeId(list, field.id)))
    if (field.filter === null) {
      if (found?.filterable) termFields.set(field.name, { name: field.name, type: typeOf(found, field.fieldType) })
      continue
    }
    const filter = toCondition(inOrg.get(field.filter.field), field)
    if (filter === null) refusal ??= unkept(entityType, field, encodeId(list, field.id))
    else filters.set(JSON.stringify(filter), filter)
  }
  return { termFields: [...termFields.values()], filters: [...filters.values()], refusal, notes }
}

/** The org's type decides; where it is none that we know, the setting's does. */
export function typeOf(found: FieldDescriptor, settingType: FieldType): FieldType {
  return found.type === 'OTHER' ? settingType : found.type
}

/**
 * Null where the org cannot be asked for it: no such field, none that may be filtered by, none that can hold such a value
 * (any more). What a provider would refuse must not hold up the entity types beside this one.
 */
function toCondition(found: FieldDescriptor | undefined, { fieldType, filter }: ShownField): FieldCondition | null {
  if (filter === null || found === undefined) return null
  const { field: name, value, relatedEntity } = filter
  const condition = { name, type: typeOf(found, fieldType), value, relatedEntity }
  const leadsThere = found.type !== 'LOOKUP' || relatedEntity === null || found.targets.includes(relatedEntity)
  return leadsThere && conditionTest(condition, found) !== null ? condition : null
}

/** Whatever has the shape of the type can be looked for, also what the CRM would not store. */
export const unlimited = {
  multiple: false,
  maxLength: null,
  minimum: null,
  maximum: null,
  precision: null,
  restricted: false,
} as const

function missing({ name }: IntegrationSnapshot, field: ShownField, settingId: string): PlanNote {
  const text = `${field.label} is left out: ${name} has no field ${field.name}, or our user there may not see it.`
  return { code: 'FIELD_MISSING', text, settingId }
}

function unkept({ displayName }: EntityTypeSnapshot, { label, filter }: ShownField, settingId: string): PlanNote {
  const text =
    `${displayName} is not searched: its filter "${label}" asks for ${filter?.field} to be "${filter?.value}", and the ` +
    'org has no such field, or none of such values. An admin can correct it in the settings.'
  return { code: 'FILTER_BROKEN', text, settingId }
}
