import { createCipheriv, createDecipheriv, createHmac, randomBytes } from 'node:crypto'
import { deriveKey, type KeyRing, parseKeyRing } from './key-ring.ts'

/**
 * Keeps secrets and visitors' data unreadable at rest (AES-256-GCM, decision 9).
 *
 * Sealed text reads `1.<key id>.<base64url of IV, tag and ciphertext>`. It is bound to an identity, such as
 * `Conversation:<id>:visitor`, so that text moved to another row or column does not open there.
 */
export interface SecretBox {
  seal(identity: string, plaintext: string): string
  /** @throws UnreadableSecretError when the text was changed, was moved, or its key is gone. */
  open(identity: string, sealed: string): string
  /**
   * A keyed hash (HMAC-SHA256, base64url) of what must be found again without being readable. It stays the same while
   * master keys come and go.
   */
  hash(label: string, value: string): string
  /** How text begins that the newest key has sealed. */
  readonly newestPrefix: string
}

/** Sealed text that cannot be opened. Its message names the place, never the content. */
export class UnreadableSecretError extends Error {
  override readonly name = 'UnreadableSecretError'
}

const VERSION = '1'
const IV_BYTES = 12
const TAG_BYTES = 16

/**
 * @param keys `BACKCHANNEL_KEYS`: `id:base64key`, comma-separated, newest first.
 * @param hashKey of 32 bytes; where there is none, hashes hold only as long as the oldest key
 */
export function createSecretBox(keys: string, hashKey?: Uint8Array): SecretBox {
  const ring: KeyRing = parseKeyRing(keys)
  const newest = ring[0]
  const oldest = ring[ring.length - 1] ?? newest
  const sealingKeys = new Map(ring.map((key) => [key.id, deriveKey(key, 'seal')]))
  const newestSealingKey = deriveKey(newest, 'seal')
  const hashingKey = hashKey ?? deriveKey(oldest, 'hash')
  const newestPrefix = `${VERSION}.${newest.id}.`

  return {
    newestPrefix,

    seal(identity, plaintext) {
      const iv = randomBytes(IV_BYTES)
      const cipher = createCipheriv('aes-256-gcm', newestSealingKey, iv)
      cipher.setAAD(additionalData(newest.id, identity))
      const ciphertext = Buffer.concat([cipher.update(plaintext, 'utf8'), cipher.final()])
      return newestPrefix + Buffer.concat([iv, cipher.getAuthTag(), ciphertext]).toString('base64url')
    },

    open(identity, sealed) {
      const [version, keyId, body, ...rest] = sealed.split('.')
      if (version !== VERSION || keyId === undefined || body === undefined || rest.length > 0) {
        throw new UnreadableSecretError(`${identity} does not hold sealed text`)
      }
      const key = sealingKeys.get(keyId)
      if (!key) {
        throw new UnreadableSecretError(`${identity} is sealed with key "${keyId}", which BACKCHANNEL_KEYS lacks`)
      }
      const bytes = Buffer.from(body, 'base64url')
      if (bytes.length < IV_BYTES + TAG_BYTES || bytes.toString('base64url') !== body) {
        throw new UnreadableSecretError(`${identity} was changed or cut`)
      }
      try {
        const decipher = createDecipheriv('aes-256-gcm', key, bytes.subarray(0, IV_BYTES), { authTagLength: TAG_BYTES })
        decipher.setAAD(additionalData(keyId, identity))
        decipher.setAuthTag(bytes.subarray(IV_BYTES, IV_BYTES + TAG_BYTES))
        return decipher.update(bytes.subarray(IV_BYTES + TAG_BYTES), undefined, 'utf8') + decipher.final('utf8')
      } catch (cause) {
        throw new UnreadableSecretError(`${identity} was changed, or belongs to another row`, { cause })
      }
    },

    hash(label, value) {
      return createHmac('sha256', hashingKey).update(`${label}\0${value}`).digest('base64url')
    },
  }
}

function additionalData(keyId: string, identity: string): Buffer {
  return Buffer.from(`${VERSION}.${keyId}.${identity}`, 'utf8')
}
