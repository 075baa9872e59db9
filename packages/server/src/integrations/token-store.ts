/** Where a provider keeps its tokens: sealed in the database, refreshed under a lock that holds over all processes. */
import { setTimeout as sleep } from 'node:timers/promises'
import type { StoredTokens, TokenStore } from '@backchannel/providers'
import { v7 as uuid } from 'uuid'
import type { PrismaClient } from '../generated/prisma/client.ts'
import { sealed } from '../secrets/sealed-columns.ts'
import type { SecretBox } from '../secrets/secret-box.ts'

/** How long getting a token may take at most: on-premises the server is asked first for its AD FS, for 5 s. */
const longestSignInMs = 15_000
const spareMs = 5_000
const pollMs = 50

export interface TokenStoreParts {
  prisma: PrismaClient
  secrets: SecretBox
  now: () => number
  /** The longest that one call to a CRM is waited for, in milliseconds. */
  longestCallMs?: number | undefined
}

export function createTokenStore(
  { prisma, secrets, now, longestCallMs = longestSignInMs }: TokenStoreParts,
  workspaceId: string,
  integrationId: string,
): TokenStore {
  // Longer than the two calls of getting a token. A process that died with the lock delays the others by this much.
  const lockMs = Math.min(longestSignInMs, 2 * longestCallMs) + Math.min(spareMs, 2 * longestCallMs)
  const identity = sealed.tokens.identity(integrationId)
  const where = { workspaceId, integrationId }

  async function acquire(owner: string): Promise<void> {
    const deadline = now() + 2 * lockMs
    while (now() < deadline) {
      const moment = new Date(now())
      const { count } = await prisma.integrationToken.updateMany({
        where: { ...where, OR: [{ lockOwner: null }, { lockExpiresAt: { lt: moment } }] },
        data: { lockOwner: owner, lockExpiresAt: new Date(now() + lockMs) },
      })
      if (count === 1) return
      await sleep(pollMs)
    }
    throw new Error(`The token lock of integration ${integrationId} could not be had within ${(2 * lockMs) / 1000} s.`)
  }

  return {
    async read() {
      const row = await prisma.integrationToken.findFirst({ where, select: { tokensSealed: true } })
      return row?.tokensSealed ? (JSON.parse(secrets.open(identity, row.tokensSealed)) as StoredTokens) : null
    },

    async replace(tokens) {
      const tokensSealed = tokens === null ? null : secrets.seal(identity, JSON.stringify(tokens))
      const lastUsedAt = tokens !== null && endsByIdleness(tokens) ? new Date(now()) : null
      await prisma.integrationToken.updateMany({ where, data: { tokensSealed, lastUsedAt, promptedAt: null } })
    },

    async withLock(work) {
      const owner = uuid()
      await acquire(owner)
      try {
        return await work()
      } finally {
        await prisma.integrationToken.updateMany({
          where: { ...where, lockOwner: owner },
          data: { lockOwner: null, lockExpiresAt: null },
        })
      }
    },
  }
}

/** Nothing renews it, and it names no end of its own: it lasts as long as it is used. */
function endsByIdleness({ refreshToken, expiresAt }: StoredTokens): boolean {
  return refreshToken === null && expiresAt === null
}
