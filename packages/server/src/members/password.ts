import { randomBytes } from 'node:crypto'
import { hashPassword as hash, verifyPassword as verify } from '@better-auth/utils/password'

/** How many characters a password may have. */
export const passwordLength = { least: 8, most: 128 }

export function fitsAsPassword(password: string): boolean {
  return password.length >= passwordLength.least && password.length <= passwordLength.most
}

/** Makes and compares what is kept in place of a password. Either costs the same: some tens of milliseconds, and 32 MB. */
export interface Passwords {
  hash(password: string): Promise<string>
  verify(given: { hash: string; password: string }): Promise<boolean>
}

/** Hashes made at a time: with more, sign-ins would take the threads that files and host names are read with. */
const AT_ONCE = 2

/** Scrypt, as better-auth does it. */
export const passwords: Passwords = {
  hash: (password) => inTurn(() => hash(password)),
  verify: ({ hash: kept, password }) => inTurn(() => verify(kept, password)),
}

/** What is kept in place of a password. */
export const hashPassword = passwords.hash

let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running >= AT_ONCE) await new Promise<void>((resolve) => waiting.push(resolve))
  else running += 1
  try {
    return await work()
  } finally {
    const next = waiting.shift()
    // Whoever waits takes the place over.
    if (next) next()
    else running -= 1
  }
}

/** A password that nobody chose and that can be copied by hand. */
export function drawPassword(): string {
  return randomBytes(15).toString('base64url')
}
