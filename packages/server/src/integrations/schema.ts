/** Integrations in GraphQL. */
import {
  type ConnectFieldDescriptor,
  type ConnectMethodDescriptor,
  type FieldTypeDescriptor,
  type ProviderDescriptor,
  type ProviderLimits,
  providerDefinitions,
} from '@backchannel/providers'
import { builder } from '../builder.ts'
import {
  ConflictError,
  CrmError,
  NotAllowedError,
  NotConnectedError,
  NotFoundError,
  ValidationError,
} from '../shared/errors.ts'
import { decodeId, lookUpId } from '../shared/global-id.ts'
import { ErrorCodeEnum, ProviderEnum } from '../shared/schema.ts'
import { FieldTypeEnum } from './field-type-schema.ts'
import { MetadataRef } from './metadata-schema.ts'
import type { SignInStarted } from './service.ts'
import type { EntityTypeSnapshot, IntegrationProblem, IntegrationSnapshot, integrationStatuses } from './snapshot.ts'

// ------------------------------------------------------------------------------------------------ what can be connected

const ConnectFieldRef = builder.objectRef<ConnectFieldDescriptor>('ConnectField').implement({
  description: 'One input of a connect form.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'The name of the input field.' }),
    label: t.exposeString('label', { description: 'Its label.' }),
    help: t.string({ nullable: true, description: 'What to enter.', resolve: (field) => field.help ?? null }),
    required: t.exposeBoolean('required', { description: 'Whether it must be given.' }),
    secret: t.exposeBoolean('secret', { description: 'Write-only: encrypted, and never given back.' }),
    placeholder: t.string({
      nullable: true,
      description: 'An example.',
      resolve: (field) => field.placeholder ?? null,
    }),
  }),
})

const ConnectMethodRef = builder.objectRef<ConnectMethodDescriptor>('ConnectMethod').implement({
  description: 'One way of connecting.',
  fields: (t) => ({
    key: t.exposeString('key', { description: 'Its name for programs.' }),
    label: t.exposeString('label', { description: 'Its label.' }),
    help: t.string({ nullable: true, description: 'When to choose it.', resolve: (method) => method.help ?? null }),
    redirects: t.exposeBoolean('redirects', { description: "Whether the person signs in at the vendor's own page." }),
    fields: t.field({
      type: [ConnectFieldRef],
      description: 'The inputs, in order.',
      resolve: (method) => [...method.fields],
    }),
  }),
})

const FieldTypeDescriptorRef = builder.objectRef<FieldTypeDescriptor>('FieldTypeDescriptor').implement({
  description: 'A field type that a setting may have, with the name that this CRM gives it.',
  fields: (t) => ({
    type: t.field({ type: FieldTypeEnum, description: 'The type.', resolve: (descriptor) => descriptor.type }),
    label: t.exposeString('label', { description: "The CRM's own name of it." }),
    inExport: t.exposeBoolean('inExport', { description: 'Whether export fields may have it.' }),
    maxLength: t.exposeBoolean('maxLength', { description: 'Whether a maximum length may be set.' }),
  }),
})

const ProviderDescriptorRef = builder.objectRef<ProviderDescriptor>('ProviderDescriptor').implement({
  description: 'A CRM that can be connected, and how.',
  fields: (t) => ({
    provider: t.field({ type: ProviderEnum, description: 'Which CRM.', resolve: (descriptor) => descriptor.key }),
    displayName: t.exposeString('displayName', { description: 'Its name.' }),
    documentationUrl: t.expose('documentationUrl', {
      type: 'URL',
      description: "The vendor's page about connecting.",
    }),
    connectLabel: t.exposeString('connectLabel', { description: 'The label of the button that connects it.' }),
    panelLabel: t.exposeString('panelLabel', { description: "The label of the button in an agent's panel." }),
    methods: t.field({
      type: [ConnectMethodRef],
      description: 'The ways of connecting.',
      resolve: (descriptor) => [...descriptor.methods],
    }),
    fieldTypes: t.field({
      type: [FieldTypeDescriptorRef],
      description: 'The field types that its settings may have.',
      resolve: (descriptor) => [...descriptor.fieldTypes],
    }),
  }),
})

// ------------------------------------------------------------------------------------------------ what is connected

