import { randomBytes } from 'node:crypto'
import { hashPassword as hash } from '@better-auth/utils/password'

/** How many characters a password may have. */
export const passwordLength = { least: 8, most: 128 }

export function fitsAsPassword(password: string): boolean {
  return password.length >= passwordLength.least && password.length <= passwordLength.most
}

/** What is kept in place of a password (scrypt); better-auth compares with the same. */
export function hashPassword(password: string): Promise<string> {
  return hash(password)
}

/** A password that nobody chose and that can be copied by hand. */
export function drawPassword(): string {
  return randomBytes(15).toString('base64url')
}
