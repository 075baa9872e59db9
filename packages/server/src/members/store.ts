/** Users, what makes them members, and invites. */

import { v7 as uuid } from 'uuid'
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { Prisma, PrismaClient } from '../generated/prisma/client.ts'
import type { Role } from '../viewers/viewer.ts'
import type { CompanyAccount } from './company-account.ts'

export interface MemberRow {
  readonly id: string
  readonly name: string
  readonly email: string
  readonly role: Role
}

/** An invite as it is kept: never the token of its link. */
export interface InviteRow {
  readonly id: string
  readonly workspaceId: string
  readonly email: string
  readonly role: Role
  readonly invitedBy: string
  readonly createdAt: Date
  readonly expiresAt: Date
  readonly usedAt: Date | null
  readonly withdrawnAt: Date | null
}

export type NewInvite = Omit<InviteRow, 'workspaceId' | 'usedAt' | 'withdrawnAt'> & { tokenHash: string }

/** A user about to be made; of the password only its hash. */
export interface NewUser {
  readonly name: string
  readonly email: string
  readonly passwordHash: string
}

/** Why a member stays as they are. */
export type Unchanged = 'NO_SUCH_MEMBER' | 'LAST_OWNER'

export interface MemberStore {
  countUsers(): Promise<number>
  /** The owners first, then by name. */
  list(workspaceId: string): Promise<MemberRow[]>
  find(workspaceId: string, userId: string): Promise<MemberRow | null>
  findByEmail(workspaceId: string, email: string): Promise<MemberRow | null>
  changeRole(workspaceId: string, userId: string, role: Role): Promise<MemberRow | Unchanged>
  /** Takes the user away with sign-in and sessions; answers who it was. */
  remove(workspaceId: string, userId: string): Promise<MemberRow | Unchanged>

  /** Those that can still be used, the oldest first. */
  listInvites(workspaceId: string, now: Date): Promise<InviteRow[]>
  findInvite(workspaceId: string, id: string): Promise<InviteRow | null>
  /** Whoever holds a link knows no workspace. */
  findInviteByHash(tokenHash: string): Promise<(InviteRow & { workspaceName: string }) | null>
  /** An earlier invite of the same address is withdrawn by it. */
  addInvite(workspaceId: string, invite: NewInvite): Promise<InviteRow>
  /** Null where there is none that can still be used. */
  withdrawInvite(workspaceId: string, id: string, now: Date): Promise<InviteRow | null>

  /** The user's id; null where somebody was quicker. */
  addFirstUser(workspaceId: string, user: NewUser): Promise<string | null>
  /** The user's id; null where the address has an account. */
  addUser(workspaceId: string, role: Role, user: NewUser): Promise<string | null>
  /** Ends every session of the user; answers the name of the workspace, null where nobody has the address. */
  setPassword(email: string, passwordHash: string): Promise<string | null>
  /** Whether there was one; null where nobody has the address. */
  endSecondFactor(email: string): Promise<boolean | null>
  /** Uses an invite up and makes its user, or does neither. */
  addInvited(tokenHash: string, user: Omit<NewUser, 'email'>, now: Date): Promise<string | 'NO_INVITE' | 'EMAIL_TAKEN'>
}

/** How long an invite that is over can be told from one that there never was. */
const KEPT_MS = 30 * 24 * 60 * 60_000