const IntegrationStatusEnum = builder.enumType('IntegrationStatus', {
  description: 'Whether an integration works.',
  values: {
    CONNECTED: { description: 'It works.' },
    DISCONNECTED: { description: 'It was disconnected. Settings stay, pushes wait.' },
    ATTENTION: { description: 'Something needs a person; `problems` says what.' },
  } satisfies Record<(typeof integrationStatuses)[number], { description: string }>,
})

const IntegrationProblemRef = builder.objectRef<IntegrationProblem>('IntegrationProblem').implement({
  description: 'What does not work, or works less well than it could.',
  fields: (t) => ({
    code: t.field({ type: ErrorCodeEnum, description: 'The cause, for programs.', resolve: (problem) => problem.code }),
    message: t.exposeString('message', { description: 'The cause and what to do about it.' }),
    since: t.expose('since', { type: 'DateTime', description: 'When it was found.' }),
  }),
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
    problems: t.field({
      type: [IntegrationProblemRef],
      authScopes: { service: true },
      description: 'What needs a person, or works less well than it could.',
      resolve: (integration) => [...integration.problems],
    }),
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
      resolve: async ({ id, workspaceId }, _args, { services }) =>
        (await services.integrations.provider(workspaceId, id))?.limits() ?? null,
    }),
  }),
})

