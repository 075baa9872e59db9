/** Viewers, keys and agents' tokens in GraphQL. */
import { builder } from '../builder.ts'
import { NotAllowedError, NotFoundError, ValidationError } from '../shared/errors.ts'
import { decodeId, lookUpId } from '../shared/global-id.ts'
import type { SharedTrouble } from '../shared-state/shared-state.ts'
import { WorkspaceRef } from '../workspaces/schema.ts'
import type { ApiKeyRow, UserRow } from './service.ts'
import type { Agent, Role, Scope, Viewer, ViewerKind } from './viewer.ts'

type Described<Name extends string> = Record<Name, { description: string }>

const ViewerKindEnum = builder.enumType('ViewerKind', {
  description: 'What a caller is.',
  values: {
    USER: { description: 'An admin who signed in.' },
    API_KEY: { description: 'The backend of a chat product, by its key.' },
    AGENT: { description: "An agent's browser, by a token that the backend had issued." },
  } satisfies Described<ViewerKind>,
})

const ScopeEnum = builder.enumType('Scope', {
  description: 'What a caller may do. Each holds those behind it: ADMIN, SERVICE, AGENT.',
  values: {
    ADMIN: { description: 'Connect CRMs, change settings, make keys.' },
    SERVICE: { description: 'Keep conversations and issue tokens for agents.' },
    AGENT: { description: 'Search, open, create and tag.' },
  } satisfies Described<Scope>,
})

export const RoleEnum = builder.enumType('Role', {
  description: 'What a user is in the workspace.',
  values: {
    OWNER: { description: 'May do everything, and decides who else may.' },
    ADMIN: { description: 'Connects CRMs and changes settings.' },
  } satisfies Described<Role>,
})

export const UserRef = builder.objectRef<UserRow>('User')

builder.node(UserRef, {
  description: 'Somebody who signs in to the admin app.',
  id: { resolve: (user) => user.id },
  extensions: { byId: { admin: true } },
  loadOne: (id, { services, viewer }) => services.viewers.findUserById(viewer, id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Their name.' }),
    email: t.exposeString('email', { description: 'The address that they sign in with.' }),
    role: t.field({ type: RoleEnum, description: 'What they are here.', resolve: (user) => user.role }),
  }),
})

const AgentRef = builder.objectRef<Agent>('Agent').implement({
  description: 'An agent of the chat product.',
  fields: (t) => ({
    id: t.exposeID('id', { description: "The chat product's own id of the agent." }),
    name: t.exposeString('name', { description: 'Their name.' }),
    email: t.exposeString('email', { nullable: true, description: 'Their address.' }),
  }),
})

const InstallationTroubleRef = builder.objectRef<SharedTrouble>('InstallationTrouble').implement({
  description: 'What is wrong with the installation itself. It goes on, less well.',
  fields: (t) => ({
    since: t.field({ type: 'DateTime', description: 'Since when.', resolve: ({ since }) => new Date(since) }),
    message: t.exposeString('message', { description: 'What it is, what follows from it, and what to do about it.' }),
  }),
})

const ViewerRef = builder.objectRef<Viewer>('Viewer').implement({
  description: 'The caller.',
  fields: (t) => ({
    kind: t.field({ type: ViewerKindEnum, description: 'What it is.', resolve: (viewer) => viewer.kind }),
    workspace: t.field({
      type: WorkspaceRef,
      description: 'What it sees.',
      resolve: ({ workspaceId }, _args, { services }) => services.workspaces.get(workspaceId),
    }),
    user: t.field({
      type: UserRef,
      nullable: true,
      description: 'The user who signed in.',
      resolve: (viewer, _args, { services }) => services.viewers.findUser(viewer),
    }),
    agent: t.field({
      type: AgentRef,
      nullable: true,
      description: 'The agent whose token it is.',
      resolve: (viewer) => viewer.agent,
    }),
    scopes: t.field({
      type: [ScopeEnum],
      description: 'All that it holds, the widest first.',
      resolve: (viewer) => [...viewer.scopes],
    }),
    installationTrouble: t.field({
      type: InstallationTroubleRef,
      nullable: true,
      authScopes: { admin: true },
      description: 'What is wrong with the installation, as the instance that answers sees it; null: nothing.',
      resolve: (_viewer, _args, { services }) => services.shared.trouble(),
    }),
  }),
})

const ApiKeyRef = builder.objectRef<ApiKeyRow>('ApiKey')