export function createMemberStore(prisma: PrismaClient): MemberStore {
  const everywhere = acrossWorkspaces(prisma)
  const open = (now: Date) => ({ usedAt: null, withdrawnAt: null, expiresAt: { gt: now } })

  /** Runs where the member may lose what they are; the workspace keeps an owner. */
  function unlessLastOwner(
    workspaceId: string,
    userId: string,
    change: (transaction: Prisma.TransactionClient, member: MemberRow) => Promise<MemberRow>,
    keepsOwner: boolean,
  ): Promise<MemberRow | Unchanged> {
    return prisma.$transaction(async (transaction) => {
      const row = await transaction.member.findUnique({ where: { userId, workspaceId }, include: { user: true } })
      if (!row) return 'NO_SUCH_MEMBER'
      const owners = await transaction.member.count({ where: { workspaceId, role: 'OWNER' } })
      if (row.role === 'OWNER' && owners === 1 && !keepsOwner) return 'LAST_OWNER'
      return change(transaction, toMember(row))
    })
  }

  return {
    countUsers: () => prisma.user.count(),

    async list(workspaceId) {
      const rows = await prisma.member.findMany({
        where: { workspaceId },
        include: { user: true },
        orderBy: [{ role: 'desc' }, { user: { name: 'asc' } }, { id: 'asc' }],
      })
      return rows.map(toMember)
    },

    async find(workspaceId, userId) {
      const row = await prisma.member.findUnique({ where: { userId, workspaceId }, include: { user: true } })
      return row && toMember(row)
    },

    async findByEmail(workspaceId, email) {
      const row = await prisma.member.findFirst({ where: { workspaceId, user: { email } }, include: { user: true } })
      return row && toMember(row)
    },

    changeRole: (workspaceId, userId, role) =>
      unlessLastOwner(
        workspaceId,
        userId,
        async (transaction, member) => {
          await transaction.member.update({ where: { userId, workspaceId }, data: { role } })
          return { ...member, role }
        },
        role === 'OWNER',
      ),

    remove: (workspaceId, userId) =>
      unlessLastOwner(
        workspaceId,
        userId,
        async (transaction, member) => {
          await transaction.user.delete({ where: { id: userId } })
          return member
        },
        false,
      ),

    listInvites: (workspaceId, now) =>
      prisma.invite.findMany({ where: { workspaceId, ...open(now) }, orderBy: { id: 'asc' } }),

    findInvite: (workspaceId, id) => prisma.invite.findUnique({ where: { id, workspaceId } }),

    async findInviteByHash(tokenHash) {
      const row = await everywhere.invite.findUnique({ where: { tokenHash }, include: { workspace: true } })
      return row && { ...row, workspaceName: row.workspace.name }
    },

    addInvite(workspaceId, invite) {
      const { email, createdAt } = invite
      return prisma.$transaction(async (transaction) => {
        const longOver = { workspaceId, expiresAt: { lt: new Date(createdAt.getTime() - KEPT_MS) } }
        await transaction.invite.deleteMany({ where: longOver })
        await transaction.invite.updateMany({
          where: { workspaceId, email, ...open(createdAt) },
          data: { withdrawnAt: createdAt },
        })
        return transaction.invite.create({ data: { workspaceId, ...invite } })
      })
    },

    async withdrawInvite(workspaceId, id, now) {
      const [withdrawn] = await prisma.invite.updateManyAndReturn({
        where: { id, workspaceId, ...open(now) },
        data: { withdrawnAt: now },
      })
      return withdrawn ?? null
    },

    addFirstUser: (workspaceId, user) =>
      prisma.$transaction(async (transaction) =>
        (await transaction.user.count()) > 0 ? null : addUser(transaction, workspaceId, 'OWNER', user),
      ),

    addUser: (workspaceId, role, user) =>
      prisma.$transaction((transaction) => addUser(transaction, workspaceId, role, user)),

    setPassword: (email, passwordHash) =>
      everywhere.$transaction(async (transaction) => {
        const member = await transaction.member.findFirst({ where: { user: { email } }, include: { workspace: true } })
        if (!member) return null
        const { userId, workspaceId, workspace } = member
        const { count } = await transaction.authAccount.updateMany({
          where: { userId, providerId: 'credential' },
          data: { password: passwordHash },
        })
        if (count === 0) {
          // So far they have signed in at their company alone.
          const account = { id: uuid(), accountId: userId, providerId: 'credential', password: passwordHash }
          await transaction.authAccount.create({ data: { ...account, userId } })
        }
        await transaction.session.deleteMany({ where: { userId } })
        await transaction.event.create({ data: { workspaceId, kind: 'ACCESS_CHANGED' } })
        return workspace.name
      }),

    endSecondFactor: (email) =>
      prisma.$transaction(async (transaction) => {
        const user = await transaction.user.findUnique({ where: { email } })
        if (!user) return null
        await transaction.twoFactor.deleteMany({ where: { userId: user.id } })
        await transaction.user.update({ where: { email }, data: { twoFactorEnabled: false } })
        return user.twoFactorEnabled
      }),

    addInvited: (tokenHash, user, now) =>
      everywhere.$transaction(async (transaction) => {
        const invite = await transaction.invite.findUnique({ where: { tokenHash, ...open(now) } })
        if (!invite) return 'NO_INVITE'
        const { workspaceId, role, email } = invite
        const userId = await addUser(transaction, workspaceId, role, { ...user, email })
        if (userId === null) return 'EMAIL_TAKEN'
        await transaction.invite.update({ where: { tokenHash }, data: { usedAt: now } })
        return userId
      }),
  }
}

type Row = Prisma.MemberGetPayload<{ include: { user: true } }>

function toMember({ role, user: { id, name, email } }: Row): MemberRow {
  return { id, name, email, role }
}

/**
 * A user, what they sign in with as better-auth reads it, and their place in a workspace. Answers the id; null where the
 * address has an account.
 */
export async function addUser(
  transaction: Prisma.TransactionClient,
  workspaceId: string,
  role: Role,
  { name, email, ...signIn }: NewUser | (Omit<NewUser, 'passwordHash'> & { account: CompanyAccount }),
): Promise<string | null> {
  if ((await transaction.user.count({ where: { email } })) > 0) return null
  const id = uuid()
  await transaction.user.create({
    data: {
      id,
      name,
      email,
      emailVerified: true,
      accounts: {
        create:
          'account' in signIn
            ? { id: uuid(), ...signIn.account }
            : { id: uuid(), accountId: id, providerId: 'credential', password: signIn.passwordHash },
      },
    },
  })
  await transaction.member.create({ data: { id: uuid(), workspaceId, userId: id, role } })
  return id
}
