/** That somebody was found whom a conversation's visitor may be, in GraphQL. */
import { builder } from '../builder.ts'
import { ConversationEventRef } from '../conversations/event-schema.ts'
import type { StoredEvent } from '../events/event.ts'
import { createRecordLoaders } from '../records/loaders.ts'
import { selectedAttributes } from '../records/selected-attributes.ts'
import { ConversationMatchRef } from '../search/match-schema.ts'

builder.objectRef<StoredEvent>('MatchFound').implement({
  description: 'One record or several were found whom the visitor of a chat may be. An agent decides.',
  interfaces: [ConversationEventRef],
  fields: (t) => ({
    match: t.field({
      type: ConversationMatchRef,
      description: 'Whom the last look-up found. No CRM is searched for it.',
      resolve: async ({ conversationId }, _args, { services, viewer, signal }, info) => {
        const row = await services.conversations.get(viewer, conversationId ?? '')
        // A subscription lasts: what it has loaded for an event before may be another record by now.
        const loaders = createRecordLoaders(services.integrations, viewer, signal)
        return services.matching.foundMatch(viewer, row, loaders, selectedAttributes(info, ['hits', 'record']))
      },
    }),
  }),
})
