/** Workspaces in GraphQL. */
import { builder } from '../builder.ts'
import type { WorkspaceRow } from './service.ts'

export const WorkspaceRef = builder.objectRef<WorkspaceRow>('Workspace')

builder.node(WorkspaceRef, {
  description: 'Everything of one customer; nothing in it is seen from outside.',
  id: { resolve: (workspace) => workspace.id },
  loadOne: (id, { services, viewer }) => (id === viewer.workspaceId ? services.workspaces.get(id) : null),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name.' }),
    timeZone: t.exposeString('timeZone', { description: 'Times in transcripts are written in this zone (IANA name).' }),
    countryCode: t.exposeString('countryCode', {
      description: 'Phone numbers without a prefix are read as of this country (ISO 3166 alpha-2).',
    }),
    retentionDays: t.exposeInt('retentionDays', {
      nullable: true,
      description: 'How long conversations are kept, counted from their last message; null: for good.',
    }),
    brand: t.exposeString('brand', {
      description: 'What subjects begin with: "Alive" gives "Alive SMS", "Alive Chat".',
    }),
  }),
})