builder.queryFields((t) => ({
  providers: t.field({
    type: [ProviderDescriptorRef],
    authScopes: { agent: true },
    description: 'The CRMs that can be connected, and how.',
    resolve: () => Object.values(providerDefinitions).map((definition) => definition.descriptor),
  }),
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

// ------------------------------------------------------------------------------------------------ connecting

const ConnectAppRegistrationInputRef = builder.inputType('ConnectAppRegistrationInput', {
  description: 'An app registration of the customer signs in by itself (Dynamics 365 cloud).',
  fields: (t) => ({
    integrationId: t.id({ description: 'Reconnect this integration; another org is refused.' }),
    applicationUrl: t.string({ required: true, description: 'The address of any page of the environment.' }),
    tenantId: t.string({ required: true, description: 'Directory (tenant) ID.' }),
    clientId: t.string({ required: true, description: 'Application (client) ID.' }),
    clientSecret: t.string({ description: 'The value of a client secret; or give a certificate.' }),
    certificatePem: t.string({ description: 'Certificate and private key as PEM, one after the other.' }),
    authority: t.string({ description: 'Only where Microsoft sign-in lives at an address of its own.' }),
  }),
})

const ConnectDynamicsInputRef = builder.inputType('ConnectDynamicsInput', {
  description: 'How to connect a Dynamics 365 environment.',
  isOneOf: true,
  fields: (t) => ({
    appRegistration: t.field({ type: ConnectAppRegistrationInputRef, description: 'By an app registration.' }),
  }),
})

const BeginSignInInputRef = builder.inputType('BeginSignInInput', {
  description: "Begin a sign-in at the vendor's own page.",
  fields: (t) => ({
    provider: t.field({ type: ProviderEnum, required: true, description: 'Which CRM.' }),
    integrationId: t.id({ description: 'Reconnect this integration; another org is refused.' }),
    loginUrl: t.string({ description: 'Production, sandbox or My Domain address; production where none is given.' }),
    clientId: t.string({ description: "The consumer key of the workspace's own connected app." }),
    clientSecret: t.string({ description: 'Its consumer secret.' }),
    activityKeyField: t.string({
      description: 'API name of the unique external-ID text field that holds our keys, where it has another than ours.',
    }),
    returnTo: t.string({ description: 'A path of this server where the browser goes on afterwards.' }),
  }),
})

const ConnectSuccessRef = builder
  .objectRef<{ __typename: 'ConnectSuccess'; integration: IntegrationSnapshot }>('ConnectSuccess')
  .implement({
    description: 'It is connected, or was checked.',
    fields: (t) => ({
      integration: t.field({ type: IntegrationRef, description: 'As it is now.', resolve: (it) => it.integration }),
    }),
  })

const ConnectResult = builder.errorUnion('ConnectResult', {
  description: 'What connecting and checking can come to.',
  types: [
    ConnectSuccessRef,
    ValidationError,
    NotConnectedError,
    NotAllowedError,
    NotFoundError,
    ConflictError,
    CrmError,
  ],
})

const BeginSignInSuccessRef = builder
  .objectRef<SignInStarted & { __typename: 'BeginSignInSuccess' }>('BeginSignInSuccess')
  .implement({
    description: 'Send the browser there.',
    fields: (t) => ({
      authorizeUrl: t.expose('authorizeUrl', { type: 'URL', description: "The vendor's sign-in page." }),
      expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when the way back is open.' }),
    }),
  })

const BeginSignInResult = builder.errorUnion('BeginSignInResult', {
  description: 'What beginning a sign-in can come to.',
  types: [BeginSignInSuccessRef, ValidationError, NotAllowedError],
})

const DisconnectSuccessRef = builder
  .objectRef<{ __typename: 'DisconnectSuccess'; integration: IntegrationSnapshot }>('DisconnectSuccess')
  .implement({
    description: 'It is disconnected. Settings stay, pushes wait.',
    fields: (t) => ({
      integration: t.field({ type: IntegrationRef, description: 'As it is now.', resolve: (it) => it.integration }),
      waitingPushes: t.int({
        description: 'How many pushes wait for it to be connected again.',
        resolve: ({ integration }, _args, { services }) =>
          services.pushes.countWaiting(integration.workspaceId, integration.id),
      }),
    }),
  })

const DisconnectResult = builder.errorUnion('DisconnectResult', {
  description: 'What disconnecting can come to.',
  types: [DisconnectSuccessRef, NotFoundError, NotAllowedError],
})

/** The id inside a global ID; one that names nothing of ours finds nothing. */
const integrationIdOf = (globalId: string) => lookUpId('Integration', globalId)

builder.mutationFields((t) => ({
  connectDynamics: t.field({
    type: ConnectResult,
    authScopes: { admin: true },
    description: 'Connects a Dynamics 365 environment, or reconnects it. The CRM is asked before anything is kept.',
    args: { input: t.arg({ type: ConnectDynamicsInputRef, required: true, description: 'How.' }) },
    resolve: async (_root, { input: { appRegistration } }, { services, viewer }) => {
      // `@oneOf` has seen to it that exactly one is given.
      if (!appRegistration) throw new ValidationError([{ path: ['input'], message: 'Choose one way of connecting.' }])
      const { integrationId, ...given } = appRegistration
      const integration = await services.integrations.connectDynamics(viewer, {
        appRegistration: { ...given, integrationId: integrationId ? integrationIdOf(integrationId) : null },
      })
      return { __typename: 'ConnectSuccess' as const, integration }
    },
  }),
  beginSignIn: t.field({
    type: BeginSignInResult,
    authScopes: { admin: true },
    description: "Begins a sign-in at the vendor's own page. Its callback finishes it.",
    args: { input: t.arg({ type: BeginSignInInputRef, required: true, description: 'Where and as which app.' }) },
    resolve: async (_root, { input }, { services, viewer }) => {
      const integrationId = input.integrationId ? integrationIdOf(input.integrationId) : null
      const started = await services.integrations.beginSignIn(viewer, { ...input, integrationId })
      return { __typename: 'BeginSignInSuccess' as const, ...started }
    },
  }),
  checkIntegration: t.field({
    type: ConnectResult,
    authScopes: { admin: true },
    description: 'Asks the CRM who we are there and what is missing.',
    args: { id: t.arg.id({ required: true, description: 'The global ID of the integration.' }) },
    resolve: async (_root, { id }, { services, viewer }) => ({
      __typename: 'ConnectSuccess' as const,
      integration: await services.integrations.check(viewer, integrationIdOf(id)),
    }),
  }),
  disconnectIntegration: t.field({
    type: DisconnectResult,
    authScopes: { admin: true },
    description: 'Forgets the tokens of an integration. Settings stay, pushes wait.',
    args: { id: t.arg.id({ required: true, description: 'The global ID of the integration.' }) },
    resolve: async (_root, { id }, { services, viewer }) => ({
      __typename: 'DisconnectSuccess' as const,
      integration: await services.integrations.disconnect(viewer, integrationIdOf(id)),
    }),
  }),
}))
