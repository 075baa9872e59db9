/** The audit log in GraphQL. */
import { resolveCursorConnection } from '@pothos/plugin-relay'
import { builder } from '../builder.ts'
import type { AuditEntryRow, AuditPage } from './service.ts'

const AuditEntryRef = builder.objectRef<AuditEntryRow>('AuditEntry')

builder.node(AuditEntryRef, {
  description: 'Something that somebody did. Entries are never changed and never removed.',
  id: { resolve: (entry) => entry.id },
  extensions: { byId: { admin: true }, onlyOwners: true },
  loadOne: (id, { services, viewer }) => services.audit.find(viewer, id),
  fields: (t) => ({
    at: t.expose('at', { type: 'DateTime', description: 'When.' }),
    actor: t.exposeString('actor', {
      description:
        'Who: a member by their address, a key by its name, an agent by the chat product\'s own id, or "operator" for whoever runs the server.',
    }),
    action: t.exposeString('action', {
      description: 'What: `SIGNED_IN`, `KEY_CREATED`, … Later versions know further ones.',
    }),
    subject: t.exposeString('subject', { nullable: true, description: 'To what, for people.' }),
    subjectId: t.exposeString('subjectId', {
      nullable: true,
      description: 'The global ID of it; what has it may be gone by now.',
    }),
    address: t.exposeString('address', {
      nullable: true,
      description: 'The network address that it came from; null for what was done on the server itself.',
    }),
  }),
})

const toCursor = ({ id }: AuditEntryRow) => id

builder.queryField('auditEntries', (t) =>
  t.connection(
    {
      type: AuditEntryRef,
      edgesNullable: false,
      nodeNullable: false,
      authScopes: { admin: true },
      extensions: { onlyOwners: true },
      description:
        'The audit log, the newest first: sign-ins, members, keys, integrations, settings, records, pushes, erasure.',
      args: {
        action: t.arg.string({ description: 'Only of this kind.' }),
        actor: t.arg.string({ description: 'Only by those whose name or address holds this; case does not count.' }),
        from: t.arg({ type: 'DateTime', description: 'Only of this moment or later.' }),
        until: t.arg({ type: 'DateTime', description: 'Only before this moment.' }),
      },
      resolve: (_root, { action, actor, from, until, ...args }, { services, viewer }) =>
        resolveCursorConnection(
          { args, defaultSize: 25, maxSize: 100, toCursor },
          (page: AuditPage): Promise<AuditEntryRow[]> =>
            services.audit.list(
              viewer,
              { action: action ?? null, actor: actor ?? null, from: from ?? null, until: until ?? null },
              page,
            ),
        ),
    },
    { name: 'AuditEntryConnection', description: 'A page of the audit log.' },
    { name: 'AuditEntryEdge', description: 'An entry in its page.' },
  ),
)
