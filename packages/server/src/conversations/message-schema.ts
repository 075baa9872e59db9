/** Messages in GraphQL. */

import { builder } from '../builder.ts'
import { inPage } from '../cost.ts'
import type { Attachment, ConversationScope } from './conversation.ts'
import type { MessagePage } from './service.ts'

const AuthorEnum = builder.enumType('Author', {
  description: 'Who wrote a message.',
  values: {
    VISITOR: { description: 'The person who is talked to.' },
    AGENT: { description: 'Somebody of the company.' },
    SYSTEM: { description: 'The chat product itself.' },
  },
})

const AttachmentRef = builder.objectRef<Attachment>('Attachment').implement({
  description: 'A file that came with a message. Only its address is kept.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name of the file.' }),
    url: t.expose('url', { type: 'URL', description: 'Where it can be opened.' }),
    contentType: t.exposeString('contentType', { nullable: true, description: 'Its media type.' }),
  }),
})

export const MessageRef = builder.prismaNode('Message', {
  description: 'One message of a conversation.',
  id: { field: 'id' },
  nullable: true,
  findUnique: (id, { viewer }) => ({
    ...{ id, workspaceId: viewer.workspaceId, ...ofConversation(viewer) },
    contentSealed: { not: null },
  }),
  fields: (t) => ({
    externalId: t.exposeString('externalId', { description: "The chat product's own id of it." }),
    number: t.exposeInt('arrival', {
      description:
        'Counts the messages of the conversation as they arrived, from 1. Sorted by time, they may stand otherwise.',
    }),
    author: t.field({ type: AuthorEnum, description: 'Who wrote it.', resolve: (message) => message.author }),
    authorName: t.string({
      nullable: true,
      description: 'The name of who wrote it.',
      resolve: (message, _args, { services }) => services.conversations.contentOf(message).authorName,
    }),
    text: t.string({
      description: 'What was written.',
      resolve: (message, _args, { services }) => services.conversations.contentOf(message).text,
    }),
    sentAt: t.expose('sentAt', { type: 'DateTime', description: 'When it was sent.' }),
    attachments: t.field({
      type: [AttachmentRef],
      description: 'Files that came with it.',
      resolve: (message, _args, { services }) => [...services.conversations.contentOf(message).attachments],
    }),
  }),
})

const MessageEdgeRef = builder.edgeObject({
  type: MessageRef,
  name: 'MessageEdge',
  nodeNullable: false,
  description: 'A message in its page.',
})

export const MessageConnectionRef = builder.objectRef<MessagePage>('MessageConnection').implement({
  description: 'A page of messages.',
  fields: (t) => ({
    edges: t.field({
      type: [MessageEdgeRef],
      complexity: inPage,
      description: 'The messages.',
      resolve: ({ rows }) => rows.map((node) => ({ node, cursor: String(node.arrival) })),
    }),
    pageInfo: t.field({
      type: builder.pageInfoRef(),
      description: 'Where the page stands among its neighbours.',
      resolve: ({ rows, before, more }) => ({
        hasPreviousPage: before,
        hasNextPage: more,
        startCursor: rows[0] ? String(rows[0].arrival) : null,
        endCursor: rows.at(-1)?.arrival.toString() ?? null,
      }),
    }),
  }),
})

const AttachmentInputRef = builder.inputType('AttachmentInput', {
  description: 'A file that comes with a message.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'The name of the file.' }),
    url: t.field({ type: 'URL', required: true, description: 'Where it can be opened.' }),
    contentType: t.string({ description: 'Its media type.' }),
  }),
})

export const MessageInputRef = builder.inputType('MessageInput', {
  description: 'A message to add.',
  fields: (t) => ({
    externalId: t.string({
      required: true,
      description: "The chat product's own id of it: sent twice, it is one message.",
    }),
    author: t.field({ type: AuthorEnum, required: true, description: 'Who wrote it.' }),
    authorName: t.string({ description: 'The name of who wrote it.' }),
    text: t.string({ required: true, description: 'What was written.' }),
    sentAt: t.field({ type: 'DateTime', required: true, description: 'When it was sent.' }),
    sequence: t.int({
      description: "Its place among the conversation's messages, where the chat product counts them.",
    }),
    attachments: t.field({ type: [AttachmentInputRef], description: 'Files that come with it.' }),
  }),
})

/** An agent that is bound to conversations reaches only what belongs to them. */
function ofConversation({ conversationIds }: ConversationScope) {
  return conversationIds === null ? {} : { conversationId: { in: [...conversationIds] } }
}
