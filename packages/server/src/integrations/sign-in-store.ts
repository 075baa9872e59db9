/** Sign-ins that have begun, in the database: the callback may reach another instance. */

import type { ProviderKey } from '@backchannel/providers'
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'

export interface SignInAttempt {
  stateHash: string
  provider: ProviderKey
  detailSealed: string
  expiresAt: Date
}

export interface SignInAttemptStore {
  add(workspaceId: string, attempt: SignInAttempt, now: Date): Promise<void>
  /** An attempt that has not expired; it stays. */
  find(stateHash: string, now: Date): Promise<KeptAttempt | null>
  /** Gives an attempt out once, if it has not expired. The state names its workspace. */
  take(stateHash: string, provider: ProviderKey, now: Date): Promise<KeptAttempt | null>
}

export type KeptAttempt = SignInAttempt & { readonly workspaceId: string }

export function createSignInAttemptStore(prisma: PrismaClient): SignInAttemptStore {
  const everywhere = acrossWorkspaces(prisma)
  return {
    async add(workspaceId, attempt, now) {
      // Those that nobody came back from go when the next one comes.
      await everywhere.$transaction([
        everywhere.signInAttempt.deleteMany({ where: { expiresAt: { lt: now } } }),
        everywhere.signInAttempt.create({ data: { ...attempt, workspaceId } }),
      ])
    },

    find: (stateHash, now) => everywhere.signInAttempt.findFirst({ where: { stateHash, expiresAt: { gt: now } } }),

    async take(stateHash, provider, now) {
      const attempt = await everywhere.signInAttempt.findUnique({ where: { stateHash } })
      // Deleted by whoever takes it; of two at once only one deletes a row.
      const { count } = await everywhere.signInAttempt.deleteMany({ where: { stateHash } })
      const valid = attempt !== null && count === 1 && attempt.provider === provider && attempt.expiresAt > now
      return valid ? attempt : null
    },
  }
}