builder.node(ApiKeyRef, {
  description: 'A key of the workspace. The key itself was shown once and is not kept.',
  id: { resolve: (apiKey) => apiKey.id },
  extensions: { byId: { admin: true } },
  loadOne: (id, { services, viewer }) => services.viewers.findApiKey(viewer, id),
  fields: (t) => ({
    name: t.exposeString('name', { description: 'What it is for.' }),
    scope: t.field({ type: ScopeEnum, description: 'What it may do.', resolve: (apiKey) => apiKey.scope }),
    preview: t.exposeString('preview', { description: 'Its first characters, to tell keys apart.' }),
    lastUsedAt: t.expose('lastUsedAt', {
      type: 'DateTime',
      nullable: true,
      description: 'When it was last used, to the minute.',
    }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', nullable: true, description: 'When it stops to work.' }),
  }),
})

builder.queryFields((t) => ({
  viewer: t.field({
    type: ViewerRef,
    authScopes: { agent: true },
    description: 'Who calls, and what they may do.',
    resolve: (_root, _args, { viewer }) => viewer,
  }),
  apiKeys: t.field({
    type: [ApiKeyRef],
    authScopes: { admin: true },
    description: 'The keys of the workspace that are in force, the oldest first.',
    resolve: (_root, _args, { services, viewer }) => services.viewers.listApiKeys(viewer),
  }),
}))

interface CreateApiKeySuccess {
  __typename: 'CreateApiKeySuccess'
  apiKey: ApiKeyRow
  key: string
}

const CreateApiKeyResult = builder.errorUnion('CreateApiKeyResult', {
  description: 'What making a key can come to.',
  types: [
    builder.objectRef<CreateApiKeySuccess>('CreateApiKeySuccess').implement({
      description: 'The key is made.',
      fields: (t) => ({
        apiKey: t.field({ type: ApiKeyRef, description: 'What is kept of it.', resolve: (success) => success.apiKey }),
        key: t.exposeString('key', { description: 'The key itself. It is shown this once: store it now.' }),
      }),
    }),
    ValidationError,
    NotAllowedError,
  ],
})

const RevokeApiKeyResult = builder.errorUnion('RevokeApiKeyResult', {
  description: 'What revoking a key can come to.',
  types: [
    builder.objectRef<{ __typename: 'RevokeApiKeySuccess'; apiKey: ApiKeyRow }>('RevokeApiKeySuccess').implement({
      description: 'The key opens nothing any more, nor do the tokens that it had issued.',
      fields: (t) => ({
        apiKey: t.field({ type: ApiKeyRef, description: 'The key.', resolve: (success) => success.apiKey }),
      }),
    }),
    NotFoundError,
    NotAllowedError,
  ],
})

interface IssueAgentTokenSuccess {
  __typename: 'IssueAgentTokenSuccess'
  token: string
  expiresAt: Date
}

const IssueAgentTokenResult = builder.errorUnion('IssueAgentTokenResult', {
  description: 'What issuing a token can come to.',
  types: [
    builder.objectRef<IssueAgentTokenSuccess>('IssueAgentTokenSuccess').implement({
      description: "Hand the token to the agent's browser.",
      fields: (t) => ({
        token: t.exposeString('token', { description: 'Goes into the Authorization header, behind "Bearer ".' }),
        expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when it works.' }),
      }),
    }),
    ValidationError,
    NotAllowedError,
  ],
})

const DEFAULT_TOKEN_SECONDS = 3600

function decodeConversationIds(ids: readonly string[]): string[] {
  return ids.map((globalId, index) => {
    const id = decodeId('Conversation', globalId)
    if (id === null) {
      const message = 'This is not the id of a conversation.'
      throw new ValidationError([{ path: ['conversationIds', String(index)], message }])
    }
    return id
  })
}

builder.mutationFields((t) => ({
  createApiKey: t.field({
    type: CreateApiKeyResult,
    authScopes: { admin: true },
    description: 'Makes a key for a backend. It is shown once.',
    args: {
      name: t.arg.string({ required: true, description: 'What it is for.' }),
      scope: t.arg({ type: ScopeEnum, required: true, description: 'What it may do.' }),
      expiresAt: t.arg({ type: 'DateTime', description: 'When it stops to work; left out: it does not.' }),
    },
    resolve: async (_root, { name, scope, expiresAt }, { services, viewer }) => ({
      __typename: 'CreateApiKeySuccess' as const,
      ...(await services.viewers.createApiKey(viewer, { name, scope, expiresAt: expiresAt ?? null })),
    }),
  }),
  revokeApiKey: t.field({
    type: RevokeApiKeyResult,
    authScopes: { admin: true },
    description: 'Ends a key and every token that it had issued.',
    args: { id: t.arg.id({ required: true, description: 'The global ID of the key.' }) },
    resolve: async (_root, { id }, { services, viewer }) => ({
      __typename: 'RevokeApiKeySuccess' as const,
      apiKey: await services.viewers.revokeApiKey(viewer, lookUpId('ApiKey', id)),
    }),
  }),
  issueAgentToken: t.field({
    type: IssueAgentTokenResult,
    authScopes: { service: true },
    description: "Issues a short-lived token for an agent's browser.",
    args: {
      agentId: t.arg.string({ required: true, description: "The chat product's own id of the agent." }),
      agentName: t.arg.string({ required: true, description: 'Their name.' }),
      agentEmail: t.arg.string({ description: 'Their address.' }),
      conversationIds: t.arg.idList({
        description: 'The only conversations that it opens, at most 50; left out: any.',
      }),
      expiresInSeconds: t.arg.int({
        defaultValue: DEFAULT_TOKEN_SECONDS,
        description: 'From 300 to 43200: a long shift.',
      }),
    },
    resolve: async (_root, args, { services, viewer }) => ({
      __typename: 'IssueAgentTokenSuccess' as const,
      ...(await services.viewers.issueAgentToken(viewer, {
        agentId: args.agentId,
        agentName: args.agentName,
        agentEmail: args.agentEmail ?? null,
        conversationIds: args.conversationIds ? decodeConversationIds(args.conversationIds) : null,
        expiresInSeconds: args.expiresInSeconds ?? DEFAULT_TOKEN_SECONDS,
      })),
    }),
  }),
}))
