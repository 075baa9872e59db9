/** Previews in GraphQL: what agents would see and what would be written. */

import { builder } from '../builder.ts'
import { MessageInputRef } from '../conversations/message-schema.ts'
import { ChannelEnum, VariableValueInputRef, VisitorInputRef } from '../conversations/schema.ts'
import { crmCall, crmCallFor, crmSearch } from '../cost.ts'
import { ExplanationRef, PlanResult } from '../plans/schema.ts'
import { CreateRecordInputRef, readCreateInput } from '../records/create-schema.ts'
import { FieldValueInputRef } from '../records/field-value-schema.ts'
import { AccountKindEnum, LookupRecordsResult, RecordFormResult, TagFormResult } from '../records/form-schema.ts'
import { selectedAttributes } from '../records/selected-attributes.ts'
import type { SelectedAttributes } from '../records/selection.ts'
import type { MatchAnswer } from '../search/match.ts'
import { ConversationMatchRef } from '../search/match-schema.ts'
import { PanelRef } from '../search/panel-schema.ts'
import { readSearchInput, recordPaths, SearchRecordsInputRef, SearchRecordsResult } from '../search/schema.ts'
import { lookUpId } from '../shared/global-id.ts'
import type { PreviewSubject } from './service.ts'

const ConversationDraftInputRef = builder.inputType('ConversationDraftInput', {
  description: 'A conversation to try out. It is kept nowhere.',
  fields: (t) => ({
    channel: t.field({ type: ChannelEnum, required: true, description: 'What kind of conversation.' }),
    visitor: t.field({ type: VisitorInputRef, required: true, description: 'Who is talked to, as far as known.' }),
    variables: t.field({ type: [VariableValueInputRef], description: 'Chat variables, as the script gives them.' }),
    pageUrl: t.string({ description: 'The address of the page that the chat begins on, with its query.' }),
    messages: t.field({ type: [MessageInputRef], description: 'What was written, 500 messages at most.' }),
  }),
})

const PreviewInputRef = builder.inputType('PreviewInput', {
  description: 'What to try out.',
  fields: (t) => ({
    integrationId: t.id({ required: true, description: 'The global ID of the integration.' }),
    settings: t.field({
      type: 'JSON',
      description:
        'A settings document, as settingsDocument gives it, saved or not; the settings in force if left out.',
    }),
    conversationId: t.id({ description: 'The global ID of a conversation.' }),
    conversation: t.field({ type: ConversationDraftInputRef, description: 'Or one that is only tried out.' }),
  }),
})

/** Opened once for all fields; what is wrong with the input is told by each field in its own way. */
interface Preview {
  subject(): Promise<PreviewSubject>
}

/** A match and why it is so are answered by one look-up, where both are asked for. */
const lookedUp = new WeakMap<Preview, Promise<MatchAnswer>>()

const nothing: SelectedAttributes = { attributes: new Set(), views: new Set() }

