import { hkdfSync } from 'node:crypto'
import { keyBytesDanger } from '../env-dangers.ts'

/** A master key of 32 bytes and the name by which sealed text refers to it. */
export interface MasterKey {
  readonly id: string
  readonly bytes: Uint8Array
}

/** The master keys in force, newest first; the newest seals, all of them open. */
export type KeyRing = readonly [MasterKey, ...MasterKey[]]

const KEY_BYTES = 32
const KEY_ID = /^[A-Za-z0-9_-]{1,16}$/
const BASE64 = /^[A-Za-z0-9+/_-]+={0,2}$/

/**
 * Reads `id:base64key,id:base64key`, newest first.
 *
 * @throws Error with a sentence that says which entry is wrong; it never repeats a key.
 */
export function parseKeyRing(text: string): KeyRing {
  const entries = text
    .split(',')
    .map((entry) => entry.trim())
    .filter((entry) => entry !== '')
  const [first, ...rest] = entries.map(parseMasterKey)
  if (!first) throw new Error('at least one key is needed, written as id:base64 of 32 random bytes')
  const ring: KeyRing = [first, ...rest]
  if (new Set(ring.map((key) => key.id)).size < ring.length) throw new Error('two keys carry the same id')
  return ring
}

/** A key for one purpose, so that what one use reveals of its key says nothing about another's. */
export function deriveKey(key: MasterKey, purpose: string): Buffer {
  return Buffer.from(hkdfSync('sha256', key.bytes, '', `backchannel/${purpose}`, KEY_BYTES))
}

function parseMasterKey(entry: string, index: number): MasterKey {
  const place = `entry ${index + 1}`
  const colon = entry.indexOf(':')
  const id = entry.slice(0, colon)
  const encoded = entry.slice(colon + 1)
  if (colon < 0 || !KEY_ID.test(id)) {
    throw new Error(`${place} must be id:base64, the id being up to 16 letters, digits, "-" or "_"`)
  }
  const bytes = BASE64.test(encoded) ? Buffer.from(encoded, 'base64') : Buffer.alloc(0)
  if (bytes.length !== KEY_BYTES) throw new Error(`${place} must hold the base64 of exactly ${KEY_BYTES} bytes`)
  const danger = keyBytesDanger(bytes)
  if (danger !== null) throw new Error(`${place} ${danger}`)
  return { id, bytes }
}
