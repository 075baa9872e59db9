/** Which pushes are wanted, as a GraphQL input. */
import { builder } from '../builder.ts'
import { lookUpId } from '../shared/global-id.ts'
import type { PushFilter } from './push-filter.ts'
import { PushStatusEnum } from './push-node.ts'

export const PushFilterInputRef = builder.inputType('PushFilter', {
  description: 'Which pushes are wanted. What is left out does not narrow.',
  fields: (t) => ({
    status: t.field({ type: [PushStatusEnum], description: 'In one of these states.' }),
    integrationId: t.id({ description: 'To this CRM.' }),
    conversationId: t.id({ description: 'Of this conversation.' }),
    since: t.field({ type: 'DateTime', description: 'Asked for at this moment or later.' }),
    until: t.field({ type: 'DateTime', description: 'Asked for before this moment.' }),
  }),
})

/** An id of something else narrows to nothing. */
export function toPushFilter(filter: typeof PushFilterInputRef.$inferInput | null | undefined): PushFilter {
  return {
    status: filter?.status ?? null,
    integrationId: localId('Integration', filter?.integrationId),
    conversationId: localId('Conversation', filter?.conversationId),
    since: filter?.since ?? null,
    until: filter?.until ?? null,
  }
}

/** The id inside a global ID; null where none is given, and one that finds nothing for an id of something else. */
export function localId(typename: string, globalId: string | number | null | undefined): string | null {
  return globalId == null ? null : lookUpId(typename, String(globalId))
}
