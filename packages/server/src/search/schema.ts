/** The search in GraphQL. */

import type { SearchIdentifier } from '@backchannel/providers'
import { builder } from '../builder.ts'
import { crmSearch, few } from '../cost.ts'
import { FieldTypeEnum } from '../integrations/field-type-schema.ts'
import { EntityKindEnum, EntityTypeRef, IntegrationRef } from '../integrations/schema.ts'
import type { Column } from '../records/columns.ts'
import { FieldValueInputRef } from '../records/field-value-schema.ts'
import { CrmRecordRef } from '../records/schema.ts'
import { selectedAttributes } from '../records/selected-attributes.ts'
import { toErrorValue } from '../shared/error-value.ts'
import {
  CrmError,
  LimitError,
  NotAllowedError,
  NotConnectedError,
  NotFoundError,
  ValidationError,
} from '../shared/errors.ts'
import { lookUpId } from '../shared/global-id.ts'
import { ErrorInterface } from '../shared/schema.ts'
import type {
  EntitySearchResult,
  IntegrationSearchResult,
  MoreRecordsAnswer,
  SearchHit,
  SearchRecordsAnswer,
  SearchRecordsInput,
} from './service.ts'

const SearchIdentifierEnum = builder.enumType('SearchIdentifier', {
  description: 'What a record was found by.',
  values: {
    PHONE: { description: 'A phone number, however it is written.' },
    EMAIL: { description: 'An e-mail address.' },
    FULL_NAME: { description: 'A full name.' },
    ACCOUNT_ID: { description: 'The number of an account.' },
    TERM: { description: 'What an agent typed.' },
  } satisfies Record<SearchIdentifier, { description: string }>,
})

const RecordActionEnum = builder.enumType('RecordAction', {
  description: 'What an agent can do with a hit.',
  values: {
    OPEN: { description: 'Open it in the CRM.' },
    DETAIL: { description: 'Read its details.' },
    TAG: { description: 'Attach the conversation to it.' },
  },
})

const actions = ['OPEN', 'DETAIL', 'TAG'] as const
const actionsOnTagged = ['OPEN', 'DETAIL'] as const

export const SearchHitRef = builder.objectRef<SearchHit>('SearchHit').implement({
  description: 'A record that was found, and by what.',
  fields: (t) => ({
    record: t.field({ type: CrmRecordRef, description: 'The record.', resolve: (hit) => hit.record }),
    matchedBy: t.field({
      type: SearchIdentifierEnum,
      description: 'By what it was found.',
      resolve: (hit) => hit.matchedBy,
    }),
    matchedField: t.exposeString('matchedField', {
      nullable: true,
      description: "The CRM's own name of the field that matched.",
    }),
    exact: t.exposeBoolean('exact', { description: 'It is the same number, address or name, not only a like one.' }),
    alreadyTagged: t.exposeBoolean('alreadyTagged', { description: 'The conversation is tagged with it.' }),
    actions: t.field({
      type: [RecordActionEnum],
      description: 'What an agent can do with it.',
      resolve: (hit) => (hit.alreadyTagged ? actionsOnTagged : actions),
    }),
  }),
})

export const RecordColumnRef = builder.objectRef<Column>('RecordColumn').implement({
  description: 'One column of a list of results.',
  fields: (t) => ({
    name: t.exposeString('name', { description: "The CRM's own field name." }),
    label: t.exposeString('label', { description: 'Its heading.' }),
    type: t.field({ type: FieldTypeEnum, description: 'What it holds.', resolve: (column) => column.type }),
    custom: t.boolean({ description: 'The admin added it.', resolve: ({ attribute }) => attribute === null }),
  }),
})

const EntitySearchResultRef = builder.objectRef<EntitySearchResult>('EntitySearchResult').implement({
  description: 'What was found of one entity type.',
  fields: (t) => ({
    entityType: t.field({ type: EntityTypeRef, description: 'Which.', resolve: (result) => result.entityType }),
    columns: t.field({
      type: [RecordColumnRef],
      description: 'The columns to show, in order.',
      resolve: (result) => [...result.columns],
    }),
    hits: t.field({
      type: [SearchHitRef],
      description: 'The records, exact ones first.',
      resolve: (result) => [...result.hits],
    }),
    moreCursor: t.exposeString('moreCursor', {
      nullable: true,
      description: 'For moreRecords, within the hour; null where there are no more.',
    }),
  }),
})

const IntegrationSearchResultRef = builder.objectRef<IntegrationSearchResult>('IntegrationSearchResult').implement({
  description: 'What one CRM answered, or why it did not.',
  fields: (t) => ({
    integration: t.field({ type: IntegrationRef, description: 'Which CRM.', resolve: (result) => result.integration }),
    matchedBy: t.field({
      type: SearchIdentifierEnum,
      nullable: true,
      description: 'The first identifier that found anybody; null where none did.',
      resolve: (result) => result.matchedBy,
    }),
    failure: t.field({
      type: ErrorInterface,
      nullable: true,
      description: 'Why there is no answer, or not from all entity types. The others answer all the same.',
      resolve: ({ failure }) => failure && toErrorValue(failure),
    }),
    entityTypes: t.field({
      type: [EntitySearchResultRef],
      complexity: few,
      description: "By entity type, in the admin's order.",
      resolve: (result) => [...result.entityTypes],
    }),
    notes: t.stringList({
      description: 'What an admin should know, such as a search field that the org does not have.',
      resolve: (result) => result.notes.map(({ text }) => text),
    }),
  }),
})

