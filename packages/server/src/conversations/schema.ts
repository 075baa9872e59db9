/** Conversations in GraphQL. */

import { builder } from '../builder.ts'
import { page } from '../cost.ts'
import { ConflictError, NotAllowedError, NotFoundError, ValidationError } from '../shared/errors.ts'
import { lookUpId } from '../shared/global-id.ts'
import { listChatVariables } from '../workspaces/chat-variables.ts'
import type { ConversationScope, Variable, Visitor } from './conversation.ts'
import { MessageConnectionRef, MessageInputRef } from './message-schema.ts'

export const ChannelEnum = builder.enumType('Channel', {
  description: 'How one talks in a conversation.',
  values: {
    CHAT: { description: 'A live chat: it is pushed when it has ended.' },
    SMS: { description: 'A thread of text messages: it is pushed at once, and every later message follows.' },
  },
})

const ConversationStatusEnum = builder.enumType('ConversationStatus', {
  description: 'Whether a conversation still runs.',
  values: { ACTIVE: { description: 'It runs.' }, ENDED: { description: 'It has ended.' } },
})

const VisitorRef = builder.objectRef<Visitor>('Visitor').implement({
  description: 'Who is talked to, as far as known.',
  fields: (t) => ({
    externalId: t.exposeString('externalId', {
      nullable: true,
      description: "The chat product's own id of the visitor.",
    }),
    firstName: t.exposeString('firstName', { nullable: true, description: 'First name.' }),
    lastName: t.exposeString('lastName', { nullable: true, description: 'Last name.' }),
    fullName: t.exposeString('fullName', {
      nullable: true,
      description: 'The whole name, where it is not known in parts.',
    }),
    phone: t.exposeString('phone', { nullable: true, description: 'Phone number, as it was given.' }),
    email: t.exposeString('email', { nullable: true, description: 'E-mail address.' }),
    accountId: t.exposeString('accountId', {
      nullable: true,
      description: "What the chat product calls the visitor's account.",
    }),
  }),
})

const VariableValueRef = builder.objectRef<Variable & { declared: boolean }>('VariableValue').implement({
  description: 'A chat variable: what the chat product knows besides.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    value: t.exposeString('value', { description: 'Its value.' }),
    declared: t.exposeBoolean('declared', {
      description: 'The workspace knows it, so that settings can take it: it is built in, or was declared.',
    }),
  }),
})

export const ConversationRef = builder.prismaNode('Conversation', {
  description: 'A live chat or a thread of text messages.',
  id: { field: 'id' },
  nullable: true,
  findUnique: (id, { viewer }) => ({ id, workspaceId: viewer.workspaceId, ...itself(viewer) }),
  fields: (t) => ({
    externalId: t.exposeString('externalId', { description: "The chat product's own id of it." }),
    channel: t.field({ type: ChannelEnum, description: 'How one talks.', resolve: (it) => it.channel }),
    status: t.field({
      type: ConversationStatusEnum,
      description: 'Whether it still runs.',
      resolve: (it) => it.status,
    }),
    startedAt: t.expose('startedAt', { type: 'DateTime', description: 'When it began.' }),
    endedAt: t.expose('endedAt', { type: 'DateTime', nullable: true, description: 'When it ended.' }),
    url: t.expose('url', { type: 'URL', nullable: true, description: 'Where the chat product shows it.' }),
    purgedAt: t.expose('purgedAt', {
      type: 'DateTime',
      nullable: true,
      description:
        "When its messages, visitor and variables were removed, as the workspace's retention says; null where nothing was, or something came since.",
    }),
    visitor: t.field({
      type: VisitorRef,
      description: 'Who is talked to.',
      resolve: (conversation, _args, { services }) => services.conversations.visitorOf(conversation),
    }),
    variables: t.field({
      type: [VariableValueRef],
      description: 'Its chat variables.',
      resolve: async (conversation, _args, { services, viewer }) => {
        const { chatVariables } = await services.workspaces.get(viewer.workspaceId)
        const known = new Set(listChatVariables(chatVariables).map(({ name }) => name))
        const variables = services.conversations.variablesOf(conversation)
        return variables.map((variable) => ({ ...variable, declared: known.has(variable.name) }))
      },
    }),
    messages: t.field({
      type: MessageConnectionRef,
      complexity: page(50),
      description: 'Its messages in order: by sequence, else by time of sending, else by arrival.',
      args: {
        first: t.arg.int({ description: 'How many, at most 200.' }),
        after: t.arg.string({ description: 'Only those behind this cursor.' }),
      },
      resolve: (conversation, { first, after }, { services }) =>
        services.conversations.listMessages(conversation, {
          first: Math.min(Math.max(first ?? 50, 0), 200),
          after: after ? Number(after) : null,
        }),
    }),
  }),
})

export const VisitorInputRef = builder.inputType('VisitorInput', {
  description: 'What is known of a visitor. What is left out or blank is not known, and changes nothing.',
  fields: (t) => ({
    externalId: t.string({ description: "The chat product's own id of the visitor." }),
    firstName: t.string({ description: 'First name.' }),
    lastName: t.string({ description: 'Last name.' }),
    fullName: t.string({ description: 'The whole name, where it is not known in parts.' }),
    phone: t.string({ description: 'Phone number, in any format.' }),
    email: t.string({ description: 'E-mail address.' }),
    accountId: t.string({ description: "What the chat product calls the visitor's account." }),
  }),
})

export const VariableValueInputRef = builder.inputType('VariableValueInput', {
  description: 'A chat variable.',
  fields: (t) => ({
    name: t.string({ required: true, description: 'Its name.' }),
    value: t.string({ required: true, description: 'Its value.' }),
  }),
})