const PreviewRef = builder.objectRef<Preview>('Preview').implement({
  description: 'What agents would see and what would be written. It writes nothing anywhere.',
  fields: (t) => ({
    panel: t.field({
      type: PanelRef,
      complexity: crmCall,
      description: 'The panel.',
      resolve: async (preview, _args, { services, signal }) => ({
        integrations: await services.preview.panel(await preview.subject(), signal),
      }),
    }),
    match: t.field({
      type: ConversationMatchRef,
      nullable: true,
      complexity: crmCall,
      description:
        'Whom the visitor may be; null without a conversation, or where the settings have nobody looked for.',
      resolve: async (preview, _args, { services, viewer, signal }, info) => {
        const selected = selectedAttributes(info, ['hits', 'record'])
        const answer = preview.subject().then((subject) => services.preview.match(viewer, subject, selected, signal))
        lookedUp.set(preview, answer)
        return (await answer).match
      },
    }),
    why: t.field({
      type: [ExplanationRef],
      complexity: crmCall,
      description: 'How the visitor was looked for, or why nobody was.',
      resolve: async (preview, _args, { services, viewer, signal }) => {
        const known = lookedUp.get(preview)
        const answer = known ?? services.preview.match(viewer, await preview.subject(), nothing, signal)
        return [...(await answer).why]
      },
    }),
    searchRecords: t.field({
      type: SearchRecordsResult,
      complexity: ({ input }) => crmSearch(input),
      description: 'A search. `conversationId` of its input is that of the preview.',
      args: { input: t.arg({ type: SearchRecordsInputRef, required: true, description: 'Whom to look for.' }) },
      resolve: async (preview, { input }, { services, viewer, signal }, info) => {
        const selected = selectedAttributes(info, ...recordPaths)
        const subject = await preview.subject()
        const answer = await services.preview.search(viewer, subject, readSearchInput(input), selected, signal)
        return { __typename: 'SearchRecordsSuccess' as const, ...answer }
      },
    }),
    recordForm: t.field({
      type: RecordFormResult,
      complexity: crmCall,
      description: 'The form that makes a record.',
      args: {
        entityTypeId: t.arg.id({
          required: true,
          description: 'The global ID of the entity type, as the panel names it.',
        }),
        accountKind: t.arg({
          type: AccountKindEnum,
          description: 'Of an account: the first that is offered if left out.',
        }),
        recordType: t.arg.string({ description: 'The name of the record type, whose options are offered.' }),
      },
      resolve: async (preview, { entityTypeId, accountKind = null, recordType = null }, { services, signal }) => {
        const request = { entityTypeId: lookUpId('EntityType', entityTypeId), accountKind, recordType }
        const form = await services.preview.form(await preview.subject(), request, signal)
        return { __typename: 'RecordForm' as const, ...form }
      },
    }),
    lookupRecords: t.field({
      type: LookupRecordsResult,
      complexity: crmSearch,
      description: 'Records that a look-up input of these settings may point to.',
      args: {
        fieldId: t.arg.id({ required: true, description: 'The id of the form field.' }),
        term: t.arg.string({ required: true, description: 'What was typed.' }),
        first: t.arg.int({ defaultValue: 10, description: 'How many.' }),
      },
      resolve: async (preview, { fieldId, term, first }, { services, signal }) => {
        const request = { fieldId, term, first: first ?? 10 }
        const options = await services.preview.lookUp(await preview.subject(), request, signal)
        return { __typename: 'LookupRecordsSuccess' as const, options }
      },
    }),
    tagForm: t.field({
      type: TagFormResult,
      complexity: ({ recordIds }) => crmCallFor(recordIds),
      description: 'What is asked when records are tagged.',
      args: { recordIds: t.arg.idList({ required: true, description: 'The global IDs of the records.' }) },
      resolve: async (preview, { recordIds }, { services, signal }) => ({
        __typename: 'TagForm' as const,
        sections: await services.preview.tagForm(await preview.subject(), recordIds.map(String), signal),
      }),
    }),
    planRecord: t.field({
      type: PlanResult,
      complexity: crmCall,
      description:
        'What making a record would write, with the push of the conversation to it. `conversationId` of its input is that of the preview.',
      args: { input: t.arg({ type: CreateRecordInputRef, required: true, description: 'The record.' }) },
      resolve: async (preview, { input }, { services, viewer, signal }) => {
        const subject = await preview.subject()
        const plan = await services.preview.planRecord(viewer, subject, readCreateInput(input), signal)
        return { __typename: 'Plan' as const, ...plan }
      },
    }),
    planPush: t.field({
      type: PlanResult,
      complexity: ({ recordIds }) => crmCallFor(recordIds),
      description: 'What tagging records with the conversation would write.',
      args: {
        recordIds: t.arg.idList({ required: true, description: 'The global IDs of the records.' }),
        backendValues: t.arg({ type: [FieldValueInputRef], description: 'The values of the form of tagging.' }),
      },
      resolve: async (preview, { recordIds, backendValues }, { services, viewer, signal }) => {
        const request = { recordIds: recordIds.map(String), backendValues: backendValues ?? [] }
        const plan = await services.preview.planPush(viewer, await preview.subject(), request, signal)
        return { __typename: 'Plan' as const, ...plan }
      },
    }),
  }),
})

builder.queryField('preview', (t) =>
  t.field({
    type: PreviewRef,
    authScopes: { admin: true },
    description: 'Tries settings and a conversation out, saved or not. Writes nothing anywhere.',
    args: { input: t.arg({ type: PreviewInputRef, required: true, description: 'What to try out.' }) },
    resolve: (_root, { input }, { services, viewer }) => {
      const opening = services.preview.open(viewer, {
        integrationId: lookUpId('Integration', input.integrationId),
        settings: input.settings ?? null,
        conversationId: input.conversationId ? lookUpId('Conversation', input.conversationId) : null,
        conversation: input.conversation ?? null,
      })
      // Told by the fields; without any, by nobody.
      opening.catch(() => {})
      return { subject: () => opening }
    },
  }),
)
