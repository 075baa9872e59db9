/**
 * All settings as one document for people and for version control: no ids, entity types and fields by the CRM's own
 * names, lists in the admin's order. What is not set is left out of a row.
 */
import type { ProviderKey } from '@backchannel/providers'
import type {
  BackendField,
  DynamicsOptions,
  EntityTypeSnapshot,
  ExportField,
  LookupSpec,
  SalesforceOptions,
  ShownField,
} from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { draftOf, type SettingsDraft } from './draft.ts'

/** What a change writes of the settings into its history: the members of the document that differ. */
export interface DocumentDifference {
  readonly before: Partial<SettingsDocument>
  readonly after: Partial<SettingsDocument>
}

/** Plain JSON. `settingsDocumentSchema` reads it. */
export interface SettingsDocument extends Partial<DynamicsOptions>, Partial<SalesforceOptions> {
  provider: ProviderKey
  searchOrder: readonly string[]
  fetchCrmData: boolean
  autoSmsPush: { enabled: boolean; entityType: string | null; field: string | null; identifier: string }
  autoChatPush: {
    enabled: boolean
    rules: { identifier: string; entityType: string; field: string }[]
    tagSingleMatchUnasked: boolean
  }
  entityTypes: Record<string, unknown>[]
  defaultFields: Record<string, unknown>[]
  exportFields: Record<string, unknown>[]
  searchFields: Record<string, unknown>[]
  detailFields: Record<string, unknown>[]
  backendFields: Record<string, unknown>[]
}

export function documentOf(integration: IntegrationSnapshot): SettingsDocument {
  const draft = draftOf(integration)
  const entityName = (id: string) => draft.entityTypes.find((it) => it.id === id)?.name ?? id
  const { enabled, entityTypeId, field, identifier } = draft.autoSmsPush
  return {
    provider: integration.provider,
    searchOrder: [...draft.searchOrder],
    fetchCrmData: draft.fetchCrmData,
    autoSmsPush: { enabled, entityType: entityTypeId && entityName(entityTypeId), field, identifier },
    autoChatPush: {
      enabled: draft.autoChatPush.enabled,
      rules: draft.autoChatPush.rules.map((rule) => ({
        identifier: rule.identifier,
        entityType: entityName(rule.entityTypeId),
        field: rule.field,
      })),
      tagSingleMatchUnasked: draft.autoChatPush.tagSingleMatchUnasked,
    },
    ...(draft.dynamics && dynamicsMembers(draft.dynamics)),
    ...(draft.salesforce && salesforceMembers(draft.salesforce)),
    entityTypes: draft.entityTypes.map(entityTypeMembers),
    defaultFields: defaultFieldMembers(draft),
    exportFields: inOrder(draft, draft.exportFields).map((it) => exportMembers(it, entityName(it.entityTypeId))),
    searchFields: inOrder(draft, draft.searchFields).map((it) => shownMembers(it, entityName(it.entityTypeId))),
    detailFields: inOrder(draft, draft.detailFields).map((it) => shownMembers(it, entityName(it.entityTypeId))),
    backendFields: inOrder(draft, draft.backendFields).map((it) =>
      backendMembers(it, it.entityTypeId && entityName(it.entityTypeId)),
    ),
  }
}

/** By entity type in their order, those of none last; then the admin's order. */
function inOrder<T extends { entityTypeId: string | null; position: number }>(
  { entityTypes }: Pick<SettingsDraft, 'entityTypes'>,
  rows: readonly T[],
): T[] {
  const rank = ({ entityTypeId }: T) =>
    entityTypeId === null ? entityTypes.length : entityTypes.findIndex(({ id }) => id === entityTypeId)
  return rows.toSorted((a, b) => rank(a) - rank(b) || a.position - b.position)
}

