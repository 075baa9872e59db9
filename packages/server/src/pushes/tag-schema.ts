/** Tags in GraphQL: what attaches a conversation to CRM records, and the mutation that does. */

import { builder } from '../builder.ts'
import { ConversationRef } from '../conversations/schema.ts'
import { crmCallFor, page } from '../cost.ts'
import { FieldValueInputRef } from '../records/field-value-schema.ts'
import { RecordReferenceRef } from '../records/schema.ts'
import { toErrorValue } from '../shared/error-value.ts'
import {
  ConflictError,
  NotAllowedError,
  NotConnectedError,
  NotEndedError,
  NotFoundError,
  ValidationError,
} from '../shared/errors.ts'
import { lookUpId } from '../shared/global-id.ts'
import { ErrorInterface } from '../shared/schema.ts'
import { ofConversations } from './push-node.ts'
import { PushConnectionRef, readPushPage } from './push-page.ts'
import type { TagOutcome } from './service.ts'

export const TagRef = builder.prismaNode('Tag', {
  description: 'Attaches a conversation to a CRM record.',
  id: { field: 'id' },
  nullable: true,
  findUnique: (id, { viewer }) => ({ id, workspaceId: viewer.workspaceId, ...ofConversations(viewer) }),
  fields: (t) => ({
    reference: t.field({
      type: RecordReferenceRef,
      description: 'The record, as it was when it was tagged.',
      resolve: (tag, _args, { services }) => services.pushes.referenceOf(tag),
    }),
    taggedAt: t.expose('taggedAt', { type: 'DateTime', description: 'When.' }),
    taggedBy: t.exposeString('taggedBy', { nullable: true, description: 'By whom.' }),
    automatic: t.exposeBoolean('automatic', { description: 'Whether a rule did it, rather than a person.' }),
    removedAt: t.expose('removedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was taken off: later messages do not follow.',
    }),
    removedBy: t.exposeString('removedBy', { nullable: true, description: 'By whom it was taken off.' }),
    pushes: t.field({
      type: PushConnectionRef,
      complexity: page(25),
      description: 'What it had delivered to the record.',
      args: {
        first: t.arg.int({ description: 'How many, at most 100.' }),
        after: t.arg.string({ description: 'Only those behind this cursor.' }),
      },
      // The conversation too: by it they are found in an index.
      resolve: ({ id, conversationId }, args, context, info) =>
        readPushPage(args, { conversationId, tagId: id }, context, info),
    }),
  }),
})

builder.prismaObjectField(ConversationRef, 'tags', (t) =>
  t.relation('tags', {
    query: { orderBy: { taggedAt: 'asc' } },
    description: 'The records that it is attached to, and those that it was: they have `removedAt`.',
  }),
)

const TagOutcomeRef = builder.objectRef<TagOutcome>('TagOutcome').implement({
  description: 'What became of one record: its tag, or why there is none.',
  fields: (t) => ({
    recordId: t.exposeID('recordId', { description: 'The global ID that was given.' }),
    tag: t.prismaField({
      type: TagRef,
      nullable: true,
      description: 'The tag, new or from before.',
      resolve: (query, { tagId }, _args, { services, viewer }) =>
        tagId === null ? null : services.pushes.findTag(viewer, tagId, query),
    }),
    error: t.field({
      type: ErrorInterface,
      nullable: true,
      description: 'Why there is no tag. The other records are tagged all the same.',
      resolve: ({ error }) => error && toErrorValue(error),
    }),
  }),
})

const TagConversationSuccessRef = builder
  .objectRef<{ __typename: 'TagConversationSuccess'; conversationId: string; outcomes: readonly TagOutcome[] }>(
    'TagConversationSuccess',
  )
  .implement({
    description: 'Each record has its own fate.',
    fields: (t) => ({
      conversation: t.prismaField({
        type: ConversationRef,
        description: 'The conversation as it is now.',
        resolve: (query, { conversationId }, _args, { services, viewer }) =>
          services.conversations.get(viewer, conversationId, query),
      }),
      outcomes: t.field({
        type: [TagOutcomeRef],
        description: 'By record, in the order in which they were given.',
        resolve: ({ outcomes }) => [...outcomes],
      }),
    }),
  })

const TagConversationResult = builder.errorUnion('TagConversationResult', {
  description: 'What tagging can come to.',
  types: [
    TagConversationSuccessRef,
    ValidationError,
    NotConnectedError,
    NotAllowedError,
    NotFoundError,
    NotEndedError,
    ConflictError,
  ],
})

builder.mutationField('tagConversation', (t) =>
  t.field({
    type: TagConversationResult,
    authScopes: { agent: true },
    complexity: ({ recordIds }) => crmCallFor(recordIds),
    description:
      'Attaches a conversation to records, and has its transcript delivered there: a text message thread at once, a chat when it has ended. The same record again is the same tag.',
    args: {
      conversationId: t.arg.id({ required: true, description: 'The global ID of the conversation.' }),
      recordIds: t.arg.idList({ required: true, description: 'The global IDs of the records, at most 50.' }),
      backendValues: t.arg({
        type: [FieldValueInputRef],
        description: 'For the backend inputs of those records, as tagForm lists them.',
      }),
      afterEnd: t.arg.boolean({
        defaultValue: false,
        description: 'Of a chat that still runs: deliver it when it has ended, rather than refuse.',
      }),
      idempotencyKey: t.arg.string({ description: 'Your own key: used again with another input, it is refused.' }),
    },
    resolve: async (_root, args, { services, viewer, loaders, signal }) => {
      const conversationId = lookUpId('Conversation', args.conversationId)
      const input = {
        conversationId,
        recordIds: args.recordIds,
        backendValues: args.backendValues ?? [],
        afterEnd: args.afterEnd ?? false,
        idempotencyKey: args.idempotencyKey ?? null,
      }
      const outcomes = await services.pushes.tag(viewer, input, {
        references: (recordIds) => services.records.references(viewer, recordIds, loaders),
        checkLookups: (integration, given) => services.records.checkLookups(viewer, integration, given, { signal }),
      })
      return { __typename: 'TagConversationSuccess' as const, conversationId, outcomes }
    },
  }),
)
