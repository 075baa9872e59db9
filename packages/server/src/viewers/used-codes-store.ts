/** Codes of second factors that were used, in the database, so that each is good once on all instances together. */
import { isUniqueViolation } from '../database/unique-violation.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import type { SecretBox } from '../secrets/secret-box.ts'

export interface UsedCodes {
  /** Takes a code for this sign-in alone; false: another one has taken it. */
  take(userId: string, code: string): Promise<boolean>
  /** It opened nothing, and may be given again. */
  giveBack(userId: string, code: string): Promise<void>
}

/** Longer than an app's code is good for: a minute and a half. */
const KEPT_MS = 5 * 60_000

export function createUsedCodes(prisma: PrismaClient, secrets: Pick<SecretBox, 'hash'>, now: () => number): UsedCodes {
  const idOf = (userId: string, code: string) => `used-code/${secrets.hash('used-code', `${userId}\n${code}`)}`

  return {
    async take(userId, code) {
      const id = idOf(userId, code)
      const expiresAt = new Date(now() + KEPT_MS)
      try {
        await prisma.verification.create({ data: { id, identifier: id, value: '', expiresAt } })
        return true
      } catch (error) {
        if (isUniqueViolation(error)) return false
        throw error
      }
    },
    async giveBack(userId, code) {
      await prisma.verification.deleteMany({ where: { id: idOf(userId, code) } })
    },
  }
}