/** The members of both that are not the same. */
export function differenceOf(before: SettingsDocument, after: SettingsDocument): DocumentDifference {
  const keys = Object.keys({ ...before, ...after }) as (keyof SettingsDocument)[]
  const differing = keys.filter((key) => JSON.stringify(before[key]) !== JSON.stringify(after[key]))
  const pick = (document: SettingsDocument): Partial<SettingsDocument> =>
    Object.fromEntries(differing.filter((key) => key in document).map((key) => [key, document[key]]))
  return { before: pick(before), after: pick(after) }
}

// Named one by one: a snapshot may carry more than its type says.
function dynamicsMembers(options: DynamicsOptions): DynamicsOptions {
  const { allowNewCreation, allowActivityClosing, chatsSaveTo, activityTypeName } = options
  return { allowNewCreation, allowActivityClosing, chatsSaveTo, activityTypeName }
}

function salesforceMembers(options: SalesforceOptions): SalesforceOptions {
  return {
    allowActivitySubjectChange: options.allowActivitySubjectChange,
    subjectSuffix: options.subjectSuffix,
    personAccountEnabled: options.personAccountEnabled,
    accountNumberUsed: options.accountNumberUsed,
    accountEmailField: options.accountEmailField,
    sessionIdleMinutes: options.sessionIdleMinutes,
    sessionGraceSeconds: options.sessionGraceSeconds,
  }
}

function defaultFieldMembers({ entityTypes, defaultFields }: SettingsDraft): Record<string, unknown>[] {
  return entityTypes.flatMap(({ kind, name: entityType }) =>
    defaultFields
      .filter((field) => field.kind === kind)
      .toSorted((a, b) => (a.name < b.name ? -1 : 1))
      .map(({ name, required, showOnForm }) => ({ entityType, name, required, showOnForm })),
  )
}

export function entityTypeMembers(entityType: EntityTypeSnapshot): Record<string, unknown> {
  const { name, displayName, primaryField, primaryFieldLabel, searchable, creatable } = entityType
  return { name, displayName, primaryField, primaryFieldLabel, searchable, creatable }
}

export function exportMembers(field: ExportField, entityType: string): Record<string, unknown> {
  return set({
    entityType,
    name: field.name,
    variableType: field.variableType,
    fieldType: field.fieldType,
    variable: field.variable,
    ...valueMembers(field),
    required: field.required,
    maxLength: field.maxLength,
    useCurrentDate: field.useCurrentDate,
  })
}

export function backendMembers(field: BackendField, entityType: string | null): Record<string, unknown> {
  return set({
    target: field.target === 'RECORD' ? null : field.target,
    entityType,
    name: field.name,
    variableType: field.variableType,
    fieldType: field.fieldType,
    ...valueMembers(field),
    overwrite: field.overwrite,
  })
}

function valueMembers({ value, values, lookupValue, label, lookup }: ExportField | BackendField) {
  return {
    value,
    values,
    lookupValue: lookupValue && {
      entityName: lookupValue.entityName,
      remoteId: lookupValue.remoteId,
      name: lookupValue.name,
    },
    label,
    lookup: lookup && lookupMembers(lookup),
  }
}

function lookupMembers({ relatedEntity, searchFields, displayField, filter }: LookupSpec): Record<string, unknown> {
  return set({
    relatedEntity,
    searchFields: searchFields.length > 0 ? [...searchFields] : null,
    displayField,
    filter: filter && filterMembers(filter),
  })
}

export function shownMembers(field: ShownField, entityType: string): Record<string, unknown> {
  const { name, label, fieldType, filter } = field
  return set({ entityType, name, label, fieldType, filter: filter && filterMembers(filter) })
}

function filterMembers({ field, value, relatedEntity }: NonNullable<ShownField['filter']>): Record<string, unknown> {
  return set({ field, value, relatedEntity })
}

/** Without what is not set: null, and switches that are off. */
function set(members: Record<string, unknown>): Record<string, unknown> {
  return Object.fromEntries(Object.entries(members).filter(([, value]) => value !== null && value !== false))
}
