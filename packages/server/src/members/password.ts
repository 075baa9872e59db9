import { randomBytes } from 'node:crypto'
import { verifyPassword as verifyOlder } from '@better-auth/utils/password'
import { hashByScrypt, readScryptHash, todaysCost, verifyByScrypt } from './scrypt.ts'

/** How many characters a password may have. */
export const passwordLength = { least: 8, most: 128 }

export function fitsAsPassword(password: string): boolean {
  return password.length >= passwordLength.least && password.length <= passwordLength.most
}

/** As many passwords wait to be looked at as may wait. */
export class PasswordsBusyError extends Error {
  override readonly name = 'PasswordsBusyError'
  readonly retryAfterSeconds = 5

  constructor() {
    super('Too many people are signing in just now. Your password was not looked at: try again in a few seconds.')
  }
}

/** Makes and compares what is kept in place of a password. Both throw PasswordsBusyError. */
export interface Passwords {
  hash(password: string): Promise<string>
  verify(given: { hash: string; password: string }): Promise<boolean>
  /** Whether guessing at this hash costs less than at one that is made today. */
  isOutdated(hash: string): boolean
}

/** Hashes made at a time: with more, sign-ins would take the memory of all, and the threads that files are read with. */
const AT_ONCE = 2
/** Those that wait, for some seconds. Whoever comes then is told so at once: a flood of guesses makes nobody wait ever longer. */
const MOST_WAITING = 20

/**
 * @param cost of what is made from now on, as an exponent of 2; what was made at another cost is still compared. Tests take
 *   a low one.
 */
export function createPasswords(cost: number): Passwords {
  const isOutdated = (hash: string) => (readScryptHash(hash)?.cost ?? 0) < cost
  return {
    isOutdated,
    hash: (password) => inTurn(() => hashByScrypt(password, cost)),
    verify: ({ hash, password }) =>
      inTurn(async () => {
        const isRight = readScryptHash(hash)
          ? await verifyByScrypt(hash, password)
          : await verifyOlder(hash, password).catch(() => false)
        // It takes as long as for everybody else: how long must not tell that there is an account, with an old password.
        if (isOutdated(hash)) await hashByScrypt(password, cost)
        return isRight
      }),
  }
}

/** Those of every server. */
export const passwords = createPasswords(todaysCost)

let running = 0
const waiting: (() => void)[] = []

async function inTurn<T>(work: () => Promise<T>): Promise<T> {
  if (running < AT_ONCE) running += 1
  else if (waiting.length < MOST_WAITING) await new Promise<void>((resolve) => waiting.push(resolve))
  else throw new PasswordsBusyError()
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
