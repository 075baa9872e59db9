/** Pushes in GraphQL: reading them, and hearing of them. */
import { builder } from '../builder.ts'
import { cursorArgs, readCursor } from '../events/cursor-schema.ts'
import type { StoredEvent } from '../events/event.ts'
import { lookUpId } from '../shared/global-id.ts'
import { PushRef, PushStatusEnum } from './push-node.ts'
import { PushConnectionRef, readPushPage } from './push-page.ts'
import './tag-schema.ts'

const PushFilterInputRef = builder.inputType('PushFilter', {
  description: 'Which pushes are wanted. What is left out does not narrow.',
  fields: (t) => ({
    status: t.field({ type: [PushStatusEnum], description: 'In one of these states.' }),
    integrationId: t.id({ description: 'To this CRM.' }),
    conversationId: t.id({ description: 'Of this conversation.' }),
    since: t.field({ type: 'DateTime', description: 'Asked for at this moment or later.' }),
    until: t.field({ type: 'DateTime', description: 'Asked for before this moment.' }),
  }),
})

builder.queryField('pushes', (t) =>
  t.field({
    type: PushConnectionRef,
    authScopes: { agent: true },
    description: 'Pushes, the newest first.',
    args: {
      first: t.arg.int({ description: 'How many, at most 100.' }),
      after: t.arg.string({ description: 'Only those behind this cursor.' }),
      filter: t.arg({ type: PushFilterInputRef, description: 'Which.' }),
    },
    resolve: (_root, { filter, ...args }, context, info) => {
      const narrowed = {
        status: filter?.status ?? null,
        integrationId: localId('Integration', filter?.integrationId),
        conversationId: localId('Conversation', filter?.conversationId),
        since: filter?.since ?? null,
        until: filter?.until ?? null,
      }
      return readPushPage(args, narrowed, context, info)
    },
  }),
)

const PushEventRef = builder.objectRef<StoredEvent>('PushEvent').implement({
  description: 'A push has changed.',
  fields: (t) => ({
    id: t.id({ description: 'A cursor: ask `after` it for what came later.', resolve: (event) => String(event.id) }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    push: t.prismaField({
      type: PushRef,
      description: 'The push as it is now.',
      resolve: (query, { pushId }, _args, { services, viewer }) => services.pushes.get(viewer, pushId ?? '', query),
    }),
  }),
})

builder.subscriptionField('pushEvents', (t) =>
  t.field({
    type: PushEventRef,
    authScopes: { agent: true },
    description: 'Every change of a push, as it happens.',
    args: {
      integrationId: t.arg.id({ description: 'Only those to this CRM.' }),
      ...cursorArgs,
    },
    subscribe: async (_root, { integrationId, after }, { services, viewer, signal }) =>
      services.pushes.listen(viewer, {
        integrationId: localId('Integration', integrationId),
        after: await readCursor(after, services.events),
        signal,
      }),
    resolve: (event) => event,
  }),
)

/** The id inside a global ID; null where none is given, and one that finds nothing for an id of something else. */
function localId(typename: string, globalId: string | null | undefined): string | null {
  return globalId == null ? null : lookUpId(typename, globalId)
}
