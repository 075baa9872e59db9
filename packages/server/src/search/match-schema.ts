/** Whom a conversation's visitor may be, in GraphQL. */

import { builder } from '../builder.ts'
import { ConversationRef } from '../conversations/schema.ts'
import { crmCall } from '../cost.ts'
import { MatchIdentifierEnum } from '../integrations/settings-enums-schema.ts'
import { ExplanationRef } from '../plans/schema.ts'
import { selectedAttributes } from '../records/selected-attributes.ts'
import type { SelectedAttributes } from '../records/selection.ts'
import type { ConversationMatch, MatchAction, MatchAnswer, MatchKind } from './match.ts'
import { SearchHitRef } from './schema.ts'

const MatchKindEnum = builder.enumType('MatchKind', {
  description: 'How many were found.',
  values: {
    NONE: { description: 'Nobody.' },
    ONE: { description: 'One record.' },
    MANY: { description: 'Several records.' },
  } satisfies Record<MatchKind, { description: string }>,
})

const MatchActionEnum = builder.enumType('MatchAction', {
  description: 'What an agent can do with a match.',
  values: {
    TAG: { description: 'Attach the conversation to the record.' },
    TAG_ALL: { description: 'Attach it to all records that were found.' },
    SEARCH_ANOTHER: { description: 'Look for somebody else.' },
  } satisfies Record<MatchAction, { description: string }>,
})

export const ConversationMatchRef = builder.objectRef<ConversationMatch>('ConversationMatch').implement({
  description: "Whom the conversation's visitor may be, by the rules of the settings. Nothing is tagged yet.",
  fields: (t) => ({
    kind: t.field({ type: MatchKindEnum, description: 'How many were found.', resolve: (match) => match.kind }),
    identifier: t.field({
      type: MatchIdentifierEnum,
      nullable: true,
      description: 'By what; null where nobody was found, or CRMs found them by different ones.',
      resolve: (match) => match.identifier,
    }),
    hits: t.field({
      type: [SearchHitRef],
      description: 'Of a chat all records; of a text message thread, of each CRM the one that comes first.',
      resolve: (match) => [...match.hits],
    }),
    actions: t.field({
      type: [MatchActionEnum],
      description: 'What an agent can do now.',
      resolve: (match) => [...match.actions],
    }),
  }),
})

/** Both fields of one conversation are answered by one look-up, where both are asked for. */
const lookedUp = new WeakMap<object, Promise<MatchAnswer>>()

builder.prismaObjectFields(ConversationRef, (t) => ({
  match: t.field({
    type: ConversationMatchRef,
    nullable: true,
    complexity: crmCall,
    description:
      'Whom the visitor may be, looked up now. Null where the settings have nobody looked for, or where it cannot be said since a CRM could not be asked: `why` tells.',
    resolve: async (conversation, _args, { services, viewer, signal }, info) => {
      const facts = services.conversations.factsOf(conversation)
      const answer = services.search.match(viewer, facts, selectedAttributes(info, ['hits', 'record']), signal)
      lookedUp.set(conversation, answer)
      return (await answer).match
    },
  }),
  why: t.field({
    type: [ExplanationRef],
    complexity: crmCall,
    description:
      'What was tagged by itself and what was not, rule by rule; what would be, where the visitor or the settings have changed since.',
    resolve: async (conversation, _args, { services, viewer, signal }) => {
      const facts = services.conversations.factsOf(conversation)
      const done = await services.matching.whyOf(conversation, facts)
      if (done !== null) return [...done]
      const answer = lookedUp.get(conversation) ?? services.search.match(viewer, facts, nothing, signal)
      return [...(await answer).why]
    },
  }),
}))

const nothing: SelectedAttributes = { attributes: new Set(), views: new Set() }
