/** Retrying and giving up pushes, and taking records off, in GraphQL. */
import { builder } from '../builder.ts'
import { ConversationRef } from '../conversations/schema.ts'
import { ConflictError, NotAllowedError, NotFoundError, ValidationError } from '../shared/errors.ts'
import { lookUpId } from '../shared/global-id.ts'
import { PushFilterInputRef, toPushFilter } from './filter-schema.ts'
import { PushRef } from './push-node.ts'

const UntagSuccessRef = builder
  .objectRef<{ __typename: 'UntagSuccess'; conversationId: string }>('UntagSuccess')
  .implement({
    description: 'The record is taken off.',
    fields: (t) => ({
      conversation: t.prismaField({
        type: ConversationRef,
        description: 'The conversation as it is now; its tag stays, with the moment it was removed.',
        resolve: (query, { conversationId }, _args, { services, viewer }) =>
          services.conversations.get(viewer, conversationId, query),
      }),
    }),
  })

const UntagResult = builder.errorUnion('UntagResult', {
  description: 'What taking a record off can come to.',
  types: [UntagSuccessRef, NotFoundError, NotAllowedError],
})

const PushSuccessRef = builder.objectRef<{ __typename: 'PushSuccess'; pushId: string }>('PushSuccess').implement({
  description: 'It is done.',
  fields: (t) => ({
    push: t.prismaField({
      type: PushRef,
      description: 'The push as it is now.',
      resolve: (query, { pushId }, _args, { services, viewer }) => services.pushes.get(viewer, pushId, query),
    }),
  }),
})

const PushResult = builder.errorUnion('PushResult', {
  description: 'What acting on one push can come to.',
  types: [PushSuccessRef, NotFoundError, NotAllowedError, ConflictError],
})

const PushesSuccessRef = builder.objectRef<{ __typename: 'PushesSuccess'; count: number }>('PushesSuccess').implement({
  description: 'It is done.',
  fields: (t) => ({ count: t.exposeInt('count', { description: 'To how many pushes.' }) }),
})

const PushesResult = builder.errorUnion('PushesResult', {
  description: 'What acting on many pushes can come to.',
  types: [PushesSuccessRef, ValidationError, NotAllowedError],
})

const pushArgs = { id: { required: true, description: 'The global ID of the push.' } } as const

builder.mutationFields((t) => ({
  untagConversation: t.field({
    type: UntagResult,
    authScopes: { agent: true },
    description:
      'Takes a record off a conversation: later messages do not follow, and what was not begun is discarded. What was written stays in the CRM. Tagging the record again goes on in the same activity.',
    args: { tagId: t.arg.id({ required: true, description: 'The global ID of the tag.' }) },
    resolve: async (_root, { tagId }, { services, viewer }) => ({
      __typename: 'UntagSuccess' as const,
      conversationId: await services.pushes.untag(viewer, lookUpId('Tag', tagId)),
    }),
  }),

  retryPush: t.field({
    type: PushResult,
    authScopes: { agent: true },
    description:
      'Has one push tried at once, whatever pause is on, save one that the CRM itself asked for. A discarded one is taken up again. Refused where there is nothing to try; the message says what to do instead.',
    args: { id: t.arg.id(pushArgs.id) },
    resolve: async (_root, { id }, { services, viewer }) => {
      const pushId = lookUpId('Push', id)
      await services.pushes.retry(viewer, pushId)
      return { __typename: 'PushSuccess' as const, pushId }
    },
  }),

  discardPush: t.field({
    type: PushResult,
    authScopes: { agent: true },
    description:
      'Gives one push up. Activities behind it go on; where it is the newest of its tag, later messages do not follow, until it is retried or the record is tagged again. What was sent to the CRM already may stand there.',
    args: { id: t.arg.id(pushArgs.id) },
    resolve: async (_root, { id }, { services, viewer }) => {
      const pushId = lookUpId('Push', id)
      await services.pushes.discard(viewer, pushId)
      return { __typename: 'PushSuccess' as const, pushId }
    },
  }),

  retryPushes: t.field({
    type: PushesResult,
    authScopes: { service: true },
    description:
      'Has all pushes tried again that are RETRYING or FAILED, or in the states that the filter names, where trying again can change anything. Pauses hold for them. Counts them. For backends and admins; agents retry one push at a time.',
    args: { filter: t.arg({ type: PushFilterInputRef, required: true, description: 'Which.' }) },
    resolve: async (_root, { filter }, { services, viewer }) => ({
      __typename: 'PushesSuccess' as const,
      count: await services.pushes.retryAll(viewer, toPushFilter(filter)),
    }),
  }),

  discardPushes: t.field({
    type: PushesResult,
    authScopes: { service: true },
    description:
      'Gives up all pushes that are not done, of those that the filter finds; it must narrow by something. Counts them. For backends and admins.',
    args: { filter: t.arg({ type: PushFilterInputRef, required: true, description: 'Which.' }) },
    resolve: async (_root, { filter }, { services, viewer }) => ({
      __typename: 'PushesSuccess' as const,
      count: await services.pushes.discardAll(viewer, toPushFilter(filter)),
    }),
  }),
}))