const StartConversationInputRef = builder.inputType('StartConversationInput', {
  description: 'A conversation that begins.',
  fields: (t) => ({
    externalId: t.string({
      required: true,
      description: "The chat product's own id of it: begun twice, it is one conversation.",
    }),
    channel: t.field({ type: ChannelEnum, required: true, description: 'How one talks.' }),
    visitor: t.field({ type: VisitorInputRef, required: true, description: 'Who is talked to, as far as known.' }),
    startedAt: t.field({ type: 'DateTime', description: 'When it began; now, where it is left out.' }),
    url: t.field({ type: 'URL', description: 'Where the chat product shows it.' }),
    variables: t.field({ type: [VariableValueInputRef], description: 'Chat variables, as the script gives them.' }),
    pageUrl: t.string({
      description:
        'The page that it began on. Declared chat variables are read from its query too; the script goes first.',
    }),
  }),
})

const ConversationSuccessRef = builder
  .objectRef<{ __typename: 'ConversationSuccess'; conversationId: string }>('ConversationSuccess')
  .implement({
    description: 'It is done.',
    fields: (t) => ({
      conversation: t.prismaField({
        type: ConversationRef,
        description: 'The conversation as it is now.',
        resolve: (query, { conversationId }, _args, { services, viewer }) =>
          services.conversations.get(viewer, conversationId, query),
      }),
    }),
  })

const ConversationResult = builder.errorUnion('ConversationResult', {
  description: 'What a change of a conversation can come to.',
  types: [ConversationSuccessRef, ValidationError, NotAllowedError, NotFoundError, ConflictError],
})

const success = (conversationId: string) => ({ __typename: 'ConversationSuccess' as const, conversationId })

/** The id inside a global ID; one that names no conversation finds nothing. */
const conversationIdOf = (globalId: string) => lookUpId('Conversation', globalId)

function itself({ conversationIds }: ConversationScope) {
  return conversationIds === null ? {} : { AND: [{ id: { in: [...conversationIds] } }] }
}

builder.queryFields((t) => ({
  conversation: t.prismaField({
    type: ConversationRef,
    nullable: true,
    authScopes: { agent: true },
    description: "One conversation, by its global ID or by the chat product's own id; null where there is none.",
    args: {
      id: t.arg.id({ description: 'The global ID.' }),
      externalId: t.arg.string({ description: "The chat product's own id." }),
    },
    resolve: (query, _root, { id, externalId }, { services, viewer }) => {
      if (id) return services.conversations.find(viewer, { id: conversationIdOf(id) }, query)
      return externalId ? services.conversations.find(viewer, { externalId }, query) : null
    },
  }),
  conversations: t.prismaConnection(
    {
      type: ConversationRef,
      cursor: 'id',
      maxSize: 100,
      defaultSize: 25,
      edgesNullable: false,
      nodeNullable: false,
      authScopes: { agent: true },
      complexity: page(25),
      description: 'Conversations, the latest first.',
      args: {
        status: t.arg({ type: ConversationStatusEnum, description: 'Only those that run, or that have ended.' }),
        channel: t.arg({ type: ChannelEnum, description: 'Only those of this channel.' }),
        tagged: t.arg.boolean({ description: 'Only those that are attached to a record, or to none.' }),
        since: t.arg({ type: 'DateTime', description: 'Only those that began at this moment or later.' }),
      },
      resolve: (query, _root, { status, channel, tagged, since }, { services, viewer }) =>
        services.conversations.list(
          viewer,
          { status: status ?? null, channel: channel ?? null, tagged: tagged ?? null, since: since ?? null },
          query,
        ),
    },
    { name: 'ConversationConnection', description: 'A page of conversations.' },
    { name: 'ConversationEdge', description: 'A conversation in its page.' },
  ),
}))

builder.mutationFields((t) => ({
  startConversation: t.field({
    type: ConversationResult,
    authScopes: { agent: true },
    description:
      'Begins a conversation. The same externalId again is the same conversation: what is new about it is added, nothing is replaced.',
    args: { input: t.arg({ type: StartConversationInputRef, required: true, description: 'The conversation.' }) },
    resolve: async (_root, { input }, { services, viewer }) =>
      success(await services.conversations.start(viewer, input)),
  }),
  updateVisitor: t.field({
    type: ConversationResult,
    authScopes: { agent: true },
    description: 'Replaces what is known of the visitor by what is given; the rest stays.',
    args: {
      conversationId: t.arg.id({ required: true, description: 'The global ID of the conversation.' }),
      visitor: t.arg({ type: VisitorInputRef, required: true, description: 'What is known now.' }),
    },
    resolve: async (_root, { conversationId, visitor }, { services, viewer }) =>
      success(await services.conversations.updateVisitor(viewer, conversationIdOf(conversationId), visitor)),
  }),
  appendMessages: t.field({
    type: ConversationResult,
    authScopes: { agent: true },
    description:
      'Adds messages. A message whose externalId is there already is not added again. Where the conversation is attached to records, they follow there.',
    args: {
      conversationId: t.arg.id({ required: true, description: 'The global ID of the conversation.' }),
      messages: t.arg({ type: [MessageInputRef], required: true, description: 'The messages, at most 500 at a time.' }),
    },
    resolve: async (_root, { conversationId, messages }, { services, viewer }) =>
      success(await services.conversations.append(viewer, conversationIdOf(conversationId), messages)),
  }),
  endConversation: t.field({
    type: ConversationResult,
    authScopes: { agent: true },
    description: 'Ends a conversation: pushes that waited for it begin. Ending it again changes nothing.',
    args: { id: t.arg.id({ required: true, description: 'The global ID of the conversation.' }) },
    resolve: async (_root, { id }, { services, viewer }) =>
      success(await services.conversations.end(viewer, conversationIdOf(id))),
  }),
}))
