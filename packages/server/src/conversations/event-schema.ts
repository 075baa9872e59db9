/** What happens to conversations, as it happens, in GraphQL. */
import { builder } from '../builder.ts'
import { cursorArgs, readCursor } from '../events/cursor-schema.ts'
import type { ConversationEventKind, StoredEvent } from '../events/event.ts'
import { PushRef } from '../pushes/push-node.ts'
import { TagRef } from '../pushes/tag-schema.ts'
import { lookUpId } from '../shared/global-id.ts'
import { MessageRef } from './message-schema.ts'
import { ConversationRef } from './schema.ts'

const typeNames = {
  MESSAGE_APPENDED: 'MessageAppended',
  VISITOR_UPDATED: 'VisitorUpdated',
  CONVERSATION_ENDED: 'ConversationEnded',
  MATCH_FOUND: 'MatchFound',
  RECORD_TAGGED: 'RecordTagged',
  RECORD_UNTAGGED: 'RecordUntagged',
  PUSH_UPDATED: 'PushUpdated',
} as const satisfies Record<ConversationEventKind, string>

/** Further kinds of events implement it where their domain is. */
export const ConversationEventRef = builder.interfaceRef<StoredEvent>('ConversationEvent').implement({
  description: 'Something happened to a conversation.',
  resolveType: ({ kind }) => typeNames[kind as ConversationEventKind],
  fields: (t) => ({
    id: t.id({ description: 'A cursor: ask `after` it for what came later.', resolve: (event) => String(event.id) }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    conversation: t.prismaField({
      type: ConversationRef,
      description: 'The conversation as it is now.',
      resolve: (query, { conversationId }, _args, { services, viewer }) =>
        services.conversations.get(viewer, conversationId ?? '', query),
    }),
  }),
})

builder.objectRef<StoredEvent>('MessageAppended').implement({
  description: 'A message was added.',
  interfaces: [ConversationEventRef],
  fields: (t) => ({
    message: t.field({
      type: MessageRef,
      description: 'The message.',
      resolve: ({ messageId }, _args, { services, viewer }) =>
        services.conversations.getMessage(viewer, messageId ?? ''),
    }),
  }),
})

builder.objectRef<StoredEvent>('VisitorUpdated').implement({
  description: 'More is known of the visitor, or of the chat variables.',
  interfaces: [ConversationEventRef],
})

builder.objectRef<StoredEvent>('RecordTagged').implement({
  description: 'It was attached to a record.',
  interfaces: [ConversationEventRef],
  fields: (t) => ({
    tag: t.prismaField({
      type: TagRef,
      description: 'What attaches it.',
      resolve: (query, { tagId }, _args, { services, viewer }) => services.pushes.getTag(viewer, tagId ?? '', query),
    }),
  }),
})

builder.objectRef<StoredEvent>('RecordUntagged').implement({
  description: 'It was taken off a record: later messages do not follow there.',
  interfaces: [ConversationEventRef],
  fields: (t) => ({
    tag: t.prismaField({
      type: TagRef,
      description: 'What attached it.',
      resolve: (query, { tagId }, _args, { services, viewer }) => services.pushes.getTag(viewer, tagId ?? '', query),
    }),
  }),
})

builder.objectRef<StoredEvent>('PushUpdated').implement({
  description: 'One of its pushes has changed.',
  interfaces: [ConversationEventRef],
  fields: (t) => ({
    push: t.prismaField({
      type: PushRef,
      description: 'The push as it is now.',
      resolve: (query, { pushId }, _args, { services, viewer }) => services.pushes.get(viewer, pushId ?? '', query),
    }),
  }),
})

builder.objectRef<StoredEvent>('ConversationEnded').implement({
  description: 'It has ended.',
  interfaces: [ConversationEventRef],
})

builder.subscriptionField('conversationEvents', (t) =>
  t.field({
    type: ConversationEventRef,
    authScopes: { agent: true },
    description: 'Everything that happens to some conversations, as it happens.',
    args: {
      conversationIds: t.arg.idList({ required: true, description: 'The global IDs of the conversations, 1 to 100.' }),
      ...cursorArgs,
    },
    subscribe: async (_root, { conversationIds, after }, { services, viewer, signal }) =>
      services.conversations.listen(
        viewer,
        conversationIds.map((id) => lookUpId('Conversation', id)),
        { after: await readCursor(after, services.events), signal },
      ),
    resolve: (event) => event,
  }),
)
