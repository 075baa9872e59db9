import { randomBytes } from 'node:crypto'
import { base64Url } from '@better-auth/utils/base64'
import { createHash } from '@better-auth/utils/hash'

const PREFIX = 'bck_'
const PREVIEW_LENGTH = PREFIX.length + 6

/** A new key: 32 random bytes behind a prefix that secret scanners can look for. */
export function drawApiKey(): string {
  return PREFIX + randomBytes(32).toString('base64url')
}

/** What is kept in place of a key. The key is random through and through, so a plain hash cannot be guessed back. */
export async function hashApiKey(key: string): Promise<string> {
  return base64Url.encode(await createHash('SHA-256').digest(key), { padding: false })
}

/** The first characters, by which people tell keys apart. */
export function previewApiKey(key: string): string {
  return `${key.slice(0, PREVIEW_LENGTH)}…`
}
