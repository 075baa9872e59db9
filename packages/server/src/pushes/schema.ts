/** Pushes in GraphQL: reading them, and hearing of them. */

import { builder } from '../builder.ts'
import { page } from '../cost.ts'
import { cursorArgs, readCursor } from '../events/cursor-schema.ts'
import type { StoredEvent } from '../events/event.ts'
import './action-schema.ts'
import { localId, PushFilterInputRef, toPushFilter } from './filter-schema.ts'
import { PushRef } from './push-node.ts'
import { PushConnectionRef, readPushPage } from './push-page.ts'
import './tag-schema.ts'

builder.queryField('pushes', (t) =>
  t.field({
    type: PushConnectionRef,
    authScopes: { agent: true },
    complexity: page(25),
    description: 'Pushes, the newest first.',
    args: {
      first: t.arg.int({ description: 'How many, at most 100.' }),
      after: t.arg.string({ description: 'Only those behind this cursor.' }),
      filter: t.arg({ type: PushFilterInputRef, description: 'Which.' }),
    },
    resolve: (_root, { filter, ...args }, context, info) => readPushPage(args, toPushFilter(filter), context, info),
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