const SearchRecordsSuccessRef = builder
  .objectRef<SearchRecordsAnswer & { __typename: 'SearchRecordsSuccess' }>('SearchRecordsSuccess')
  .implement({
    description: 'What was found, all together and by CRM.',
    fields: (t) => ({
      hits: t.field({
        type: [SearchHitRef],
        description: 'All hits: exact ones first, otherwise in the order of integrations and entity types.',
        resolve: (answer) => [...answer.hits],
      }),
      integrations: t.field({
        type: [IntegrationSearchResultRef],
        complexity: few,
        description: 'By CRM, with failures beside answers.',
        resolve: (answer) => [...answer.integrations],
      }),
    }),
  })

export const SearchRecordsResult = builder.errorUnion('SearchRecordsResult', {
  description: 'What a search can come to.',
  types: [SearchRecordsSuccessRef, ValidationError, NotConnectedError, NotAllowedError, NotFoundError, LimitError],
})

const MoreRecordsSuccessRef = builder
  .objectRef<MoreRecordsAnswer & { __typename: 'MoreRecordsSuccess' }>('MoreRecordsSuccess')
  .implement({
    description: 'The next records of one entity type.',
    fields: (t) => ({
      hits: t.field({
        type: [SearchHitRef],
        description: 'None of those that were shown before.',
        resolve: (answer) => [...answer.hits],
      }),
      moreCursor: t.exposeString('moreCursor', {
        nullable: true,
        description: 'For the ones behind these; null where there are no more, or 1,000 were shown.',
      }),
    }),
  })

const MoreRecordsResult = builder.errorUnion('MoreRecordsResult', {
  description: 'What going on in a list of results can come to.',
  types: [MoreRecordsSuccessRef, ValidationError, NotConnectedError, NotAllowedError, CrmError],
})

export const SearchRecordsInputRef = builder.inputType('SearchRecordsInput', {
  description:
    "Whom to look for: by identifiers, tried in the admin's order until one finds anybody, or by a term. Nothing known finds nobody.",
  fields: (t) => ({
    conversationId: t.id({ description: "Phone, e-mail and name come from this conversation's visitor." }),
    phone: t.string({ description: 'A phone number in any format.' }),
    email: t.string({ description: 'An e-mail address.' }),
    fullName: t.string({ description: 'A full name.' }),
    term: t.string({ description: 'Or what the agent typed: part of a name, e-mail address or phone number.' }),
    fieldValues: t.field({
      type: [FieldValueInputRef],
      description:
        'Values for boxes of the search form, all of which hold. Only entity types that have one of the boxes are searched.',
    }),
    integrationIds: t.idList({ description: 'Only these CRMs.' }),
    entityTypeIds: t.idList({ description: 'Only these entity types.' }),
    kinds: t.field({ type: [EntityKindEnum], description: 'Only these kinds of entity types.' }),
    first: t.int({ defaultValue: 25, description: 'How many records of each entity type, 200 at most.' }),
  }),
})

export const recordPaths = [
  ['hits', 'record'],
  ['integrations', 'entityTypes', 'hits', 'record'],
] as const

export function readSearchInput(input: typeof SearchRecordsInputRef.$inferInput): SearchRecordsInput {
  const ids = (type: string, globalIds: readonly string[] | null | undefined) =>
    globalIds?.map((id) => lookUpId(type, id))
  return {
    ...input,
    conversationId: input.conversationId ? lookUpId('Conversation', input.conversationId) : null,
    integrationIds: ids('Integration', input.integrationIds),
    entityTypeIds: ids('EntityType', input.entityTypeIds),
    first: input.first ?? 25,
  }
}

builder.queryField('searchRecords', (t) =>
  t.field({
    type: SearchRecordsResult,
    authScopes: { agent: true },
    complexity: ({ input }) => crmSearch(input),
    description: 'Searches all connected CRMs at once.',
    args: { input: t.arg({ type: SearchRecordsInputRef, required: true, description: 'Whom to look for.' }) },
    resolve: async (_root, { input }, { services, viewer, signal }, info) => {
      const selected = selectedAttributes(info, ...recordPaths)
      const answer = await services.search.searchRecords(viewer, readSearchInput(input), selected, signal)
      return { __typename: 'SearchRecordsSuccess' as const, ...answer }
    },
  }),
)

builder.queryField('moreRecords', (t) =>
  t.field({
    type: MoreRecordsResult,
    authScopes: { agent: true },
    complexity: crmSearch,
    description: 'Goes on where a list of results ended.',
    args: {
      cursor: t.arg.string({ required: true, description: 'The `moreCursor` of the list.' }),
      first: t.arg.int({ defaultValue: 25, description: 'How many records, 200 at most.' }),
    },
    resolve: async (_root, { cursor, first }, { services, viewer, signal }, info) => {
      const selected = selectedAttributes(info, ['hits', 'record'])
      const answer = await services.search.moreRecords(viewer, cursor, first ?? 25, selected, signal)
      return { __typename: 'MoreRecordsSuccess' as const, ...answer }
    },
  }),
)
