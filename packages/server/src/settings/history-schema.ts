/** The history of an integration's settings in GraphQL. */

import { builder } from '../builder.ts'
import { page } from '../cost.ts'
import { IntegrationRef } from '../integrations/schema.ts'
import { SettingsSectionEnum } from './section-schema.ts'

const SettingsChangeRef = builder.prismaNode('SettingsChange', {
  description: 'One change of the settings. `restoreSettings` goes back to what they were right after it.',
  id: { field: 'id' },
  nullable: true,
  authScopes: { service: true },
  // It holds the whole settings besides: only what is asked for is read.
  select: { id: true },
  findUnique: (id, { viewer }) => ({ id, workspaceId: viewer.workspaceId }),
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When it was made.' }),
    by: t.exposeString('by', { description: 'Who made it.' }),
    version: t.exposeInt('version', { description: 'The version of the settings that it made.' }),
    section: t.expose('section', { type: SettingsSectionEnum, description: 'What it is about.' }),
    summary: t.exposeString('summary', { description: 'What was done, for people.' }),
    before: t.expose('before', { type: 'JSON', nullable: true, description: 'What the section held before.' }),
    after: t.expose('after', { type: 'JSON', nullable: true, description: 'What it held then.' }),
    document: t.expose('document', {
      type: 'JSON',
      description: 'All settings right after it: what `restoreSettings` goes back to.',
    }),
  }),
})

builder.objectField(IntegrationRef, 'settingsHistory', (t) =>
  t.prismaConnection(
    {
      type: SettingsChangeRef,
      cursor: 'id',
      maxSize: 100,
      defaultSize: 25,
      edgesNullable: false,
      nodeNullable: false,
      authScopes: { service: true },
      complexity: page(25),
      description: 'The changes of its settings, the newest first.',
      resolve: (query, { id, workspaceId }, _args, { services }) =>
        services.settingsRows.listChanges(workspaceId, id, query),
    },
    { name: 'SettingsChangeConnection', description: 'A page of changes.' },
    { name: 'SettingsChangeEdge', description: 'A change in its page.' },
  ),
)
