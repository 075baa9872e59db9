/** The panel plan of one integration (decision 1): what an agent's CRM panel offers beside a conversation. Pure. */
import { providerDefinitions } from '@backchannel/providers'
import type { ConversationFacts } from '../conversations/conversation.ts'
import type { EntityTypeSnapshot, ShownField } from '../integrations/settings.ts'
import type { IntegrationSnapshot } from '../integrations/snapshot.ts'
import { type Column, columnsOf } from '../records/columns.ts'
import { type FormFieldPlan, rulesOf } from '../records/form-field.ts'
import { splitName } from '../records/visitor-values.ts'
import { encodeId } from '../shared/global-id.ts'
import { searchBoxId } from './field-values.ts'
import type { SearchMetadata } from './plan.ts'
import { searchBoxes, typeOf, unlimited } from './searched-fields.ts'

export interface SearchForm {
  /** Of the visitor; null: not known (D-POP-04). */
  readonly phone: string | null
  readonly email: string | null
  readonly fullName: string | null
  readonly fields: readonly FormFieldPlan[]
}

export interface PanelTab {
  readonly entityType: EntityTypeSnapshot
  readonly label: string
  /** Null: records of it are not made here. */
  readonly saveLabel: string | null
  /** Of its results; none where it is not searched. */
  readonly columns: readonly Column[]
}

export interface PanelIntegration {
  readonly integration: IntegrationSnapshot
  readonly label: string
  readonly searchForm: SearchForm
  readonly tabs: readonly PanelTab[]
}

export function planPanel(
  integration: IntegrationSnapshot,
  facts: ConversationFacts | null,
  metadata: SearchMetadata,
): PanelIntegration {
  // What the org does not have is neither searched nor made.
  const entityTypes = integration.entityTypes.filter(({ check }) => check !== 'BROKEN')
  const inOrder = [
    ...entityTypes.filter(({ kind }) => kind !== 'CUSTOM'),
    ...entityTypes.filter(({ kind }) => kind === 'CUSTOM'),
  ]
  const visitor = facts?.visitor
  return {
    integration,
    label: providerDefinitions[integration.provider].descriptor.panelLabel,
    searchForm: {
      phone: visitor?.phone ?? null,
      email: visitor?.email ?? null,
      fullName: visitor ? splitName(visitor).fullName : null,
      fields: inOrder
        .filter(({ searchable }) => searchable)
        .flatMap((entityType) =>
          searchBoxes(integration, entityType.id).flatMap((box) => toFormField(box, entityType, metadata)),
        ),
    },
    tabs: inOrder
      .filter(({ searchable, creatable }) => searchable || creatable)
      .map((entityType) => ({
        entityType,
        label: entityType.displayName,
        saveLabel: entityType.creatable ? `Save ${entityType.displayName}` : null,
        columns: entityType.searchable
          ? columnsOf(integration, entityType, 'SEARCH', metadata.get(entityType.name) ?? null)
          : [],
      })),
  }
}

/** None where the org has no such field to filter by; as the setting says, where the org could not be asked. */
function toFormField(box: ShownField, entityType: EntityTypeSnapshot, metadata: SearchMetadata): FormFieldPlan[] {
  const descriptor = metadata.get(entityType.name)
  if (descriptor === null) return []
  const found = descriptor?.fields.find(({ name }) => name === box.name)
  if (descriptor !== undefined && !found?.filterable) return []
  const { name, label, fieldType } = box
  const asSet = { name, label, type: fieldType, options: [], targets: [] }
  return [
    {
      ...(found ? { ...rulesOf(found, label), type: typeOf(found, fieldType) } : asSet),
      ...unlimited,
      restricted: found?.restricted ?? false,
      multiple: found?.type === 'MULTI_OPTION_SET',
      id: searchBoxId(box),
      settingId: encodeId('SearchField', box.id),
      group: 'SEARCH',
      target: 'RECORD',
      required: false,
      defaultValue: null,
      placeholder: null,
      help: entityType.displayName,
      lookup: null,
    },
  ]
}
