/** Hashes of passwords by scrypt, each of which says what it cost: `$scrypt$ln=17,r=8,p=1$salt$key`, in base64url. */
import { randomBytes, scrypt, timingSafeEqual } from 'node:crypto'

/** N is 2 to the power of this: what OWASP asks for with r = 8 and p = 1. A hash takes 128 MiB, and some tenths of a second. */
export const todaysCost = 17

const BLOCKS = 8
const SALT_BYTES = 16
const KEY_BYTES = 32
/** Beyond the cost that a hash may name lies memory that no server has. */
const SHAPE = /^\$scrypt\$ln=(1?\d),r=8,p=1\$([\w-]{22})\$([\w-]{43})$/

interface ScryptHash {
  readonly cost: number
  readonly salt: Buffer
  readonly key: Buffer
}

/** Null: it is no hash of this kind. */
export function readScryptHash(hash: string): ScryptHash | null {
  const [, cost, salt, key] = SHAPE.exec(hash) ?? []
  if (cost === undefined || salt === undefined || key === undefined) return null
  return { cost: Number(cost), salt: Buffer.from(salt, 'base64url'), key: Buffer.from(key, 'base64url') }
}

export async function hashByScrypt(password: string, cost: number): Promise<string> {
  const salt = randomBytes(SALT_BYTES)
  const key = await deriveKey(password, salt, cost)
  return `$scrypt$ln=${cost},r=${BLOCKS},p=1$${salt.toString('base64url')}$${key.toString('base64url')}`
}

/** False also where it is no hash of this kind. */
export async function verifyByScrypt(hash: string, password: string): Promise<boolean> {
  const kept = readScryptHash(hash)
  return kept !== null && timingSafeEqual(kept.key, await deriveKey(password, kept.salt, kept.cost))
}

function deriveKey(password: string, salt: Buffer, cost: number): Promise<Buffer> {
  const N = 2 ** cost
  // Twice what the blocks need, as OpenSSL counts some more.
  const options = { N, r: BLOCKS, p: 1, maxmem: 2 * 128 * N * BLOCKS }
  return new Promise((resolve, reject) => {
    scrypt(password.normalize('NFKC'), salt, KEY_BYTES, options, (error, key) => (error ? reject(error) : resolve(key)))
  })
}
