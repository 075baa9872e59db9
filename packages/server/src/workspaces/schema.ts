/** Workspaces in GraphQL. */
import { builder } from '../builder.ts'
import { NotAllowedError, ValidationError } from '../shared/errors.ts'
import { type ChatVariable, listChatVariables } from './chat-variables.ts'
import type { WorkspaceRow } from './service.ts'

const ChatVariableRef = builder.objectRef<ChatVariable>('ChatVariable').implement({
  description: 'Something that a chat says of itself, which export fields can take.',
  fields: (t) => ({
    name: t.exposeString('name', { description: 'Its name, spelled as the chat product spells it; case counts.' }),
    builtIn: t.exposeBoolean('builtIn', { description: 'Every workspace has it.' }),
  }),
})

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
    chatVariables: t.field({
      type: [ChatVariableRef],
      description: "The built-in chat variables, then the workspace's own.",
      resolve: ({ chatVariables }) => listChatVariables(chatVariables),
    }),
  }),
})

const UpdateWorkspaceInputRef = builder.inputType('UpdateWorkspaceInput', {
  description: 'What of a workspace is to change. What is left out stays.',
  fields: (t) => ({
    name: t.string({ description: 'Its name.' }),
    timeZone: t.string({ description: 'IANA name, such as "Europe/Berlin".' }),
    countryCode: t.string({ description: 'ISO 3166 alpha-2, such as "DE".' }),
    retentionDays: t.int({ description: 'How long conversations are kept; null: for good.' }),
    brand: t.string({ description: 'What subjects begin with.' }),
  }),
})

const WorkspaceResult = builder.errorUnion('WorkspaceResult', {
  description: 'What changing a workspace can come to.',
  types: [
    builder.objectRef<{ __typename: 'WorkspaceSuccess'; workspace: WorkspaceRow }>('WorkspaceSuccess').implement({
      description: 'It is changed.',
      fields: (t) => ({
        workspace: t.field({ type: WorkspaceRef, description: 'As it is now.', resolve: (it) => it.workspace }),
      }),
    }),
    ValidationError,
    NotAllowedError,
  ],
})

const success = async (workspace: Promise<WorkspaceRow>) => ({
  __typename: 'WorkspaceSuccess' as const,
  workspace: await workspace,
})

builder.mutationFields((t) => ({
  updateWorkspace: t.field({
    type: WorkspaceResult,
    authScopes: { admin: true },
    description: 'Changes what the workspace has set for itself.',
    args: { input: t.arg({ type: UpdateWorkspaceInputRef, required: true, description: 'What is to change.' }) },
    resolve: (_root, { input }, { services, viewer }) => success(services.workspaces.update(viewer, input)),
  }),
  declareChatVariable: t.field({
    type: WorkspaceResult,
    authScopes: { admin: true },
    description: 'Makes a chat variable known, so that export fields can take it and page addresses can carry it.',
    args: { name: t.arg.string({ required: true, description: 'As the chat product spells it; case counts.' }) },
    resolve: (_root, { name }, { services, viewer }) => success(services.workspaces.declareChatVariable(viewer, name)),
  }),
  removeChatVariable: t.field({
    type: WorkspaceResult,
    authScopes: { admin: true },
    description: 'Takes a declared chat variable away; refused while export fields take it.',
    args: { name: t.arg.string({ required: true, description: 'Its name; case counts.' }) },
    resolve: (_root, { name }, { services, viewer }) => success(services.workspaces.removeChatVariable(viewer, name)),
  }),
}))
