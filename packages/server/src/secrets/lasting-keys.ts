/**
 * The keys that stay when the master keys change: of hashes that rows are found by, whose values nobody knows any more, and of
 * what better-auth signs and seals. They are kept in the database, sealed under a master key: sealing them anew is enough.
 */
import { randomBytes } from 'node:crypto'
import { z } from 'zod'
import { isUniqueViolation } from '../database/unique-violation.ts'
import { acrossWorkspaces } from '../database/workspace-guard.ts'
import type { PrismaClient } from '../generated/prisma/client.ts'
import { OperatorError } from '../shared/operator-error.ts'
import { deriveKey, parseKeyRing } from './key-ring.ts'
import { sealed } from './sealed-columns.ts'
import { createSecretBox, type SecretBox, UnreadableSecretError } from './secret-box.ts'

export const LASTING_KEYS_ID = 'lasting-keys'

const KEY_BYTES = 32
/** Later than any clock of ours, so that nobody takes the row for one that has expired. */
const NEVER = new Date('9999-01-01T00:00:00Z')

export interface OpenSecrets {
  readonly secrets: SecretBox
  /** What better-auth signs cookies with. */
  readonly sessionSecret: string
}

/** `BACKCHANNEL_KEYS` does not belong to this database. The message says what to do. */
export class WrongKeysError extends OperatorError {
  override readonly name = 'WrongKeysError'
}

const base64Key = z.base64url().transform((text) => Buffer.from(text, 'base64url'))
const lastingKeys = z.object({ hash: base64Key, session: base64Key })

/**
 * Opens what is sealed in a database; at its first start the lasting keys are made.
 *
 * @param keys `BACKCHANNEL_KEYS`
 * @throws WrongKeysError where they open nothing of this database
 */
export async function openSecrets(prisma: PrismaClient, keys: string): Promise<OpenSecrets> {
  const box = createSecretBox(keys)
  const where = { id: LASTING_KEYS_ID }
  const row = (await prisma.verification.findUnique({ where })) ?? (await keepFirst())

  async function keepFirst() {
    const value = box.seal(sealed.lastingKeys.identity(LASTING_KEYS_ID), JSON.stringify(await firstKeys(prisma, keys)))
    const data = { ...where, identifier: LASTING_KEYS_ID, value, expiresAt: NEVER }
    return prisma.verification.create({ data }).catch((error: unknown) => {
      // Of several processes that start at once, the first is heard by all.
      if (isUniqueViolation(error)) return prisma.verification.findUniqueOrThrow({ where })
      throw error
    })
  }

  const { hash, session } = lastingKeys.parse(JSON.parse(openRow(box, row.value)))
  return { secrets: createSecretBox(keys, hash), sessionSecret: session.toString('base64url') }
}

function openRow(box: SecretBox, value: string): string {
  try {
    return box.open(sealed.lastingKeys.identity(LASTING_KEYS_ID), value)
  } catch (cause) {
    if (!(cause instanceof UnreadableSecretError)) throw cause
    const message =
      'BACKCHANNEL_KEYS holds no key that opens this database: add the key that it was used with, or check DATABASE_URL.'
    throw new WrongKeysError(message, { cause })
  }
}

/** A database that is in use goes on with what its oldest master key made until now; a new one has them drawn. */
async function firstKeys(prisma: PrismaClient, keys: string): Promise<{ hash: string; session: string }> {
  const [user, conversation] = await Promise.all([
    prisma.user.findFirst(),
    acrossWorkspaces(prisma).conversation.findFirst(),
  ])
  const isNew = user === null && conversation === null
  const ring = parseKeyRing(keys)
  const oldest = ring[ring.length - 1] ?? ring[0]
  const make = (purpose: string) => (isNew ? randomBytes(KEY_BYTES) : deriveKey(oldest, purpose)).toString('base64url')
  return { hash: make('hash'), session: make('session') }
}
