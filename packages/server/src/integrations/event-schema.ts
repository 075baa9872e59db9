/** What happens to integrations, as it happens, in GraphQL. */
import { builder } from '../builder.ts'
import { cursorArgs, readCursor } from '../events/cursor-schema.ts'
import type { StoredEvent } from '../events/event.ts'
import { IntegrationRef } from './schema.ts'

const IntegrationEventRef = builder.interfaceRef<StoredEvent>('IntegrationEvent').implement({
  description: 'Something happened to an integration.',
  resolveType: ({ kind }) => {
    if (kind === 'SETTINGS_CHANGED') return 'SettingsChanged'
    return kind === 'SESSION_EXPIRING' ? 'SessionExpiring' : 'IntegrationStatusChanged'
  },
  fields: (t) => ({
    id: t.id({ description: 'A cursor: ask `after` it for what came later.', resolve: (event) => String(event.id) }),
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    integration: t.field({
      type: IntegrationRef,
      description: 'The integration as it is now.',
      resolve: async ({ integrationId }, _args, { services, viewer }) => {
        const integration = await services.integrations.find(viewer.workspaceId, integrationId ?? '')
        if (integration === null) throw new Error(`Event of a missing integration ${integrationId}`)
        return integration
      },
    }),
  }),
})

builder.objectRef<StoredEvent>('IntegrationStatusChanged').implement({
  description: 'It was connected, disconnected, checked or set up anew.',
  interfaces: [IntegrationEventRef],
})

builder.objectRef<StoredEvent>('SettingsChanged').implement({
  description: 'Its settings were changed.',
  interfaces: [IntegrationEventRef],
  fields: (t) => ({
    change: t.prismaField({
      type: 'SettingsChange',
      description: 'What was changed.',
      resolve: (query, { settingsChangeId }, _args, { services, viewer }) =>
        services.settingsRows.getChange(viewer.workspaceId, settingsChangeId ?? '', query),
    }),
  }),
})

builder.objectRef<StoredEvent>('SessionExpiring').implement({
  description:
    'Its session was idle for too long, and nothing renews it. It ends unless `keepSession` goes on with it.',
  interfaces: [IntegrationEventRef],
  fields: (t) => ({
    expiresAt: t.field({
      type: 'DateTime',
      description: 'When it ends.',
      resolve: ({ expiresAt, at }) => expiresAt ?? at,
    }),
  }),
})

builder.queryField('eventCursor', (t) =>
  t.id({
    authScopes: { agent: true },
    description:
      'Where events stand now: read it, then the state, then subscribe behind it, and nothing is missed in between.',
    resolve: async (_root, _args, { services }) => String(await services.events.latestId()),
  }),
)

builder.subscriptionField('integrationEvents', (t) =>
  t.field({
    type: IntegrationEventRef,
    authScopes: { admin: true },
    description: 'Everything that happens to the integrations, as it happens.',
    args: cursorArgs,
    subscribe: async (_root, { after }, { services, viewer, signal }) =>
      services.integrations.listen(viewer, { after: await readCursor(after, services.events), signal }),
    resolve: (event) => event,
  }),
)
