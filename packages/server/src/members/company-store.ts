/** Users as their company's identity provider knows them. */
import { v7 as uuid } from 'uuid'
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { CompanyAccount } from './company-account.ts'
import { addUser } from './store.ts'

export interface CompanyStore {
  /** The user's id. */
  findByAccount(account: CompanyAccount): Promise<string | null>
  /** Notes the account for the member with this address; null where there is none. */
  link(email: string, account: CompanyAccount): Promise<string | 'OTHER_ACCOUNT' | null>
  /** Uses the latest open invite of the address up; null where there is none. */
  addInvited(person: { name: string; email: string }, account: CompanyAccount, now: Date): Promise<string | null>
}

export function createCompanyStore(prisma: PrismaClient): CompanyStore {
  return {
    async findByAccount(account) {
      const found = await prisma.authAccount.findFirst({ where: { ...account } })
      return found?.userId ?? null
    },

    link: (email, { providerId, accountId }) =>
      prisma.$transaction(async (transaction) => {
        const user = await transaction.user.findUnique({ where: { email }, include: { accounts: true } })
        if (!user) return null
        if (user.accounts.some((account) => account.providerId === providerId)) return 'OTHER_ACCOUNT'
        await transaction.authAccount.create({ data: { id: uuid(), userId: user.id, providerId, accountId } })
        return user.id
      }),

    // An invite says which workspace it leads to.
    addInvited: ({ name, email }, account, now) =>
      acrossWorkspaces(prisma).$transaction(async (transaction) => {
        const invite = await transaction.invite.findFirst({
          where: { email, usedAt: null, withdrawnAt: null, expiresAt: { gt: now } },
          orderBy: { createdAt: 'desc' },
        })
        if (!invite) return null
        const { workspaceId, role, id } = invite
        const userId = await addUser(transaction, workspaceId, role, { name, email, account })
        if (userId !== null) await transaction.invite.update({ where: { id }, data: { usedAt: now } })
        return userId
      }),
  }
}
