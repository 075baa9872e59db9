/** Forgetting a visitor, in GraphQL. */
import { builder } from '../builder.ts'
import { PushedActivityRef } from '../pushes/push-node.ts'
import { NotAllowedError, ValidationError } from '../shared/errors.ts'
import { lookUpId } from '../shared/global-id.ts'
import type { Erasure } from './service.ts'

const EraseVisitorInputRef = builder.inputType('EraseVisitorInput', {
  description: 'Whom to forget: name exactly one. What a visitor was known by before finds their conversations too.',
  isOneOf: true,
  fields: (t) => ({
    externalId: t.string({ description: "The chat product's own id of the visitor." }),
    phone: t.string({ description: 'Their phone number, in any format.' }),
    email: t.string({ description: 'Their e-mail address; case does not count.' }),
    conversationIds: t.idList({ description: 'The global IDs of their conversations, at most 1,000.' }),
  }),
})

const EraseVisitorSuccessRef = builder
  .objectRef<Erasure & { __typename: 'EraseVisitorSuccess' }>('EraseVisitorSuccess')
  .implement({
    description: 'They are forgotten here. What stands in the CRMs is not touched: the receipt says where it is.',
    fields: (t) => ({
      conversations: t.exposeInt('conversations', {
        description: 'How many conversations were removed; 0 where there are none, or none any more.',
      }),
      activities: t.field({
        type: [PushedActivityRef],
        description:
          'The activities in the CRMs that hold something of these conversations. One of which a CRM cannot say yet whether it is there is named by the key that it would carry, with the address of the org.',
        resolve: ({ activities }) => [...activities],
      }),
    }),
  })

const EraseVisitorResult = builder.errorUnion('EraseVisitorResult', {
  description: 'What forgetting a visitor can come to.',
  types: [EraseVisitorSuccessRef, ValidationError, NotAllowedError],
})

builder.mutationField('eraseVisitor', (t) =>
  t.field({
    type: EraseVisitorResult,
    authScopes: { service: true },
    description:
      'Removes all conversations of a visitor, with their messages, tags and pushes, and answers a receipt of the activities that exist in the CRMs. What is being delivered at this moment is waited for; nothing is written afterwards.',
    args: { input: t.arg({ type: EraseVisitorInputRef, required: true, description: 'Whom to forget.' }) },
    resolve: async (_root, { input }, { services, viewer }) => {
      const conversationIds = input.conversationIds?.map((id) => lookUpId('Conversation', id))
      const erasure = await services.erasure.erase(viewer, { ...input, conversationIds })
      return { __typename: 'EraseVisitorSuccess' as const, ...erasure }
    },
  }),
)
