/** Members and invites in GraphQL. */
import { builder } from '../builder.ts'
import { ConflictError, NotAllowedError, NotFoundError, ValidationError } from '../shared/errors.ts'
import { lookUpId } from '../shared/global-id.ts'
import { RoleEnum, UserRef } from '../viewers/schema.ts'
import type { InviteRow, MemberRow } from './service.ts'

const InviteRef = builder.objectRef<InviteRow>('Invite')

builder.node(InviteRef, {
  description: 'Somebody who was asked to become a member. The link itself was shown once and is not kept.',
  id: { resolve: (invite) => invite.id },
  extensions: { byId: { admin: true } },
  loadOne: (id, { services, viewer }) => services.members.findInvite(viewer, id),
  fields: (t) => ({
    email: t.exposeString('email', { description: 'The address that they will sign in with.' }),
    role: t.field({ type: RoleEnum, description: 'What they will be.', resolve: (invite) => invite.role }),
    invitedBy: t.exposeString('invitedBy', { description: 'The owner who asked them.' }),
    createdAt: t.expose('createdAt', { type: 'DateTime', description: 'When they were asked.' }),
    expiresAt: t.expose('expiresAt', { type: 'DateTime', description: 'Until when the link works.' }),
  }),
})

builder.queryFields((t) => ({
  members: t.field({
    type: [UserRef],
    authScopes: { admin: true },
    description: 'Who signs in to the workspace: the owners first, then by name.',
    resolve: (_root, _args, { services, viewer }) => services.members.list(viewer),
  }),
  invites: t.field({
    type: [InviteRef],
    authScopes: { admin: true },
    description: 'Invites that nobody has followed yet and that still can be, the oldest first.',
    resolve: (_root, _args, { services, viewer }) => services.members.listInvites(viewer),
  }),
}))

interface MemberInvite {
  __typename: 'MemberInvite'
  invite: InviteRow
  url: string
}

const InviteMemberResult = builder.errorUnion('InviteMemberResult', {
  description: 'What inviting somebody can come to.',
  types: [
    builder.objectRef<MemberInvite>('MemberInvite').implement({
      description: 'They are invited. Nothing is sent: give them the link.',
      fields: (t) => ({
        url: t.expose('url', {
          type: 'URL',
          description: 'Where they choose a name and a password. It is shown this once and works once.',
        }),
        expiresAt: t.field({
          type: 'DateTime',
          description: 'Until when the link works.',
          resolve: ({ invite }) => invite.expiresAt,
        }),
        invite: t.field({ type: InviteRef, description: 'What is kept of it.', resolve: (it) => it.invite }),
      }),
    }),
    ValidationError,
    NotAllowedError,
  ],
})

const WithdrawInviteResult = builder.errorUnion('WithdrawInviteResult', {
  description: 'What withdrawing an invite can come to.',
  types: [
    builder.objectRef<{ __typename: 'WithdrawInviteSuccess'; invite: InviteRow }>('WithdrawInviteSuccess').implement({
      description: 'Its link opens nothing any more.',
      fields: (t) => ({
        invite: t.field({ type: InviteRef, description: 'The invite.', resolve: (success) => success.invite }),
      }),
    }),
    NotFoundError,
    NotAllowedError,
  ],
})

const MemberResult = builder.errorUnion('MemberResult', {
  description: 'What changing a member can come to.',
  types: [
    builder.objectRef<{ __typename: 'MemberSuccess'; user: MemberRow }>('MemberSuccess').implement({
      description: 'It is done.',
      fields: (t) => ({
        user: t.field({ type: UserRef, description: 'Whom it was about.', resolve: (success) => success.user }),
      }),
    }),
    NotFoundError,
    NotAllowedError,
    ConflictError,
  ],
})

const success = async (user: Promise<MemberRow>) => ({ __typename: 'MemberSuccess' as const, user: await user })

builder.mutationFields((t) => ({
  inviteMember: t.field({
    type: InviteMemberResult,
    authScopes: { admin: true },
    extensions: { onlyOwners: true },
    description: 'Asks somebody to become a member. Once more: the earlier link ends.',
    args: {
      email: t.arg.string({ required: true, description: 'The address that they will sign in with.' }),
      role: t.arg({ type: RoleEnum, required: true, description: 'What they will be.' }),
    },
    resolve: async (_root, input, { services, viewer }) => ({
      __typename: 'MemberInvite' as const,
      ...(await services.members.invite(viewer, input)),
    }),
  }),
  withdrawInvite: t.field({
    type: WithdrawInviteResult,
    authScopes: { admin: true },
    extensions: { onlyOwners: true },
    description: 'Ends an invite before anybody has followed it.',
    args: { id: t.arg.id({ required: true, description: 'The global ID of the invite.' }) },
    resolve: async (_root, { id }, { services, viewer }) => ({
      __typename: 'WithdrawInviteSuccess' as const,
      invite: await services.members.withdrawInvite(viewer, lookUpId('Invite', id)),
    }),
  }),
  changeMemberRole: t.field({
    type: MemberResult,
    authScopes: { admin: true },
    extensions: { onlyOwners: true },
    description: 'Makes a member an owner or an admin. The last owner stays one.',
    args: {
      userId: t.arg.id({ required: true, description: 'The global ID of the user.' }),
      role: t.arg({ type: RoleEnum, required: true, description: 'What they are from now on.' }),
    },
    resolve: (_root, { userId, role }, { services, viewer }) =>
      success(services.members.changeRole(viewer, lookUpId('User', userId), role)),
  }),
  removeMember: t.field({
    type: MemberResult,
    authScopes: { admin: true },
    extensions: { onlyOwners: true },
    description: 'Takes a member out, with sign-in and all that is open with it. The last owner stays.',
    args: { userId: t.arg.id({ required: true, description: 'The global ID of the user.' }) },
    resolve: (_root, { userId }, { services, viewer }) =>
      success(services.members.remove(viewer, lookUpId('User', userId))),
  }),
}))
