/** Integrations and their entity types in GraphQL. */
import type { ProviderLimits } from '@backchannel/providers'
import { builder } from '../builder.ts'
import { decodeId } from '../shared/global-id.ts'
import { ProviderEnum } from '../shared/schema.ts'
import { MetadataRef } from './metadata-schema.ts'
import { CheckStateEnum } from './settings-enums-schema.ts'
import type { EntityTypeSnapshot, IntegrationSnapshot, integrationStatuses } from './snapshot.ts'

const IntegrationStatusEnum = builder.enumType('IntegrationStatus', {
  description: 'Whether an integration works.',
  values: {
    CONNECTED: { description: 'It works.' },
    DISCONNECTED: { description: 'It was disconnected. Settings stay, pushes wait.' },
    ATTENTION: { description: 'Something needs a person; `problems` says what.' },
  } satisfies Record<(typeof integrationStatuses)[number], { description: string }>,
})

const CrmLimitsRef = builder.objectRef<ProviderLimits>('CrmLimits').implement({
  description: "What is known of the org's API budget, from its answers so far.",
  fields: (t) => ({
    used: t.exposeInt('used', { nullable: true, description: 'Calls of the last 24 hours.' }),
    limit: t.exposeInt('limit', { nullable: true, description: 'Calls that 24 hours may have.' }),
    throttledUntil: t.field({
      type: 'DateTime',
      nullable: true,
      description: 'Until when the CRM asked us to wait.',
      resolve: ({ throttledUntil }) => (throttledUntil === null ? null : new Date(throttledUntil)),
    }),
  }),
})

export const EntityKindEnum = builder.enumType('EntityKind', {
  description: 'What an entity type is to us.',
  values: {
    ACCOUNT: { description: 'Companies, and person accounts.' },
    CONTACT: { description: 'People.' },
    LEAD: { description: 'People and companies that may become customers.' },
    CUSTOM: { description: 'Any other table or object, added by the admin.' },
  },
})

export const IntegrationRef = builder.objectRef<IntegrationSnapshot>('Integration')
export const EntityTypeRef = builder.objectRef<EntityTypeSnapshot>('EntityType')

builder.node(EntityTypeRef, {
  description: 'An entity type of a CRM that the admin has set up.',
  id: { resolve: (entityType) => entityType.id },
  loadOne: async (id, { services, viewer }) => {
    const integrations = await services.integrations.list(viewer.workspaceId)
    return integrations.flatMap((integration) => integration.entityTypes).find((it) => it.id === id) ?? null
  },
  fields: (t) => ({
    integration: t.field({
      type: IntegrationRef,
      description: 'Where it is set up.',
      resolve: async ({ integrationId }, _args, { services, viewer }) => {
        const integration = await services.integrations.find(viewer.workspaceId, integrationId)
        if (integration === null) throw new Error(`Entity type of a missing integration ${integrationId}`)
        return integration
      },
    }),
    name: t.exposeString('name', { description: 'Logical name (Dynamics) or API name (Salesforce).' }),
    kind: t.field({ type: EntityKindEnum, description: 'What it is to us.', resolve: (it) => it.kind }),
    displayName: t.exposeString('displayName', { description: 'What people call it.' }),
    primaryField: t.exposeString('primaryField', { description: 'The field that names a record.' }),
    primaryFieldLabel: t.exposeString('primaryFieldLabel', { description: 'The label of that field.' }),
    searchable: t.exposeBoolean('searchable', { description: 'Whether agents may search it.' }),
    creatable: t.exposeBoolean('creatable', { description: 'Whether agents may create records of it.' }),
    position: t.exposeInt('position', { description: 'Its place among the entity types, from 0.' }),
    check: t.field({
      type: CheckStateEnum,
      description: "What the org's metadata last said of it.",
      resolve: (entityType) => entityType.check,
    }),
  }),
})

builder.node(IntegrationRef, {
  description: 'One configured CRM org.',
  id: { resolve: (integration) => integration.id },
  loadOne: (id, { services, viewer }) => services.integrations.find(viewer.workspaceId, id),
  fields: (t) => ({
    provider: t.field({ type: ProviderEnum, description: 'Which CRM.', resolve: (it) => it.provider }),
    name: t.exposeString('name', { description: 'The name of the org.' }),
    url: t.expose('url', { type: 'URL', description: 'Where its records open.' }),
    orgId: t.exposeString('orgId', { nullable: true, description: "The CRM's own id of the org." }),
    emulated: t.exposeBoolean('emulated', { description: 'It is the emulator, not a real CRM.' }),
    status: t.field({ type: IntegrationStatusEnum, description: 'Whether it works.', resolve: (it) => it.status }),
    connectedAt: t.expose('connectedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last connected.',
    }),
    connectedAs: t.exposeString('connectedAs', {
      nullable: true,
      authScopes: { service: true },
      description: 'Who we are in the CRM.',
    }),
    sessionEndsInSeconds: t.int({
      nullable: true,
      authScopes: { admin: true },
      description:
        'How long a person still has to go on with its session, which nothing renews and which was idle for too long (`keepSession`); null while nobody is asked.',
      resolve: ({ id, workspaceId }, _args, { services }) => services.integrations.sessionEndsIn(workspaceId, id),
    }),
    entityTypes: t.field({
      type: [EntityTypeRef],
      description: "The entity types that are set up, in the admin's order.",
      resolve: (integration) => [...integration.entityTypes],
    }),
    metadata: t.field({
      type: MetadataRef,
      authScopes: { admin: true },
      description: 'What the org really has: feeds every picker.',
      resolve: (integration) => integration,
    }),
    limits: t.field({
      type: CrmLimitsRef,
      nullable: true,
      authScopes: { service: true },
      description: "What is known of the org's API budget; null while it is not connected.",
      resolve: ({ id, workspaceId }, _args, { services }) => services.integrations.limits(workspaceId, id),
    }),
  }),
})

builder.queryFields((t) => ({
  integrations: t.field({
    type: [IntegrationRef],
    authScopes: { agent: true },
    description: 'The CRM orgs of the workspace, in the order in which they were connected.',
    resolve: async (_root, _args, { services, viewer }) => [...(await services.integrations.list(viewer.workspaceId))],
  }),
  integration: t.field({
    type: IntegrationRef,
    nullable: true,
    authScopes: { agent: true },
    description: 'One CRM org of the workspace.',
    args: { id: t.arg.id({ required: true, description: 'The global ID of the integration.' }) },
    resolve: (_root, args, { services, viewer }) => {
      const id = decodeId('Integration', args.id)
      return id === null ? null : services.integrations.find(viewer.workspaceId, id)
    },
  }),
}))
