/** The panel in GraphQL: what a chat frontend draws beside a conversation. */

import { builder } from '../builder.ts'
import { crmCall } from '../cost.ts'
import { EntityTypeRef, IntegrationRef } from '../integrations/schema.ts'
import { FormFieldRef } from '../records/form-schema.ts'
import { lookUpId } from '../shared/global-id.ts'
import type { PanelIntegration, PanelTab, SearchForm } from './panel.ts'
import { RecordColumnRef } from './schema.ts'

const SearchFormRef = builder.objectRef<SearchForm>('SearchForm').implement({
  description: 'The form that looks for records, pre-filled with what is known of the visitor.',
  fields: (t) => ({
    phone: t.exposeString('phone', { nullable: true, description: "The visitor's phone number." }),
    email: t.exposeString('email', { nullable: true, description: "The visitor's e-mail address." }),
    fullName: t.exposeString('fullName', { nullable: true, description: "The visitor's full name." }),
    fields: t.field({
      type: [FormFieldRef],
      description: 'Further boxes, for `fieldValues` of searchRecords: the search fields without a filter, in order.',
      resolve: (form) => [...form.fields],
    }),
  }),
})

const PanelTabRef = builder.objectRef<PanelTab>('PanelTab').implement({
  description: 'One entity type that an agent may search or create.',
  fields: (t) => ({
    entityType: t.field({ type: EntityTypeRef, description: 'Which.', resolve: (tab) => tab.entityType }),
    label: t.exposeString('label', { description: 'Its heading.' }),
    saveLabel: t.exposeString('saveLabel', {
      nullable: true,
      description: 'The label of the button that makes a record; null where none may be made.',
    }),
    columns: t.field({
      type: [RecordColumnRef],
      description: 'The columns of its results; none where it may not be searched.',
      resolve: (tab) => [...tab.columns],
    }),
  }),
})

const PanelIntegrationRef = builder.objectRef<PanelIntegration>('PanelIntegration').implement({
  description: 'What the panel offers of one CRM.',
  fields: (t) => ({
    integration: t.field({ type: IntegrationRef, description: 'Which CRM.', resolve: (it) => it.integration }),
    label: t.exposeString('label', { description: 'The label of the button that opens it.' }),
    searchForm: t.field({ type: SearchFormRef, description: 'Its search form.', resolve: (it) => it.searchForm }),
    tabs: t.field({
      type: [PanelTabRef],
      description: 'Its entity types: the built-in ones, then those that were added.',
      resolve: (it) => [...it.tabs],
    }),
  }),
})

export const PanelRef = builder.objectRef<{ integrations: readonly PanelIntegration[] }>('Panel').implement({
  description: "What an agent's CRM panel shows.",
  fields: (t) => ({
    integrations: t.field({
      type: [PanelIntegrationRef],
      description: 'By connected CRM; none where nothing is connected.',
      resolve: (panel) => [...panel.integrations],
    }),
  }),
})

builder.queryField('panel', (t) =>
  t.field({
    type: PanelRef,
    authScopes: { agent: true },
    complexity: crmCall,
    description: "What an agent's CRM panel shows, pre-filled from a conversation.",
    args: { conversationId: t.arg.id({ description: 'The global ID of the conversation.' }) },
    resolve: async (_root, { conversationId }, { services, viewer, signal }) => ({
      integrations: await services.search.panel(
        viewer,
        conversationId ? lookUpId('Conversation', conversationId) : null,
        signal,
      ),
    }),
  }),
)
