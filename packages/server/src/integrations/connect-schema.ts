/** Connecting, checking and disconnecting, in GraphQL. */
import { builder } from '../builder.ts'
import {
  ConflictError,
  CrmError,
  NotAllowedError,
  NotConnectedError,
  NotFoundError,
  ValidationError,
} from '../shared/errors.ts'
import { lookUpId } from '../shared/global-id.ts'
import { ProviderEnum } from '../shared/schema.ts'
import { IntegrationRef } from './schema.ts'
import type { ConnectDynamicsInput, SignInStarted } from './service.ts'
import type { IntegrationSnapshot } from './snapshot.ts'

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

const ConnectOnPremisesInputRef = builder.inputType('ConnectOnPremisesInput', {
  description: 'A user of the domain signs in by AD FS (Dynamics 365 on servers of your own).',
  fields: (t) => ({
    integrationId: t.id({ description: 'Reconnect this integration; another org is refused.' }),
    applicationUrl: t.string({
      required: true,
      description:
        'The address of any page; the name of the org in it is kept where the server is not internet-facing.',
    }),
    username: t.string({ required: true, description: 'DOMAIN\\user, or an e-mail address.' }),
    password: t.string({ required: true, description: 'Kept encrypted, and never given back.' }),
    authority: t.string({ description: 'The address of AD FS; what the server names where none is given.' }),
    clientId: t.string({ description: 'As which AD FS knows us, where that is not our own client ID.' }),
  }),
})

const ConnectDynamicsInputRef = builder.inputType('ConnectDynamicsInput', {
  description: 'How to connect a Dynamics 365 environment.',
  isOneOf: true,
  fields: (t) => ({
    onPremises: t.field({ type: ConnectOnPremisesInputRef, description: 'On-premises, by AD FS.' }),
    appRegistration: t.field({ type: ConnectAppRegistrationInputRef, description: 'By an app registration.' }),
  }),
})

const BeginSignInInputRef = builder.inputType('BeginSignInInput', {
  description: "Begin a sign-in at the vendor's own page.",
  fields: (t) => ({
    provider: t.field({ type: ProviderEnum, required: true, description: 'Which CRM.' }),
    integrationId: t.id({ description: 'Reconnect this integration; another org is refused.' }),
    applicationUrl: t.string({ description: 'Dynamics 365: the address of any page of the environment.' }),
    loginUrl: t.string({
      description: 'Salesforce: production, sandbox or My Domain address; production where none is given.',
    }),
    authority: t.string({ description: 'Dynamics 365: only where Microsoft sign-in lives at an address of its own.' }),
    clientId: t.string({
      description:
        "The workspace's own app registration (Dynamics 365: client ID) or connected app (Salesforce: consumer key); the server's, where it has one and none is given.",
    }),
    clientSecret: t.string({ description: 'Its client or consumer secret, where it has one.' }),
    activityKeyField: t.string({
      description:
        'Salesforce: API name of the unique external-ID text field that holds our keys, where it has another than ours.',
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
      authorizeUrl: t.expose('authorizeUrl', {
        type: 'URL',
        description:
          "Of somebody who is signed in: the vendor's sign-in page, to be gone through in the same session. Of a key: a page of this server, good once, that says what will be connected for whom, and goes on there.",
      }),
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

/** @throws ValidationError where neither is given, which `@oneOf` does not let through */
function toConnectInput({
  onPremises,
  appRegistration,
}: typeof ConnectDynamicsInputRef.$inferInput): ConnectDynamicsInput {
  if (onPremises) return { onPremises: { ...onPremises, integrationId: ownIdOf(onPremises) } }
  if (appRegistration) return { appRegistration: { ...appRegistration, integrationId: ownIdOf(appRegistration) } }
  throw new ValidationError([{ path: ['input'], message: 'Choose one way of connecting.' }])
}

const ownIdOf = ({ integrationId }: { integrationId?: string | number | null | undefined }) =>
  integrationId ? integrationIdOf(String(integrationId)) : null

builder.mutationFields((t) => ({
  connectDynamics: t.field({
    type: ConnectResult,
    authScopes: { admin: true },
    description: 'Connects a Dynamics 365 environment, or reconnects it. The CRM is asked before anything is kept.',
    args: { input: t.arg({ type: ConnectDynamicsInputRef, required: true, description: 'How.' }) },
    resolve: async (_root, { input }, { services, viewer }) => ({
      __typename: 'ConnectSuccess' as const,
      integration: await services.integrations.connectDynamics(viewer, toConnectInput(input)),
    }),
  }),
  beginSignIn: t.field({
    type: BeginSignInResult,
    authScopes: { admin: true },
    description: "Begins a sign-in at the vendor's own page. Its callback finishes it.",
    args: { input: t.arg({ type: BeginSignInInputRef, required: true, description: 'Where and as which app.' }) },
    resolve: async (_root, { input }, { services, viewer }) => {
      const started = await services.integrations.beginSignIn(viewer, { ...input, integrationId: ownIdOf(input) })
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
  keepSession: t.field({
    type: ConnectResult,
    authScopes: { admin: true },
    description: 'Goes on with a session that `SessionExpiring` told of, and asks the CRM whether it still holds.',
    args: { integrationId: t.arg.id({ required: true, description: 'The global ID of the integration.' }) },
    resolve: async (_root, { integrationId }, { services, viewer }) => ({
      __typename: 'ConnectSuccess' as const,
      integration: await services.integrations.keepSession(viewer, integrationIdOf(integrationId)),
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
